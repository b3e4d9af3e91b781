"""The slots of a line: cut out of its opening hours by its rule, and how many places of each are free."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from ivr.bookings.rows import BookingSlot
from ivr.deadlines import WorkingTime
from ivr.lines.booking import BookingRule
from ivr.lines.hours import SEOUL, moment_of, open_spans
from ivr.promises import insert_for


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of a team (UTC), and how many places in it are free."""

    team: str
    starts_at: datetime
    ends_at: datetime
    free: int


def slots_between(working: WorkingTime, rule: BookingRule, *, first: datetime, last: datetime) -> Iterator[Slot]:
    """Every slot that starts from `first` until before `last`, with all its places, in order."""
    day = first.astimezone(SEOUL).date()
    while moment_of(day, 0) < last:
        for slot in slots_of_day(working, rule, day):
            if first <= slot.starts_at < last:
                yield slot
        day += timedelta(days=1)


def slots_of_day(working: WorkingTime, rule: BookingRule, day: date) -> Iterator[Slot]:
    """The slots of a local day: none while the line is closed, none that would end after it has closed."""
    for span in open_spans(working.line, working.calendar, day):
        for minute in range(span.opens, span.closes - rule.minutes + 1, rule.minutes):
            starts_at = moment_of(day, minute)
            yield Slot(rule.team, starts_at, starts_at + timedelta(minutes=rule.minutes), rule.capacity)


def is_open_for(working: WorkingTime, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the line is open all that time; slots of another length do not take a booking away."""
    day = starts_at.astimezone(SEOUL).date()
    spans = open_spans(working.line, working.calendar, day)
    return any(moment_of(day, span.opens) <= starts_at and ends_at <= moment_of(day, span.closes) for span in spans)


def bookable(rule: BookingRule, at: datetime) -> tuple[datetime, datetime]:
    """From when until before when a slot must start to be booked at `at`: the notice, and whole local days ahead."""
    last = at.astimezone(SEOUL).date() + timedelta(days=rule.days_ahead + 1)
    return at + timedelta(minutes=rule.notice_minutes), moment_of(last, 0)


def free_slots(session: Session, working: WorkingTime, rule: BookingRule, *, at: datetime) -> list[Slot]:
    """Every slot that can be booked at `at`, with the places that are free."""
    first, last = bookable(rule, at)
    query = select(BookingSlot.starts_at, BookingSlot.taken).where(
        BookingSlot.line == working.line.id,
        BookingSlot.team == rule.team,
        BookingSlot.starts_at >= first,
        BookingSlot.starts_at < last,
    )
    taken: dict[datetime, int] = {starts_at: count for starts_at, count in session.execute(query)}
    counted = (
        Slot(slot.team, slot.starts_at, slot.ends_at, slot.free - taken.get(slot.starts_at, 0))
        for slot in slots_between(working, rule, first=first, last=last)
    )
    return [slot for slot in counted if slot.free > 0]


def take_place(session: Session, line_id: str, slot: Slot, *, capacity: int) -> bool:
    """Take one place; whether there was one. In one statement, so that two customers never take the last one."""
    values = {"line": line_id, "team": slot.team, "starts_at": slot.starts_at, "taken": 0}
    session.execute(insert_for(session.get_bind().dialect.name, BookingSlot).values(values).on_conflict_do_nothing())
    taking = _place(line_id, slot.team, slot.starts_at).where(BookingSlot.taken < capacity)
    taken = session.execute(taking.values(taken=BookingSlot.taken + 1).returning(BookingSlot.taken))
    return taken.one_or_none() is not None


def lock_slots(session: Session, line_id: str, *times: datetime) -> None:
    """Lock slots in the order of time, before two of them are counted anew: of two who swap one waits, not both."""
    slots = select(BookingSlot.taken).where(BookingSlot.line == line_id, BookingSlot.starts_at.in_(times))
    session.execute(slots.order_by(BookingSlot.starts_at, BookingSlot.team).with_for_update(key_share=True))


def give_back(session: Session, line_id: str, *, team: str, starts_at: datetime) -> None:
    """Give a place back to others."""
    session.execute(_place(line_id, team, starts_at).values(taken=BookingSlot.taken - 1))


def _place(line_id: str, team: str, starts_at: datetime) -> Update:
    return (
        update(BookingSlot)
        .where(BookingSlot.line == line_id, BookingSlot.team == team, BookingSlot.starts_at == starts_at)
        .execution_options(synchronize_session=False)
    )
