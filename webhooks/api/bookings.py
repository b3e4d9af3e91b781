"""Consultations by telephone at a booked time: free slots, book, look, change, cancel (docs/bookings.md)."""

from flask_smorest import Blueprint

from ivr.bookings.booking import NotBookable, Wanted, Why, book, cancel, change, locked_booking
from ivr.bookings.rows import Booking
from ivr.bookings.slots import Slot, free_slots
from ivr.deadlines import WorkingTime
from ivr.identifiers import booking_id
from webhooks.api.bookings_shapes import BookingShape, MovedShape, SlotShape, SlotsQuery, WantedShape
from webhooks.api.operations import Asked, Given, changes, makes, reads
from webhooks.api.problems import Problem

blueprint = Blueprint("bookings", __name__, url_prefix="/api/bookings", description="Consultations at a booked time")
READ, WRITE = "bookings:read", "bookings:write"


@reads(blueprint, "/slots", scope=READ, takes=SlotsQuery, gives=SlotShape(many=True))
def slots(asked: Asked, given: Given) -> list[Slot]:
    """List the slots of a line that can be booked now; none where it takes no bookings."""
    line = asked.line(given.get("line"))
    if line.booking is None:
        return []
    return free_slots(asked.session, WorkingTime(line, asked.board.calendar), line.booking, at=asked.at)


@makes(blueprint, "", scope=WRITE, takes=WantedShape, gives=BookingShape)
def make(asked: Asked, given: Given) -> Booking:
    """Book a slot for a customer, who is told by a text and reminded."""
    working = WorkingTime(asked.line(given["line"]), asked.board.calendar)
    source = f"{asked.token.id}:{asked.board.store.keyring.index(given['number'])}:{asked.at.isoformat()}"
    wanted = Wanted(booking_id(source), given["number"], given["starts_at"], given["customer"], given["topic"])
    try:
        return book(asked.session, wanted, working=working, at=asked.at)
    except NotBookable as refusal:
        raise _problem(refusal) from None


@reads(blueprint, "/<id>", scope=READ, takes=None, gives=BookingShape)
def show(asked: Asked, given: Given, id: str) -> Booking:
    """One booking as it stands."""
    return asked.found(asked.session.get(Booking, id), "booking")


@changes(blueprint, "/<id>/change", scope=WRITE, takes=MovedShape, gives=BookingShape)
def move(asked: Asked, given: Given, id: str) -> Booking:
    """Move a booking to another slot, until it starts."""
    booking = asked.found(locked_booking(asked.session, id), "booking")
    working = WorkingTime(asked.board.line(booking.line), asked.board.calendar)
    try:
        change(asked.session, booking, given["starts_at"], working=working, at=asked.at)
    except NotBookable as refusal:
        raise _problem(refusal) from None
    return booking


@changes(blueprint, "/<id>/cancel", scope=WRITE, takes=None, gives=BookingShape)
def give_up(asked: Asked, given: Given, id: str) -> Booking:
    """Cancel a booking, until it starts; its place is free for others at once."""
    booking = asked.found(locked_booking(asked.session, id), "booking")
    cancel(asked.session, booking, f"token:{asked.token.id}", at=asked.at)
    return booking


def _problem(refusal: NotBookable) -> Problem:
    """What is wrong with the number or the time itself is the sender's to mend; a full slot is nobody's fault."""
    status = 409 if refusal.why in {Why.FULL, Why.TWICE, Why.NO_BOOKINGS} else 422
    return Problem(status, "Not bookable", f"{refusal}.", field="number" if refusal.why is Why.NUMBER else "starts_at")
