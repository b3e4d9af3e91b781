"""Rebuilding figures: the days of a line from their facts, then their sums, going on from where it was stopped."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from commands.judge import batches
from commands.judge_owed import Period
from config.clock import system_clock
from ivr.billing.noting import note_calls
from ivr.calls.rows import Call
from ivr.figures.keeping import keep_figures
from ivr.figures.rows import CallFigure, DayFigure, RebuildMark
from ivr.figures.rules import rules_of
from ivr.figures.tallying import tally
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.store import Store

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """One day that is done, with how many rows came out otherwise than they stood."""

    day: date
    changed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The days of a line that are still to be done; `is_resumed` where an earlier rebuilding of them was stopped."""

    line: Line
    period: Period
    days: tuple[date, ...]
    is_resumed: bool

    @property
    def mark(self) -> tuple[str, date, date]:
        """The key under which it is kept how far this came."""
        return self.line.id, self.period.first or date.min, self.period.last or date.max


def plan(store: Store, line: Line, period: Period) -> Plan:
    """What there is to do: the days from the first call, row or sums of the line to the last, within the period."""
    with store.reading() as session:
        span = _span(session, line, period)
        mark = session.get(RebuildMark, Plan(line, period, (), is_resumed=False).mark)
        # Days that were done by other rules are not done.
        done = mark.done if mark and mark.rules == rules_of(line) else None
    days = tuple(day for day in _days(span) if done is None or day > done)
    return Plan(line, period, days, is_resumed=done is not None)


def forget(store: Store, line: Line, period: Period) -> None:
    """Start over: how far an earlier rebuilding of these days came is no longer known."""
    with store.transaction() as session:
        mark = session.get(RebuildMark, Plan(line, period, (), is_resumed=False).mark)
        if mark is not None:
            session.delete(mark)


def rebuild(store: Store, todo: Plan) -> Generator[Rebuilt]:
    """Do it; each day is kept once it is given back, and memory does not grow with their number."""
    for day in todo.days:
        changed, stale = 0, {(todo.line.id, day)}
        for batch in batches(store, todo.line, Period(day, day)):
            with store.transaction() as session:
                kept = keep_figures(session, batch, line=todo.line)
                note_calls(session, batch, line=todo.line, at=system_clock())
            changed += kept.changed
            # A row that stood on another day is missed there from now on.
            stale |= kept.days
        with store.transaction() as session:
            for line, stale_day in sorted(stale):
                tally(session, line, stale_day)
            _note(session, todo, day)
        yield Rebuilt(day, changed)
    forget(store, todo.line, todo.period)


def _note(session: Session, todo: Plan, day: date) -> None:
    mark = session.get(RebuildMark, todo.mark)
    if mark is None:
        line, first, last = todo.mark
        session.add(RebuildMark(line=line, first=first, last=last, done=day, rules=rules_of(todo.line)))
    else:
        mark.done, mark.rules = day, rules_of(todo.line)


def _span(session: Session, line: Line, period: Period) -> tuple[date, date] | None:
    arrivals = session.execute(select(func.min(Call.arrived_at), func.max(Call.arrived_at)).where(Call.line == line.id))
    arrived: Sequence[datetime | None] = arrivals.one()
    kept: list[date | None] = []
    for table in (CallFigure, DayFigure):
        days = session.execute(select(func.min(table.day), func.max(table.day)).where(table.line == line.id)).one()
        kept += days
    known = [*(_local(at) for at in arrived if at), *(day for day in kept if day is not None)]
    if not known:
        return None
    return max(min(known), period.first or date.min), min(max(known), period.last or date.max)


def _local(at: datetime) -> date:
    return at.astimezone(SEOUL).date()


def _days(span: tuple[date, date] | None) -> Iterator[date]:
    day, last = span or (date.max, date.min)
    while day <= last:
        yield day
        day += A_DAY
