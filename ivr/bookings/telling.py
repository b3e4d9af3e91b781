"""The facts of a booking: what became of it and when, under its own id."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.bookings.rows import Booking
from ivr.calls.facts import Told, tell

LEG = "booking"
BOOKED, CHANGED, CANCELLED = "booked", "changed", "cancelled"
REMINDED, DUE, KEPT, NO_SHOW = "reminded", "due", "kept", "no-show"


def tell_of(session: Session, booking: Booking, kind: str, /, *, at: datetime, **detail: str) -> None:
    """Keep what happened to a booking, with the time it is for, in the transaction of its cause; once for each time."""
    starts = booking.starts_at.isoformat()
    about = ":".join((kind, detail.get("step", ""), starts if kind != CHANGED else at.isoformat()))
    fact = Told(booking.id, about, kind, LEG, at, detail={"starts": starts, **detail})
    tell(session.connection(), fact)
