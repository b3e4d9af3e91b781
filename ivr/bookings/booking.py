"""Booking, changing and cancelling a consultation: all that can be wrong is said, with the next free slots."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK, Refused
from ivr.bookings.moves import BookingEvent, move_booking
from ivr.bookings.promising import promise_confirmation, promise_start, promise_telling
from ivr.bookings.rows import Booking, BookingState
from ivr.bookings.slots import Slot, bookable, free_slots, give_back, lock_slots, slots_of_day, take_place
from ivr.bookings.telling import BOOKED, CANCELLED, CHANGED, tell_of
from ivr.deadlines import WorkingTime
from ivr.identifiers import receipt_number
from ivr.lines.booking import BookingRule
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber
from ivr.promises import insert_for
from ivr.sealing import index_of

OFFERED_INSTEAD = 3
# Who cancels where the line is closed at the booked time after all.
LINE_CLOSED = "line-closed"


class Why(StrEnum):
    """Why a booking cannot be made."""

    NO_BOOKINGS = "no_bookings"
    NUMBER = "number"
    PAST = "past"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"
    CLOSED = "closed"
    FULL = "full"
    TWICE = "twice"


SENTENCES = {
    Why.NO_BOOKINGS: "this line takes no bookings",
    Why.NUMBER: "this number cannot be called: give the telephone number of a person",
    Why.PAST: "this time is over",
    Why.TOO_SOON: "this time is too soon to be booked",
    Why.TOO_FAR: "this time is too far ahead to be booked",
    Why.CLOSED: "no slot starts at this time: the line is closed, or slots start at other minutes",
    Why.FULL: "every place at this time is taken",
    Why.TWICE: "this number has a booking at this time already",
}


class NotBookable(Refused):
    """A booking that cannot be made: `why`, and the next slots that are free."""

    def __init__(self, why: Why, free: list[Slot]) -> None:
        self.why = why
        self.free = free
        times = ", ".join(f"{slot.starts_at.astimezone(SEOUL):%Y-%m-%d %H:%M}" for slot in free)
        super().__init__(f"{SENTENCES[why]}; free are {times}" if times else SENTENCES[why])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a customer wants to book. The same `id` (`ivr.identifiers.booking_id`) is the same booking."""

    id: str
    number: PhoneNumber
    starts_at: datetime
    customer: str | None = None
    topic: str | None = None


def book(session: Session, wanted: Wanted, *, working: WorkingTime, at: datetime) -> Booking:
    """Book a slot and promise everything that follows; raises `NotBookable`, having changed nothing."""
    known = session.get(Booking, wanted.id)
    if known is not None:
        return known
    rule = _rule(working)
    slot = _slot(session, wanted.starts_at, working=working, rule=rule, at=at)
    if not wanted.number.may_be_called:
        raise NotBookable(Why.NUMBER, [])
    if not take_place(session, working.line.id, slot, capacity=rule.capacity):
        raise _refusal(session, Why.FULL, working, rule, at=at)
    if not _write(session, wanted, slot, working.line.id, at=at):
        give_back(session, working.line.id, team=slot.team, starts_at=slot.starts_at)
        known = session.get(Booking, wanted.id)
        if known is None:
            raise _refusal(session, Why.TWICE, working, rule, at=at)
        return known
    booking = session.get_one(Booking, wanted.id)
    tell_of(session, booking, BOOKED, at=at)
    promise_start(session, booking, at=at)
    promise_confirmation(session, booking, at=at)
    return booking


def change(session: Session, booking: Booking, starts_at: datetime, *, working: WorkingTime, at: datetime) -> None:
    """Move a booking to another slot, until it starts; raises `NotBookable` or `Refused`, having changed nothing."""
    check_open(booking, at)
    rule = _rule(working)
    slot = _slot(session, starts_at, working=working, rule=rule, at=at)
    if slot.starts_at == booking.starts_at:
        return
    held = held_by(booking.number_index, booking.line, slot.starts_at)
    if session.scalar(select(exists().where(Booking.held == held))):
        raise _refusal(session, Why.TWICE, working, rule, at=at)
    lock_slots(session, booking.line, booking.starts_at, slot.starts_at)
    if not take_place(session, booking.line, slot, capacity=rule.capacity):
        raise _refusal(session, Why.FULL, working, rule, at=at)
    give_back(session, booking.line, team=booking.team, starts_at=booking.starts_at)
    booking.team, booking.starts_at, booking.ends_at, booking.held = slot.team, slot.starts_at, slot.ends_at, held
    try:
        session.flush()
    except IntegrityError:
        # The same customer took that time at this very moment.
        raise NotBookable(Why.TWICE, []) from None
    tell_of(session, booking, CHANGED, at=at)
    promise_start(session, booking, at=at)
    promise_confirmation(session, booking, at=at)


def cancel(session: Session, booking: Booking, by: str, *, at: datetime) -> None:
    """Give a place back, until it starts; `by` is the customer, an agent, or the line that is closed after all."""
    check_open(booking, at)
    release(session, booking, by, at=at)


def release(session: Session, booking: Booking, by: str, *, at: datetime) -> None:
    """Cancel a booking whose call was not asked for yet, and tell the customer."""
    move_booking(booking, BookingEvent.CANCEL)
    give_back(session, booking.line, team=booking.team, starts_at=booking.starts_at)
    booking.held, booking.closed_at = None, at
    tell_of(session, booking, CANCELLED, at=at, by=by)
    promise_telling(session, booking, "closed" if by == LINE_CLOSED else "cancelled", at=at)


def locked_booking(session: Session, id: str) -> Booking | None:
    """A booking that is about to be changed."""
    return session.get(Booking, id, with_for_update=ROW_LOCK)


def check_open(booking: Booking, at: datetime) -> None:
    """Raise `Refused` for a booking that has begun or is over."""
    if booking.state is not BookingState.BOOKED or at >= booking.starts_at:
        raise Refused(f"booking {booking.receipt} has begun or is over: it can be changed until it starts")


def held_by(number_index: str, line_id: str, starts_at: datetime) -> str:
    """Who holds a place when: one person has no two places at one time."""
    return f"{number_index}:{line_id}:{int(starts_at.timestamp())}"


def _rule(working: WorkingTime) -> BookingRule:
    if working.line.booking is None:
        raise NotBookable(Why.NO_BOOKINGS, [])
    return working.line.booking


def _slot(session: Session, starts_at: datetime, *, working: WorkingTime, rule: BookingRule, at: datetime) -> Slot:
    first, last = bookable(rule, at)
    slots = slots_of_day(working, rule, starts_at.astimezone(SEOUL).date())
    found = next((slot for slot in slots if slot.starts_at == starts_at), None)
    early = Why.PAST if starts_at <= at else Why.TOO_SOON if starts_at < first else None
    why = early or (Why.TOO_FAR if starts_at >= last else None)
    if why is not None or found is None:
        raise _refusal(session, why or Why.CLOSED, working, rule, at=at)
    return found


def _refusal(session: Session, why: Why, working: WorkingTime, rule: BookingRule, *, at: datetime) -> NotBookable:
    return NotBookable(why, free_slots(session, working, rule, at=at)[:OFFERED_INSTEAD])


def _write(session: Session, wanted: Wanted, slot: Slot, line_id: str, *, at: datetime) -> bool:
    """Write the row; whether it is new, and the same person holds no place at this time already."""
    index = index_of(session, wanted.number)
    values = {
        "id": wanted.id,
        "receipt": receipt_number(wanted.id, f"{at.astimezone(SEOUL):%m%d}"),
        "line": line_id,
        "team": slot.team,
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "number": wanted.number,
        "number_index": index,
        "customer": wanted.customer,
        "topic": wanted.topic,
        "state": BookingState.BOOKED,
        "held": held_by(index, line_id, slot.starts_at),
        "made_at": at,
        "version": 1,
    }
    writing = insert_for(session.get_bind().dialect.name, Booking).values(values).on_conflict_do_nothing()
    return session.execute(writing.returning(Booking.id)).one_or_none() is not None
