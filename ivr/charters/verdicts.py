"""Verdicts kept: judge calls again from their facts and bring their rows into line, counting what changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from ivr.calls.rows import Call
from ivr.charters.judging import Judged, judge_call, repeat_days
from ivr.charters.model import Charter, Charters, UnknownCharter
from ivr.charters.reading_calls import views_of
from ivr.charters.reasons import Reasons
from ivr.charters.rows import Verdict
from ivr.charters.view import CallView
from ivr.lines.model import Line

Row = dict[str, object]
Place = tuple[str, str]
TABLE = cast(Table, Verdict.__table__)


@dataclass(frozen=True, slots=True)
class Rules:
    """What judges go by: the charters, and the words of the reasons."""

    charters: Charters
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Tally:
    """How many calls and verdicts were judged, and how many rows came out otherwise than they stood."""

    calls: int = 0
    judged: int = 0
    changed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.calls + other.calls, self.judged + other.judged, self.changed + other.changed)


@dataclass(frozen=True, slots=True)
class _Docket:
    """The rows that one call should have under the version it was judged by (None: no charter held)."""

    version: int | None
    rows: dict[Place, Row]

    def stale(self, stored: Mapping[Place, Row]) -> set[Place]:
        """The stored rows that came out otherwise, or that this version does not bring any more."""
        return {
            place
            for place, row in stored.items()
            if row != self.rows.get(place) and (place in self.rows or row["version"] == self.version)
        }


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
    return Tally(len(views), judged, _replace(session, dockets))


def lock_calls(session: Session, call_ids: Sequence[str]) -> None:
    """Two judges of one call take turns; always in one order, so that neither waits for the other for ever."""
    session.execute(select(Call.id).where(Call.id.in_(call_ids)).order_by(Call.id).with_for_update(key_share=True))


def _docket(view: CallView, charter: Charter, reasons: Reasons, version: int | None) -> _Docket:
    in_force = _in_force(charter, view)
    judged_by = version or in_force
    if judged_by is None:
        return _Docket(None, {})
    known = set() if in_force in {None, judged_by} else {standard.id for standard in charter.standards(in_force)}
    rows = [
        _row(judged, view, judged_by, reasons.say(judged.judgement.reason, charter.heading.exemptions))
        for judged in judge_call(charter, judged_by, view)
        if judged.standard.id not in known
    ]
    return _Docket(judged_by, {_place(row): row for row in rows})


def _in_force(charter: Charter, view: CallView) -> int | None:
    try:
        return charter.at(view.day)
    except UnknownCharter:
        return None


def _row(judged: Judged, view: CallView, version: int, reason: str) -> Row:
    return {
        "standard_id": judged.standard.id,
        "subject": judged.subject,
        "call_id": view.id,
        "institution": judged.standard.institution,
        "scope": judged.standard.scope,
        "verdict": judged.judgement.finding,
        "reason": reason,
        "evidence": list(judged.judgement.evidence),
        "version": version,
        "day": view.day,
        "measured": judged.judgement.measured,
    }


def _place(row: Mapping[str, object]) -> Place:
    return str(row["standard_id"]), str(row["subject"])


def _replace(session: Session, dockets: Mapping[str, _Docket]) -> int:
    """Bring the rows of each call into line; returns how many were added, altered or taken away."""
    stored: defaultdict[str, dict[Place, Row]] = defaultdict(dict)
    for row in session.execute(select(*TABLE.columns).where(TABLE.c.call_id.in_(dockets))).mappings():
        kept: Row = {str(name): value for name, value in row.items()}
        stored[row["call_id"]][_place(kept)] = kept
    stale: set[Place] = set()
    fresh: dict[Place, Row] = {}
    for call, docket in dockets.items():
        gone = docket.stale(stored[call])
        stale |= gone
        fresh |= {place: row for place, row in docket.rows.items() if place in gone or place not in stored[call]}
    for standard_id, subject in sorted(stale):
        session.execute(delete(TABLE).where(TABLE.c.standard_id == standard_id, TABLE.c.subject == subject))
    if fresh:
        session.execute(insert(TABLE), list(fresh.values()))
    return len(stale | fresh.keys())
