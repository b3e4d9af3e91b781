"""`charterline bookings`: slots, list, show, cancel."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine

from config.clock import system_clock
from ivr.bookings.booking import Wanted, book
from ivr.bookings.rows import Booking
from ivr.bookings.slots import free_slots
from ivr.deadlines import WorkingTime
from ivr.numbers import PhoneNumber
from ivr.store import Store
from tests.http.board import words

Command = Callable[..., Result]
pytestmark = pytest.mark.usefixtures("installed")


@pytest.fixture
def booking(engine: Engine) -> Booking:
    """A booking of the last slot that is free, so that it lies ahead whenever this is run."""
    _, lines, calendar = words()
    line, at = lines.by_id("dcgf"), system_clock()
    working = WorkingTime(line, calendar)
    assert line.booking is not None
    with Store(engine).transaction() as session:
        slot = free_slots(session, working, line.booking, at=at)[-1]
        wanted = Wanted("k1", PhoneNumber.parse("010-1000-0001"), slot.starts_at, "홍길동")
        return book(session, wanted, working=working, at=at)


def read(command_line: Command, *words: str) -> Any:  # JSON
    result = command_line("bookings", *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_slots_have_free_places(command_line: Command) -> None:
    slots = read(command_line, "slots", "--line", "dcgf")
    assert {slot["free"] for slot in slots} == {2}


def test_a_booking_is_listed_shown_and_cancelled(command_line: Command, booking: Booking) -> None:
    (listed,) = read(command_line, "list", "--line", "dcgf")
    assert (listed["booking"], listed["state"], listed["number"]) == ("k1", "booked", "010-****-0001")
    result = command_line("bookings", "cancel", "k1")
    assert result.exit_code == 0, result.output
    assert "cancelled" in result.output
    shown = read(command_line, "show", "k1")
    assert [told["kind"] for told in shown["story"]] == ["booked", "cancelled"]
    assert command_line("bookings", "cancel", "k1").exit_code == 1


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["slots", "--line", "kibo"], 1, "takes no bookings"),
        (["slots", "--line", "nowhere"], 2, "nowhere"),
        (["show", "k9"], 1, "there is no booking k9"),
        (["cancel", "k9"], 1, "there is no booking k9"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(command_line: Command, words: list[str], status: int, says: str) -> None:
    result = command_line("bookings", *words)
    assert result.exit_code == status
    assert says in result.output
