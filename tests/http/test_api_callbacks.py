"""Callbacks by the REST API: asked, joined, found, withdrawn, and refused with the reason."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select

from ivr.callbacks.rows import Callback
from ivr.store import Store
from tests.http.api import Client
from tests.http.board import MORNING, Moment, board_over

NUMBER = "010-1000-0001"


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def client(engine: Engine, clock: Moment) -> Client:
    return Client(board_over(engine, clock))


def asked(client: Client, key: str | None = None, **given: str) -> dict[str, Any]:  # JSON
    """Ask for the number of the tests; what is answered."""
    answer = client.post("/api/callbacks", {"number": NUMBER, **given}, key=key)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return dict(answer.get_json())


def test_a_wish_is_promised_by_the_rule_of_the_line(client: Client) -> None:
    made = asked(client, customer="홍길동", content="보증 기한", reason="needs_checking")
    assert (made["line"], made["origin"], made["state"]) == ("dcgf", "api", "waiting")
    assert (made["due_at"], made["number"]) == ((MORNING + timedelta(hours=1)).isoformat(), "010-****-0001")
    assert not {"customer", "content"} & set(made)
    assert client.get(f"/api/callbacks/{made['id']}").get_json() == made


def test_the_same_request_twice_and_another_wish_of_the_number_are_one_callback(
    client: Client, engine: Engine, clock: Moment
) -> None:
    first = asked(client, key="k" * 20)
    assert asked(client, key="k" * 20) == first
    clock.pass_time(60)
    assert asked(client, content="또")["id"] == first["id"]
    with Store(engine).reading() as session:
        assert len(session.scalars(select(Callback)).all()) == 1


def test_a_time_of_ones_own_is_kept(client: Client) -> None:
    begins, ends = MORNING + timedelta(hours=3), MORNING + timedelta(hours=4)
    made = asked(client, not_before=begins.isoformat(), due_at=ends.isoformat())
    assert made["due_at"] == ends.isoformat()


def test_they_are_found_by_number_and_state(client: Client, clock: Moment) -> None:
    first = asked(client)
    clock.pass_time(1)
    other = client.post("/api/callbacks", {"number": "010-1000-0002"}).get_json()
    assert [row["id"] for row in client.get("/api/callbacks").get_json()] == [other["id"], first["id"]]
    assert [row["id"] for row in client.get("/api/callbacks", number=NUMBER).get_json()] == [first["id"]]
    assert client.get("/api/callbacks", state="reached").get_json() == []


def test_one_is_withdrawn_once(client: Client) -> None:
    made = asked(client)
    gone = client.post(f"/api/callbacks/{made['id']}/withdraw").get_json()
    assert (gone["state"], gone["closed_by"]) == ("withdrawn", f"token:{client.token_id}")
    assert client.post(f"/api/callbacks/{made['id']}/withdraw").status_code == 409


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"number": "112"}, "number"),
        ({"number": "1544-1120"}, "number"),
        ({"number": NUMBER, "team": "nobody"}, "team"),
        ({"number": NUMBER, "due_at": (MORNING - timedelta(minutes=1)).isoformat()}, "due_at"),
        ({"number": NUMBER, "not_before": (MORNING + timedelta(hours=1)).isoformat()}, "due_at"),
        (
            {"number": NUMBER, "due_at": "2026-11-23T21:30:00+09:00", "not_before": "2026-11-23T21:00:00+09:00"},
            "due_at",
        ),
        (
            {"number": NUMBER, "due_at": "2026-11-23T14:00:00+09:00", "not_before": "2026-11-23T15:00:00+09:00"},
            "due_at",
        ),
        ({"number": NUMBER, "reason": "because"}, "reason"),
        ({"content": "번호가 없음"}, "number"),
    ],
)
def test_what_cannot_be_is_refused_by_field(client: Client, given: dict[str, str], field: str) -> None:
    refused = client.post("/api/callbacks", given)
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.get_json()["errors"]] == [field]


def test_callbacks_of_another_line_and_without_the_scope_are_not_shown(client: Client) -> None:
    made = asked(client)
    stranger = Client(client.board, line="kotra")
    assert stranger.get(f"/api/callbacks/{made['id']}").status_code == 404
    assert stranger.get("/api/callbacks").get_json() == []
    assert Client(client.board, scopes=("cases:read",)).get("/api/callbacks").status_code == 403
