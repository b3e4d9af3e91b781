"""The rows of bookings: one consultation by telephone at a booked time, and how many share each slot."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.numbers import PhoneNumber
from ivr.sealing import SealedNumber, SealedText


class BookingState(StrEnum):
    """Where a booking stands; its callback has states of its own."""

    BOOKED = "booked"
    DUE = "due"
    KEPT = "kept"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Booking(Base):
    """One booked consultation. `callback_id` is the call that is made of it at its start (promise D10).

    `receipt` is the number that the customer is told. `held` is the person and time while the place is taken,
    empty once it is given back: nobody has two places at one time.
    """

    __tablename__ = "booking"
    __table_args__ = (Index("ix_booking_line_starts", "line", "starts_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    receipt: Mapped[str] = mapped_column(String(16), index=True)
    line: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    number: Mapped[PhoneNumber] = mapped_column(SealedNumber(place="booking.number"))
    number_index: Mapped[str] = mapped_column(String(64), index=True)
    customer: Mapped[str | None] = mapped_column(SealedText(place="booking.customer"))
    topic: Mapped[str | None] = mapped_column(SealedText(place="booking.topic"))
    state: Mapped[BookingState] = mapped_column(Word(BookingState), default=BookingState.BOOKED)
    held: Mapped[str | None] = mapped_column(String(120), unique=True)
    callback_id: Mapped[str | None] = mapped_column(String(40), index=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class BookingSlot(Base):
    """How many places of a team's slot are taken; counted in one statement, so that it is never over-booked."""

    __tablename__ = "booking_slot"

    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    team: Mapped[str] = mapped_column(String(40), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(Moment, primary_key=True)
    taken: Mapped[int] = mapped_column(default=0)


class BookingRequest(Base):
    """A booking asked for on the public page, until a code sent to the number proves that it is the asker's own.

    `id` is a word that nobody guesses; `tries` counts codes entered in vain.
    """

    __tablename__ = "booking_request"
    __table_args__ = (Index("ix_booking_request_line_asked", "line", "asked_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime] = mapped_column(Moment)
    number: Mapped[PhoneNumber] = mapped_column(SealedNumber(place="booking_request.number"))
    number_index: Mapped[str] = mapped_column(String(64), index=True)
    customer: Mapped[str | None] = mapped_column(SealedText(place="booking_request.customer"))
    topic: Mapped[str | None] = mapped_column(SealedText(place="booking_request.topic"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    tries: Mapped[int] = mapped_column(default=0)
    booking_id: Mapped[str | None] = mapped_column(String(40))
