"""Booking without a go-between: a code sent to the number proves whose it is, before anything is booked for it."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK, Refused
from ivr.bookings.booking import NotBookable, Wanted, Why, book
from ivr.bookings.rows import Booking, BookingRequest
from ivr.bookings.slots import free_slots
from ivr.deadlines import WorkingTime
from ivr.identifiers import booking_id
from ivr.messages.states import MessageState
from ivr.messages.texts import Texts
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.sealing import index_of, sign

CODE_LASTS: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
# Nobody's telephone is filled with our codes, and no line's account emptied by them.
MOST_OF_A_NUMBER, OF_A_NUMBER_WITHIN = 3, timedelta(days=1)
MOST_OF_A_LINE, OF_A_LINE_WITHIN = 120, timedelta(hours=1)
LONGEST_NAME, LONGEST_TOPIC = 40, 200


class Bar(StrEnum):
    """Why no code is sent, or why one does not count."""

    TOO_MANY = "too_many"
    NO_TEXTS = "no_texts"
    WRONG = "wrong"
    OVER = "over"


class NotProven(Refused):
    """The number was not shown to be the asker's; `why` says how it can be."""

    def __init__(self, why: Bar) -> None:
        self.why = why
        super().__init__(f"the number is not proven: {why.value}")


@dataclass(frozen=True, slots=True)
class Place:
    """What is asked for: a time (UTC), for whom, and what it is about."""

    starts_at: datetime
    number: PhoneNumber
    customer: str | None = None
    topic: str | None = None


def ask_to_book(session: Session, place: Place, *, working: WorkingTime, texts: Texts, at: datetime) -> BookingRequest:
    """Keep what is asked for and promise the text with the code.

    Raises `NotBookable` where no such slot is free or the number cannot be called, `NotProven` where it takes no texts
    or too many codes were sent to it, or on this line, lately.
    """
    rule, line = working.line.booking, working.line
    if rule is None:
        raise NotBookable(Why.NO_BOOKINGS, [])
    if not place.number.may_be_called:
        raise NotBookable(Why.NUMBER, [])
    free = free_slots(session, working, rule, at=at)
    if all(slot.starts_at != place.starts_at for slot in free):
        raise NotBookable(Why.FULL, free[:3])
    index = index_of(session, place.number)
    if _too_many(session, line.id, index, at=at):
        raise NotProven(Bar.TOO_MANY)
    request = BookingRequest(
        id=secrets.token_urlsafe(16),
        line=line.id,
        starts_at=place.starts_at,
        number=place.number,
        number_index=index,
        customer=(place.customer or "")[:LONGEST_NAME] or None,
        topic=(place.topic or "")[:LONGEST_TOPIC] or None,
        asked_at=at,
    )
    session.add(request)
    session.flush()
    values = {"code": code_of(session, request), "minutes": f"{CODE_LASTS.seconds // 60}"}
    text = Outgoing(f"code-{request.id}", line, place.number, "booking-code", f"booking:{request.id}", values)
    if write_message(session, texts, text, at=at).state is not MessageState.WRITTEN:
        raise NotProven(Bar.NO_TEXTS)
    return request


def prove(session: Session, request_id: str, code: str, *, working: WorkingTime, at: datetime) -> Booking:
    """Book what was asked for; the same code again finds the same booking. Raises `NotProven` or `NotBookable`.

    A wrong code counts: the caller commits all the same.
    """
    request = session.get(BookingRequest, request_id, with_for_update=ROW_LOCK)
    if request is None or request.line != working.line.id:
        raise NotProven(Bar.OVER)
    if request.tries >= MOST_TRIES or at - request.asked_at > CODE_LASTS:
        raise NotProven(Bar.OVER)
    if not secrets.compare_digest(code.encode(), code_of(session, request).encode()):
        request.tries += 1
        raise NotProven(Bar.OVER if request.tries >= MOST_TRIES else Bar.WRONG)
    wanted = Wanted(
        booking_id(f"page:{request.id}"), request.number, request.starts_at, request.customer, request.topic
    )
    booking = book(session, wanted, working=working, at=at)
    request.booking_id = booking.id
    return booking


def code_of(session: Session, request: BookingRequest) -> str:
    """The six digits that the text holds: kept nowhere but in the text, made anew from the id and our key."""
    signed = sign(session, f"booking-code:{request.id}")
    return f"{int(hashlib.sha256(signed.encode()).hexdigest(), 16) % 1_000_000:06}"


def _too_many(session: Session, line: str, index: str, *, at: datetime) -> bool:
    count = select(func.count()).select_from(BookingRequest)
    of_number = count.where(BookingRequest.number_index == index, BookingRequest.asked_at > at - OF_A_NUMBER_WITHIN)
    of_line = count.where(BookingRequest.line == line, BookingRequest.asked_at > at - OF_A_LINE_WITHIN)
    return (session.scalar(of_number) or 0) >= MOST_OF_A_NUMBER or (session.scalar(of_line) or 0) >= MOST_OF_A_LINE
