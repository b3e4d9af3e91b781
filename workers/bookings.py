"""Promises about bookings: reminders before, the call at the booked time, and the texts to the customer."""

from datetime import datetime

from ivr.bookings.booking import LINE_CLOSED, locked_booking, release
from ivr.bookings.moves import BookingEvent, move_booking
from ivr.bookings.rows import Booking, BookingState
from ivr.bookings.slots import is_open_for
from ivr.bookings.telling import DUE, REMINDED, tell_of
from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.rows import Origin
from ivr.identifiers import callback_id
from ivr.lines.hours import SEOUL
from ivr.messages.writing import Outgoing, write_message
from workers.job import Job

TEMPLATES = {
    "confirmed": "booking-confirmed",
    "cancelled": "booking-cancelled",
    "closed": "booking-closed",
    "day": "booking-tomorrow",
    "soon": "booking-soon",
}


def remind(job: Job) -> None:
    """Remind the customer; or tell in time that the line is closed then after all."""
    booking = _standing(job)
    if booking is None or _closed_after_all(job, booking) or job.at >= booking.starts_at:
        return
    step = job.text("step")
    tell_of(job.session, booking, REMINDED, at=job.at, step=step)
    _write(job, booking, step, starts=booking.starts_at, message=f"{booking.id}-{step}-{booking.starts_at:%m%d%H%M}")


def start(job: Job) -> None:
    """The booked time has come: from now on it is a callback that goes before all others (K1)."""
    booking = _standing(job)
    if booking is None or _closed_after_all(job, booking):
        return
    move_booking(booking, BookingEvent.START)
    callback = ask_callback(job.session, _wish(job, booking), calendar=job.house.calendar, at=job.at)
    booking.callback_id = callback.id
    tell_of(job.session, booking, DUE, at=job.at, callback=callback.id)


def tell(job: Job) -> None:
    """The customer is written what is booked, or that it is not any more."""
    booking = job.session.get_one(Booking, job.text("booking"))
    about, starts = job.text("about"), datetime.fromisoformat(job.text("starts"))
    if about == "confirmed" and (booking.starts_at != starts or booking.state is not BookingState.BOOKED):
        # Changed or cancelled meanwhile: the text about that tells more.
        return
    _write(job, booking, about, starts=starts, message=job.text("message"))


def _standing(job: Job) -> Booking | None:
    """The booking, locked, if it is still for the time that this promise is about."""
    booking = locked_booking(job.session, job.text("booking"))
    if booking is None or booking.state is not BookingState.BOOKED:
        return None
    return booking if booking.starts_at == datetime.fromisoformat(job.text("starts")) else None


def _closed_after_all(job: Job, booking: Booking) -> bool:
    """Whether a holiday or other hours, announced since, took the slot away: the customer is told and may book anew."""
    if is_open_for(job.working_time(booking.line), booking.starts_at, booking.ends_at):
        return False
    release(job.session, booking, LINE_CLOSED, at=job.at)
    return True


def _wish(job: Job, booking: Booking) -> Wish:
    return Wish(
        id=callback_id(f"booking:{booking.id}"),
        line=job.line(booking.line),
        team=booking.team,
        origin=Origin.BOOKING,
        number=booking.number,
        since=booking.starts_at,
        not_before=booking.starts_at,
        due_at=booking.ends_at,
        customer=booking.customer,
        content=booking.topic,
    )


def _write(job: Job, booking: Booking, about: str, *, starts: datetime, message: str) -> None:
    outgoing = Outgoing(
        id=message,
        line=job.line(booking.line),
        to=booking.number,
        template=TEMPLATES[about],
        subject=f"booking:{booking.id}",
        values={"receipt": booking.receipt, "date": f"{starts.astimezone(SEOUL):%Y-%m-%d %H:%M}"},
    )
    write_message(job.session, job.house.texts, outgoing, at=job.at)
