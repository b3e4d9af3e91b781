"""Finding calls of one line, newest first, page by page: each search walks along an index and stops when full."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, exists, literal_column, select, tuple_
from sqlalchemy.orm import Session, aliased

from ivr.calls.record import Outcome
from ivr.calls.rows import Call
from ivr.charters.judges.judgement import Finding
from ivr.charters.rows import FAULTY, Verdict
from ivr.figures.asking import Period
from ivr.figures.rows import CallFigure, OfferFigure, Stage
from ivr.lines.hours import SEOUL

# Findings that call for a look; only these can be searched for, and only these have an index.
FAULTS = (Finding.MISSED, Finding.INDETERMINATE)
GOING_ON = "going_on"
GAVE_UP_WAITING = "abandoned_waiting"
PAGE = 50
_FAULTY: ColumnElement[bool] = literal_column(FAULTY.text)

Driver: TypeAlias = type[Call] | type[CallFigure] | type[OfferFigure]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which calls of a line; what is None does not matter.

    `outcome` is one of `ivr.calls.record.Outcome`, GOING_ON, or GAVE_UP_WAITING for those abandoned in the queue.
    `finding` is one of FAULTS, of `promise` ("K4", "D6.memo") or of any. `number` is the caller's blind index. Agents
    and teams are ids; a call has them once it is over. `firm` is the client firm whose customer called.
    """

    line: str
    period: Period | None = None
    outcome: str | None = None
    agent: str | None = None
    team: str | None = None
    promise: str | None = None
    finding: Finding | None = None
    receipt: str | None = None
    number: str | None = None
    firm: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: its last call."""

    arrived_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Ids of calls, newest first; `after` is where the next page begins, None where there is none."""

    calls: tuple[Place, ...]
    after: Place | None


def find_calls(session: Session, sought: Sought, *, after: Place | None = None, limit: int = PAGE) -> Page:
    """One page of what is sought."""
    found = _faulty(session, sought, after, limit + 1) if sought.finding else _some(session, sought, after, limit + 1)
    page = tuple(found[:limit])
    return Page(page, page[-1] if len(found) > limit else None)


def all_calls(session: Session, sought: Sought, *, most: int) -> Iterator[tuple[Place, ...]]:
    """What is sought, page by page, at the most so many calls."""
    after: Place | None = None
    left = most
    while left > 0:
        page = find_calls(session, sought, after=after, limit=min(left, 10 * PAGE))
        if page.calls:
            yield page.calls
        if page.after is None:
            return
        after, left = page.after, left - len(page.calls)


def _some(session: Session, sought: Sought, after: Place | None, limit: int) -> list[Place]:
    """Walk along the narrowest index: of the agent, of the team, else of the line's calls."""
    driver = _driver(sought)
    id, arrived = _id(driver), driver.arrived_at
    query = select(arrived, id).where(*_conditions(driver, sought))
    if after is not None:
        query = query.where(tuple_(arrived, id) < (after.arrived_at, after.id))
    if driver is OfferFigure:
        # An agent may have been rung twice in one call.
        query = query.distinct()
    # A receipt is of one call: its order says nothing, and would have SQLite go through all calls of the days.
    order = (id.desc(),) if sought.receipt else (arrived.desc(), id.desc())
    return [Place(*row) for row in session.execute(query.order_by(*order).limit(limit))]


def _driver(sought: Sought) -> Driver:
    if sought.number or sought.receipt:
        return Call
    if sought.agent:
        return OfferFigure
    return CallFigure if sought.team else Call


def _id(driver: Driver) -> Any:  # Any: the column of either table, a primary key or not
    return Call.id if driver is Call else driver.call_id  # type: ignore[union-attr]


def _conditions(driver: Driver, sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [driver.line == sought.line]
    if sought.period is not None:
        first, end = _bounds(sought.period)
        conditions += [driver.arrived_at >= first, driver.arrived_at < end]
    return conditions + _of_people(driver, sought) + _of_call(driver, sought)


def _bounds(period: Period) -> tuple[datetime, datetime]:
    """The first moment of a period, and the first one after it."""
    first = datetime.combine(period.first, time(), tzinfo=SEOUL)
    return first, datetime.combine(period.last + timedelta(days=1), time(), tzinfo=SEOUL)


def _of_people(driver: Driver, sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if sought.agent:
        own = OfferFigure.agent == sought.agent
        conditions.append(own if driver is OfferFigure else exists().where(OfferFigure.call_id == _id(driver), own))
    if sought.team:
        own = CallFigure.team == sought.team
        conditions.append(own if driver is CallFigure else exists().where(CallFigure.call_id == _id(driver), own))
    return conditions


def _of_call(driver: Driver, sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if sought.outcome:
        conditions.append(_outcome(sought.outcome))
    if sought.receipt:
        conditions.append(Call.receipt_number == sought.receipt)
    if sought.number:
        conditions.append(Call.caller_index == sought.number)
    if sought.firm:
        # Spelled out, so that the index of the firms' calls can be used.
        conditions += [Call.firm == sought.firm, Call.firm != ""]
    if driver is Call or not conditions:
        return conditions
    return [exists().where(Call.id == _id(driver), *conditions)]


def _outcome(outcome: str) -> ColumnElement[bool]:
    """Raises ValueError for a word that is none."""
    if outcome == GOING_ON:
        return Call.ended_at.is_(None)
    if outcome == GAVE_UP_WAITING:
        # Under a name of its own: a search by team looks along the same table.
        own = aliased(CallFigure)
        waited = exists().where(own.call_id == Call.id, own.stage == Stage.QUEUE)
        return (Call.outcome == Outcome.ABANDONED.value) & waited
    return Call.outcome == Outcome(outcome).value


def _faulty(session: Session, sought: Sought, after: Place | None, limit: int) -> list[Place]:
    """Calls with a finding, in spans of days that double: faults are rare, and a year may have none."""
    found: list[Place] = []
    for span in _spans(session, sought, after):
        found += _faulty_of(session, sought, span, after=after, limit=limit - len(found))
        if len(found) >= limit:
            break
    return found


def _spans(session: Session, sought: Sought, after: Place | None) -> Iterator[Period]:
    """The days of the period, or all there are, from the last one back: one, two, four ..."""
    whole = sought.period or _all_days(session, sought)
    if whole is None:
        return
    last = min(whole.last, after.arrived_at.astimezone(SEOUL).date()) if after else whole.last
    days = 1
    while last >= whole.first:
        first = max(whole.first, last - timedelta(days=days - 1))
        yield Period(first, last)
        last, days = first - timedelta(days=1), days * 2


def _all_days(session: Session, sought: Sought) -> Period | None:
    """The first and the last day with a finding that is sought."""
    days = select(Verdict.day).where(*_judged(sought))
    first: date | None = session.scalar(days.order_by(Verdict.day).limit(1))
    last: date | None = session.scalar(days.order_by(Verdict.day.desc()).limit(1))
    return Period(first, last) if first and last else None


def _judged(sought: Sought) -> list[ColumnElement[bool]]:
    """That a verdict is one that is sought; a line's institution has the line's id."""
    conditions = [Verdict.institution == sought.line, Verdict.verdict == sought.finding, _FAULTY]
    if sought.promise:
        conditions.append(Verdict.standard_id.startswith(f"{sought.line}/{sought.promise}/", autoescape=True))
    return conditions


def _faulty_of(session: Session, sought: Sought, span: Period, *, after: Place | None, limit: int) -> list[Place]:
    others = replace(sought, period=None)
    query = (
        select(Call.arrived_at, Call.id)
        .join(Verdict, Verdict.call_id == Call.id)
        .where(*_judged(sought), Verdict.day.between(span.first, span.last))
        .where(*_conditions(Call, others))
        .distinct()
        .order_by(Call.arrived_at.desc(), Call.id.desc())
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(Call.arrived_at, Call.id) < (after.arrived_at, after.id))
    return [Place(*row) for row in session.execute(query)]
