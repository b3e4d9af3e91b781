"""The part of `charterline judge` about callbacks, outgoing calls, papers, cases and campaigns' dials."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, get_args

import click
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from commands.opened import Opened
from ivr.callbacks.rows import Callback
from ivr.calls.rows import Call
from ivr.campaigns.rows import Dial
from ivr.cases.rows import Case
from ivr.charters.judging_owed import judges_dials
from ivr.charters.model import UnknownCharter
from ivr.charters.owing import OwedScope
from ivr.charters.verdicts import Rules, Tally
from ivr.charters.verdicts_owed import ROWS, Matters, judge_matters, line_of
from ivr.deadlines import WorkingTime
from ivr.dialling.rows import Attempt
from ivr.documents.rows import Document
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line

MATTERS_IN_A_BATCH = 50
# When a matter of each scope came in, by which it belongs to a day.
CAME_AT: dict[OwedScope, InstrumentedAttribute[datetime]] = {
    "callback": Callback.asked_at,
    "document": Document.received_at,
    "case": Case.received_at,
    "attempt": Attempt.made_at,
    "survey": Dial.dialled_at,
}


@dataclass(frozen=True, slots=True)
class Period:
    """What came in on these local days, both included; None for no bound. Calls in progress do not count."""

    first: date | None
    last: date | None

    def of(self, line: Line) -> list[ColumnElement[bool]]:
        """What holds of the ended calls of `line` in this period."""
        return [Call.line == line.id, Call.ended_at.is_not(None), *self.within(Call.arrived_at)]

    def within(self, came_at: InstrumentedAttribute[datetime]) -> list[ColumnElement[bool]]:
        """What holds of a moment in this period."""
        conditions: list[ColumnElement[bool]] = []
        if self.first:
            conditions.append(came_at >= _midnight(self.first))
        if self.last:
            conditions.append(came_at < _midnight(self.last + timedelta(days=1)))
        return conditions


@dataclass(frozen=True, slots=True)
class Judging:
    """An opened installation and by what it judges; `version` None is the one in force."""

    opened: Opened
    rules: Rules
    version: int | None = None

    def judge(self, session: Session, line: Line, matters: Matters) -> Tally:
        """Judge some matters of one line."""
        time = WorkingTime(line, self.opened.calendar)
        return judge_matters(session, matters, time=time, rules=self.rules, version=self.version).tally


def judge_one(judging: Judging, scope: OwedScope, id: str) -> Tally:
    """Judge one matter, a callback with its attempts; refuses one that is not there."""
    with judging.opened.store.transaction() as session:
        line_id = line_of(session, scope, id)
        if line_id is None:
            shown = "campaigns" if scope == "survey" else f"{scope}s"
            raise click.ClickException(f"there is no {scope} {id}: `charterline {shown} list` shows them")
        line = judging.opened.lines.by_id(line_id)
        tally = judging.judge(session, line, Matters(scope, [id]))
        if scope == "callback":
            attempts = session.scalars(select(Attempt.id).where(Attempt.callback_id == id)).all()
            tally += judging.judge(session, line, Matters("attempt", attempts))
        return tally


def judge_period(judging: Judging, lines: Sequence[Line], period: Period) -> Tally:
    """Judge everything owed that came in during a period, a batch to a transaction."""
    tally = Tally()
    for line in lines:
        for scope in _scopes(judging, line):
            for batch in _batches(judging, line, scope, period=period):
                with judging.opened.store.transaction() as session:
                    tally += judging.judge(session, line, Matters(scope, batch))
    return tally


def _scopes(judging: Judging, line: Line) -> Iterator[OwedScope]:
    """What may be owed on a line; the dials of campaigns, of which there are millions, only where they are judged."""
    for scope in get_args(OwedScope):
        if scope != "survey" or _judges_dials(judging, line):
            yield scope


def _judges_dials(judging: Judging, line: Line) -> bool:
    try:
        return judges_dials(judging.rules.charters.of(line.id))
    except UnknownCharter:
        return False


def _batches(judging: Judging, line: Line, scope: OwedScope, *, period: Period) -> Iterator[list[str]]:
    row, came_at = ROWS[scope], CAME_AT[scope]
    query: Any = select(row.id).where(row.line == line.id, *period.within(came_at)).order_by(row.id)
    last = ""
    while True:
        with judging.opened.store.reading() as session:
            batch = list(session.scalars(query.where(row.id > last).limit(MATTERS_IN_A_BATCH)))
        if not batch:
            return
        yield batch
        last = batch[-1]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=SEOUL)
