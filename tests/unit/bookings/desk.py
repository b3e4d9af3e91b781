"""A line that takes bookings over a test's database, and short words for booking."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from ivr.bookings.booking import NotBookable, Wanted, Why, book, cancel, change, locked_booking
from ivr.bookings.rows import Booking, BookingSlot
from ivr.bookings.slots import Slot, free_slots
from ivr.deadlines import WorkingTime
from ivr.lines.booking import BookingRule
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber
from ivr.store import Store
from tests.http.board import words

RULE = BookingRule(team="guarantee", minutes=30, capacity=2, days_ahead=14, notice_minutes=60)


def seoul(text: str) -> datetime:
    """A local time, `2026-11-23 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


# A Monday morning.
NOW = seoul("2026-11-23 10:00")


@dataclass
class Desk:
    """Books at DCGF's line, at one moment unless told otherwise."""

    store: Store
    rule: BookingRule | None = RULE
    at: datetime = NOW

    @property
    def working(self) -> WorkingTime:
        """The line with the rule of the test."""
        _, lines, calendar = words()
        return WorkingTime(lines.by_id("dcgf").model_copy(update={"booking": self.rule}), calendar)

    def book(self, starts: str, person: int = 1, *, id: str = "", number: str = "") -> Booking:
        """Book for a person."""
        phone = PhoneNumber.parse(number or f"010-1000-{person:04}")
        wanted = Wanted(id or f"k{person}-{starts}", phone, seoul(starts), f"고객{person}", "보증 상담")
        with self.store.transaction() as session:
            return book(session, wanted, working=self.working, at=self.at)

    def refused(self, starts: str, person: int = 1, *, number: str = "") -> Why | None:
        """Why a booking is refused; None where it is made."""
        try:
            self.book(starts, person, id=f"try-{person}-{starts}", number=number)
        except NotBookable as refusal:
            return refusal.why
        return None

    def change(self, booking: Booking, starts: str) -> None:
        """Move a booking."""
        with self.store.transaction() as session:
            row = locked_booking(session, booking.id)
            assert row is not None
            change(session, row, seoul(starts), working=self.working, at=self.at)

    def cancel(self, booking: Booking) -> None:
        """Cancel a booking."""
        with self.store.transaction() as session:
            row = locked_booking(session, booking.id)
            assert row is not None
            cancel(session, row, "customer", at=self.at)

    def free(self) -> list[Slot]:
        """The slots that can be booked now."""
        with self.store.reading() as session:
            assert self.rule is not None
            return free_slots(session, self.working, self.rule, at=self.at)

    def taken(self, starts: str) -> int:
        """The places of a slot that are counted as taken."""
        with self.store.reading() as session:
            query = select(BookingSlot.taken).where(BookingSlot.starts_at == seoul(starts))
            return session.scalar(query) or 0

    def count(self) -> int:
        """All bookings."""
        with self.store.reading() as session:
            return session.scalar(select(func.count()).select_from(Booking)) or 0
