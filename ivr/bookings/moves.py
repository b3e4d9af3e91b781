"""The moves of a booking: it is made, its time comes, and the customer is reached or not."""

#     BOOKED --start--> DUE --keep--> KEPT
#        |               |---miss--> NO_SHOW       every attempt of the line was used up
#        '----cancel-----'---------> CANCELLED     before its start by the customer, afterwards by withdrawing the call

from enum import StrEnum

from ivr.base import Moves, moved
from ivr.bookings.rows import Booking, BookingState


class BookingEvent(StrEnum):
    """What can be decided about a booking."""

    START = "start"
    KEEP = "keep"
    MISS = "miss"
    CANCEL = "cancel"


BOOKING_MOVES: Moves[BookingState, BookingEvent] = {
    (BookingState.BOOKED, BookingEvent.START): BookingState.DUE,
    (BookingState.BOOKED, BookingEvent.CANCEL): BookingState.CANCELLED,
    (BookingState.DUE, BookingEvent.KEEP): BookingState.KEPT,
    (BookingState.DUE, BookingEvent.MISS): BookingState.NO_SHOW,
    (BookingState.DUE, BookingEvent.CANCEL): BookingState.CANCELLED,
}


def move_booking(booking: Booking, event: BookingEvent) -> None:
    """Move a booking; raises `Refused` when that is not allowed from where it is."""
    booking.state = moved(BOOKING_MOVES, booking.state, event)
