"""Bookings over the REST API: free slots, one booking for one request, changes, and refusals that say what is free."""

import json
from typing import Any

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.http.api import Client
from tests.http.board import Moment, board_over

WANTED = {"starts_at": "2026-11-24T10:00:00+09:00", "number": "010-1000-0001", "customer": "홍길동", "topic": "보증"}


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def api(engine: Engine, clock: Moment) -> Client:
    return Client(board_over(engine, clock))


def told(answer: TestResponse) -> Any:  # JSON
    return json.loads(answer.text)


def booked(api: Client, **changes: Any) -> dict[str, Any]:  # JSON
    answer = api.post("/api/bookings", WANTED | changes)
    assert answer.status_code == 201, answer.text
    return dict(told(answer))


def free_at(api: Client, starts: str) -> int:
    return next((slot["free"] for slot in told(api.get("/api/bookings/slots")) if slot["starts_at"] == starts), 0)


def test_a_slot_is_found_booked_and_shown_without_what_is_nobodys_business(api: Client) -> None:
    assert free_at(api, "2026-11-24T01:00:00+00:00") == 2
    booking = booked(api)
    assert free_at(api, "2026-11-24T01:00:00+00:00") == 1
    assert (booking["state"], booking["number"], booking["team"]) == ("booked", "010-****-0001", "guarantee")
    assert "customer" not in booking
    assert told(api.get(f"/api/bookings/{booking['id']}")) == booking


def test_the_same_key_is_the_same_booking(api: Client, clock: Moment) -> None:
    first = api.post("/api/bookings", WANTED, key="one")
    clock.pass_time(10)
    again = api.post("/api/bookings", WANTED, key="one")
    assert told(first) == told(again)
    assert api.post("/api/bookings", WANTED, key="two").status_code == 409


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"starts_at": "2026-11-22T10:00:00+09:00"}, 422, "starts_at"),
        ({"starts_at": "2026-11-28T10:00:00+09:00"}, 422, "starts_at"),
        ({"starts_at": "2026-11-24T10:07:00+09:00"}, 422, "starts_at"),
        ({"starts_at": "2026-11-24T10:00:00"}, 422, "starts_at"),
        ({"number": "1544-1120"}, 422, "number"),
        ({"number": "12"}, 422, "number"),
        ({"team": "guarantee"}, 422, "team"),
    ],
)
def test_what_cannot_be_booked_is_refused_by_its_field(
    api: Client, changes: dict[str, str], status: int, field: str
) -> None:
    answer = api.post("/api/bookings", WANTED | changes)
    assert answer.status_code == status
    assert [fault["field"] for fault in told(answer)["errors"]] == [field]


def test_a_full_slot_is_a_conflict_that_names_the_next_free_ones(api: Client) -> None:
    for person in (1, 2):
        booked(api, number=f"010-1000-000{person}")
    answer = api.post("/api/bookings", WANTED | {"number": "010-1000-0003"})
    assert answer.status_code == 409
    assert "free are 2026-11-23 11:00" in told(answer)["detail"]


def test_a_booking_is_moved_and_cancelled_until_it_starts(api: Client, clock: Moment) -> None:
    booking = booked(api)
    path = f"/api/bookings/{booking['id']}"
    moved = api.post(f"{path}/change", {"starts_at": "2026-11-25T14:30:00+09:00"})
    assert told(moved)["starts_at"] == "2026-11-25T05:30:00+00:00"
    assert free_at(api, "2026-11-24T01:00:00+00:00") == 2
    assert told(api.post(f"{path}/cancel"))["state"] == "cancelled"
    assert api.post(f"{path}/cancel").status_code == 409
    assert free_at(api, "2026-11-25T05:30:00+00:00") == 2


def test_a_line_without_bookings_has_no_slots_and_says_so(engine: Engine) -> None:
    api = Client(board_over(engine, Moment()), line="kibo")
    assert told(api.get("/api/bookings/slots")) == []
    answer = api.post("/api/bookings", WANTED)
    assert answer.status_code == 409
    assert "takes no bookings" in told(answer)["detail"]


def test_bookings_of_another_line_are_not_there(api: Client) -> None:
    booking = booked(api)
    stranger = Client(api.board, line="kibo")
    assert stranger.get(f"/api/bookings/{booking['id']}").status_code == 404
    assert stranger.post(f"/api/bookings/{booking['id']}/cancel").status_code == 404
