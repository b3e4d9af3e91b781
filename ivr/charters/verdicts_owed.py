"""Verdicts of what is owed: judge callbacks, papers, cases and calls to customers, and bring their rows into line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.callbacks.rows import Callback
from ivr.campaigns.rows import Dial
from ivr.cases.rows import Case
from ivr.charters.dockets import TABLE, Docket, Judging, replace_rows
from ivr.charters.judges.timing import ON_ITS_WAY
from ivr.charters.judging import Judged
from ivr.charters.judging_owed import AnyOwed, judge_owed
from ivr.charters.model import Charter, UnknownCharter
from ivr.charters.owing import OwedScope
from ivr.charters.reading_owed import owed_views
from ivr.charters.verdicts import Rules, Tally
from ivr.deadlines import WorkingTime
from ivr.dialling.rows import Attempt
from ivr.documents.rows import Document

OwedRow = type[Callback] | type[Document] | type[Case] | type[Attempt] | type[Dial]
ROWS: Mapping[OwedScope, OwedRow] = {
    "callback": Callback,
    "document": Document,
    "case": Case,
    "attempt": Attempt,
    "survey": Dial,
}


@dataclass(frozen=True, slots=True)
class Matters:
    """Callbacks, papers, cases, attempts or dials of one line, by their ids."""

    scope: OwedScope
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What judging came to; `until` is the next moment at which time alone changes a finding.

    `texted_at` is when the last thing was told of a matter that waits for what becomes of a text.
    """

    tally: Tally
    until: datetime | None = None
    texted_at: datetime | None = None


def line_of(session: Session, scope: OwedScope, id: str) -> str | None:
    """The line to which a matter came; None where there is no such matter."""
    row = ROWS[scope]
    return session.scalar(select(row.line).where(row.id == id))


def judge_matters(
    session: Session, matters: Matters, *, time: WorkingTime, rules: Rules, version: int | None = None
) -> Outcome:
    """Judge these matters of one scope and line and replace their rows, in the session's transaction.

    Versions count as for calls (`judge_calls`); the day is the one on which the matter came in.
    """
    try:
        charter = rules.charters.of(time.line.id)
    except UnknownCharter:
        return Outcome(Tally())
    _lock(session, matters)
    views = owed_views(session, matters.scope, matters.ids, time=time)
    judgings = {view.id: _judged(view, charter, rules, version) for view in views}
    dockets = {id: docket for id, (docket, _) in judgings.items()}
    changed = replace_rows(session, dockets, of=TABLE.c.subject)
    tally = Tally(judged=sum(len(docket.rows) for docket in dockets.values()), changed=changed, owed=len(judgings))
    moments = [one.judgement.until for _, several in judgings.values() for one in several if one.judgement.until]
    texted = [view.horizon for view in views if any(_waits_for_text(one) for one in judgings[view.id][1])]
    return Outcome(tally, min(moments, default=None), min(texted, default=None))


def _waits_for_text(judged: Judged) -> bool:
    return judged.judgement.reason.id == ON_ITS_WAY


def _lock(session: Session, matters: Matters) -> None:
    """Two judges of one matter take turns, always in one order."""
    row = ROWS[matters.scope]
    session.execute(select(row.id).where(row.id.in_(matters.ids)).order_by(row.id).with_for_update(key_share=True))


def _judged(view: AnyOwed, charter: Charter, rules: Rules, version: int | None) -> tuple[Docket, list[Judged]]:
    judging = Judging.of(charter, view.day, rules.reasons, version)
    if judging is None:
        return Docket(None, {}), []
    judged = list(judge_owed(charter, judging.version, view))
    return judging.docket(judged, day=view.day), judged
