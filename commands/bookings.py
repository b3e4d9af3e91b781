"""`charterline bookings`: free slots, who has booked which, and cancelling for a customer."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypedDict

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON_LIST, AS_JSON_OBJECT, OF_LINE, local_time
from config.bell import bell_at
from config.clock import system_clock
from ivr.base import Refused
from ivr.bookings.booking import cancel, locked_booking
from ivr.bookings.rows import Booking, BookingState
from ivr.bookings.slots import Slot, free_slots
from ivr.bookings.telling import LEG
from ivr.calls.facts import Told, facts_of
from ivr.deadlines import WorkingTime
from ivr.lines.model import Line, UnknownLine

STATES = click.Choice([state.value for state in BookingState])


class BookingEntry(TypedDict):
    """One booking as printed; times are local."""

    booking: str
    receipt: str
    line: str
    team: str
    starts_at: str
    ends_at: str
    number: str
    state: str
    callback: str | None


class SlotEntry(TypedDict):
    """One slot that can be booked as printed; times are local."""

    line: str
    team: str
    starts_at: str
    ends_at: str
    free: int


@click.group()
def bookings() -> None:
    """See and cancel consultations that customers have booked."""


@bookings.command("slots")
@click.option("--line", "line_id", required=True, help="Whose slots (its id, like dcgf).")
@AS_JSON_LIST
def list_slots(line_id: str, as_json: bool) -> None:
    """List the slots that can be booked now, with their free places."""
    opened, at = open_installation(installed_settings()), system_clock()
    line = _line(opened, line_id)
    if line.booking is None:
        raise click.ClickException(f"{line.id} takes no bookings: give its file a table [booking]")
    working = WorkingTime(line, opened.calendar)
    with opened.store.reading() as session:
        entries = [_slot_entry(line, slot) for slot in free_slots(session, working, line.booking, at=at)]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        click.echo(f"{entry['starts_at']} to {entry['ends_at'][11:]}  {entry['team']:<12} {entry['free']} free")


@bookings.command("list")
@OF_LINE
@click.option("--state", type=STATES, help="Only in this state.")
@AS_JSON_LIST
def list_bookings(line_id: str | None, state: str | None, as_json: bool) -> None:
    """List bookings by their time."""
    query = select(Booking).order_by(Booking.starts_at, Booking.id)
    if line_id is not None:
        query = query.where(Booking.line == line_id)
    if state is not None:
        query = query.where(Booking.state == BookingState(state))
    with _reading() as session:
        entries = [_entry(booking) for booking in session.scalars(query)]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        click.echo(_row(entry))


@bookings.command("show")
@click.argument("booking_id")
@AS_JSON_OBJECT
def show_booking(booking_id: str, as_json: bool) -> None:
    """Show one booking with its story."""
    with _reading() as session:
        booking = _known(session.get(Booking, booking_id), booking_id)
        entry, story = _entry(booking), [_told(fact) for fact in facts_of(session, booking.id) if fact.leg == LEG]
    if as_json:
        click.echo(json.dumps({**entry, "story": story}, ensure_ascii=False))
        return
    click.echo(_row(entry))
    for told in story:
        click.echo("  ".join(("", *told.values())).rstrip())


@bookings.command("cancel")
@click.argument("booking_id")
def cancel_booking(booking_id: str) -> None:
    """Cancel a booking for a customer, until it starts; the customer is told by a text."""
    opened, at = open_installation(installed_settings()), system_clock()
    with opened.store.transaction() as session:
        booking = _known(locked_booking(session, booking_id), booking_id)
        try:
            cancel(session, booking, "agent", at=at)
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from None
        click.echo(_row(_entry(booking)))
    bell_at(opened.settings.redis_url)()


@contextmanager
def _reading() -> Iterator[Session]:
    with open_installation(installed_settings()).store.reading() as session:
        yield session


def _known(booking: Booking | None, booking_id: str) -> Booking:
    if booking is None:
        raise click.ClickException(f"there is no booking {booking_id}: `charterline bookings list` shows them")
    return booking


def _line(opened: Opened, line_id: str) -> Line:
    try:
        return opened.lines.by_id(line_id)
    except UnknownLine as error:
        raise click.UsageError(str(error)) from None


def _entry(booking: Booking) -> BookingEntry:
    return {
        "booking": booking.id,
        "receipt": booking.receipt,
        "line": booking.line,
        "team": booking.team,
        "starts_at": local_time(booking.starts_at),
        "ends_at": local_time(booking.ends_at),
        "number": booking.number.masked,
        "state": booking.state.value,
        "callback": booking.callback_id,
    }


def _slot_entry(line: Line, slot: Slot) -> SlotEntry:
    return {
        "line": line.id,
        "team": slot.team,
        "starts_at": local_time(slot.starts_at),
        "ends_at": local_time(slot.ends_at),
        "free": slot.free,
    }


def _told(fact: Told) -> dict[str, str]:
    detail = ", ".join(f"{name} {value}" for name, value in fact.detail.items() if name != "starts")
    return {"at": local_time(fact.received_at), "kind": fact.kind, "detail": detail}


def _row(entry: BookingEntry) -> str:
    return (
        f"{entry['starts_at']}  {entry['booking']}  {entry['receipt']}  {entry['line']:<10} {entry['team']:<12}"
        f" {entry['number']:<14} {entry['state']}"
    )
