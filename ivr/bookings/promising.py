"""What is promised about a booking: its start, the reminders before it, and the texts to the customer."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.bookings.rows import Booking
from ivr.lines.daytime import daytime_before
from ivr.promises import Promise, promise_all

# The day before at the same hour, if nobody is woken by it, and shortly before.
DAY_BEFORE, SOON_BEFORE = timedelta(days=1), timedelta(minutes=30)


def promise_start(session: Session, booking: Booking, *, at: datetime) -> None:
    """Promise what happens at the time of the booking, and the reminders that still lie ahead.

    Their keys and arguments hold that time: what was promised for another one does nothing.
    """
    starts = booking.starts_at
    args = {"booking": booking.id, "starts": starts.isoformat()}
    about = f"{booking.id}:{starts.isoformat()}"
    made = [Promise("start-booking", f"start-booking:{about}", starts, args)]
    for step, moment in (("day", daytime_before(starts - DAY_BEFORE)), ("soon", starts - SOON_BEFORE)):
        if moment > at:
            made.append(Promise("remind-booking", f"remind-booking:{about}:{step}", moment, {**args, "step": step}))
    promise_all(session, made)


def promise_confirmation(session: Session, booking: Booking, *, at: datetime) -> None:
    """Promise the text that confirms the time that is booked now."""
    promise_telling(session, booking, "confirmed", at=at)


def promise_telling(session: Session, booking: Booking, about: str, *, at: datetime) -> None:
    """Promise a text to the customer: `confirmed`, `cancelled` or `closed`."""
    starts = booking.starts_at.isoformat()
    key = f"tell-booking:{booking.id}:{about}:{starts}:{at.isoformat()}"
    # A time that is booked again after another one is confirmed again.
    message = f"{booking.id}-{about}-{booking.starts_at:%m%d%H%M}-{at:%d%H%M%S}"
    args = {"booking": booking.id, "about": about, "starts": starts, "message": message}
    promise_all(session, [Promise("tell-booking", key, at, args)])
