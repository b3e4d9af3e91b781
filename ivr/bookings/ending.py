"""How a booking ends once its time has come: as the callback that was made of it does."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bookings.moves import BookingEvent, move_booking
from ivr.bookings.promising import promise_telling
from ivr.bookings.rows import Booking, BookingState
from ivr.bookings.telling import CANCELLED, KEPT, NO_SHOW, tell_of
from ivr.callbacks.rows import Callback, CallbackState

ENDS: Mapping[CallbackState, tuple[BookingEvent, str]] = {
    CallbackState.REACHED: (BookingEvent.KEEP, KEPT),
    CallbackState.SERVED: (BookingEvent.KEEP, KEPT),
    CallbackState.GIVEN_UP: (BookingEvent.MISS, NO_SHOW),
    CallbackState.WITHDRAWN: (BookingEvent.CANCEL, CANCELLED),
}


def booking_over(session: Session, callback: Callback, *, at: datetime) -> None:
    """The callback of a booking has ended, and the booking with it; harmless for one of another origin, and twice."""
    found = select(Booking).where(Booking.callback_id == callback.id, Booking.state == BookingState.DUE)
    booking = session.scalars(found.with_for_update(key_share=True)).one_or_none()
    if booking is None or callback.state not in ENDS:
        return
    event, kind = ENDS[callback.state]
    move_booking(booking, event)
    booking.closed_at = at
    tell_of(session, booking, kind, at=at)
    if event is BookingEvent.CANCEL:
        promise_telling(session, booking, "cancelled", at=at)
