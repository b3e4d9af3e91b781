"""Verdicts kept: judge calls again from their facts and bring their rows into line, counting what changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls.rows import Call
from ivr.charters.dockets import TABLE, Docket, Judging, replace_rows
from ivr.charters.judging import judge_call, repeat_days
from ivr.charters.model import Charter, Charters, UnknownCharter
from ivr.charters.reading_calls import views_of
from ivr.charters.reasons import Reasons
from ivr.charters.rows import Verdict
from ivr.charters.view import CallView
from ivr.lines.model import Line


@dataclass(frozen=True, slots=True)
class Rules:
    """What judges go by: the charters, and the words of the reasons."""

    charters: Charters
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Tally:
    """How many calls, other matters and verdicts were judged, and how many rows came out otherwise than they stood."""

    calls: int = 0
    judged: int = 0
    changed: int = 0
    owed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(
            self.calls + other.calls,
            self.judged + other.judged,
            self.changed + other.changed,
            self.owed + other.owed,
        )


def judge_calls(
    session: Session, call_ids: Sequence[str], *, line: Line, rules: Rules, version: int | None = None
) -> Tally:
    """Judge these calls of one line and replace their rows, in the session's transaction.

    Without `version` each call is judged by the one in force on its local day. Under another version only what
    its own wording brings is kept beside that; rows of versions that are not judged now stay as they are.
    A line without a charter, or a day before its first version, has no verdicts.
    """
    try:
        charter = rules.charters.of(line.id)
    except UnknownCharter:
        return Tally(calls=len(call_ids))
    lock_calls(session, call_ids)
    views = views_of(session, call_ids, line=line, repeat_days=repeat_days(charter))
    return _judge(session, views, charter=charter, rules=rules, version=version)


def judge_views(session: Session, views: Sequence[CallView], *, line: Line, rules: Rules) -> Tally:
    """The same of calls that were read already: after `lock_calls`, with the later calls of all repeat days."""
    try:
        charter = rules.charters.of(line.id)
    except UnknownCharter:
        return Tally(calls=len(views))
    return _judge(session, views, charter=charter, rules=rules, version=None)


def _judge(
    session: Session, views: Sequence[CallView], *, charter: Charter, rules: Rules, version: int | None
) -> Tally:
    dockets = {view.id: _docket(view, charter, rules.reasons, version) for view in views}
    judged = sum(len(docket.rows) for docket in dockets.values())
    return Tally(len(views), judged, replace_rows(session, dockets, of=TABLE.c.call_id))


def verdicts_of(session: Session, subject: str) -> Sequence[Verdict]:
    """What was found of one callback, document, case, attempt, offer or transfer, by standard."""
    return session.scalars(select(Verdict).where(Verdict.subject == subject).order_by(Verdict.standard_id)).all()


def lock_calls(session: Session, call_ids: Sequence[str]) -> None:
    """Two judges of one call take turns; always in one order, so that neither waits for the other for ever."""
    session.execute(select(Call.id).where(Call.id.in_(call_ids)).order_by(Call.id).with_for_update(key_share=True))


def _docket(view: CallView, charter: Charter, reasons: Reasons, version: int | None) -> Docket:
    judging = Judging.of(charter, view.day, reasons, version)
    if judging is None:
        return Docket(None, {})
    return judging.docket(judge_call(charter, judging.version, view), day=view.day, call_id=view.id)
