"""Cases over the REST API: taken once, shown without what the customer wrote, and of the token's line only."""

from typing import Any

import pytest
from sqlalchemy import Engine

from ivr.cases.rows import Case
from tests.http.api import Client
from tests.http.board import Moment, board_over
from tests.unit.cases.desk import Desk

MATTER = {
    "reference": "voc-2026-000123",
    "kind": "complaint",
    "channel": "web",
    "content": "답변이 없습니다.",
    "name": "홍길동",
    "number": "010-1000-0001",
}


@pytest.fixture
def api(engine: Engine) -> Client:
    desk = Desk.over(engine, "kotra")
    return Client(board_over(engine, desk.works.clock), line="kotra")


def taken(api: Client, **changes: Any) -> dict[str, Any]:  # JSON
    answer = api.post("/api/cases", MATTER | changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.get_json())


def test_a_matter_is_taken_with_its_due_date_and_officer(api: Client) -> None:
    case = taken(api)
    assert (case["state"], case["standard_id"], case["owed"]) == ("assigned", "kotra/T12/1", "answer_or_direction")
    assert case["due_at"] == "2026-11-25T01:00:00+00:00"
    assert (case["number"], case["officer_id"]) == ("010-****-0001", "o1")
    assert "content" not in case
    assert api.get(f"/api/cases/{case['id']}").get_json() == case


def test_the_same_event_is_the_same_case(api: Client) -> None:
    first = api.post("/api/cases", MATTER, key="one")
    again = api.post("/api/cases", MATTER, key="one")
    other = api.post("/api/cases", MATTER, key="two")
    assert first.get_json()["id"] == again.get_json()["id"] == other.get_json()["id"]
    assert len(api.get("/api/cases").get_json()) == 1
    assert api.post("/api/cases", MATTER | {"content": "다른 내용"}, key="one").status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "riddle"},
        {"channel": "pigeon"},
        {"topic": "weather"},
        {"content": " "},
        {"number": "12345"},
        {"received_at": "2026-12-01T10:00:00+09:00"},
        {"received_at": "2026-11-02T10:00:00+09:00"},
        {"reply_by": "post"},
        {"colour": "red"},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_words(api: Client, wrong: dict[str, str]) -> None:
    answer = api.post("/api/cases", MATTER | wrong)
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["message"]
    assert api.get("/api/cases", closed="true").get_json() == []


def test_a_matter_overdue_already_is_taken_with_its_reason(api: Client) -> None:
    late = {"received_at": "2026-11-16T10:00:00+09:00", "overdue_because": "담당자 착오로 늦게 등록"}
    assert taken(api, **late)["due_at"] == "2026-11-18T01:00:00+00:00"


def test_it_is_directed_answered_rated_and_objected_to(api: Client) -> None:
    path = f"/api/cases/{taken(api)['id']}"
    until = "2026-12-01T18:00:00+09:00"
    directed = api.post(f"{path}/direction", {"direction": "현지 무역관에 확인하겠습니다.", "until": until})
    assert (directed.status_code, directed.get_json()["due_at"]) == (200, "2026-12-01T09:00:00+00:00")
    late = api.post(f"{path}/late", {"reason": "other_department", "until": "2026-12-03T18:00:00+09:00"})
    assert late.get_json()["slips"] == 1
    assert api.post(f"{path}/rating", {"points": 5}).status_code == 409
    assert api.post(f"{path}/answer", {"result": "확인하였습니다."}).get_json()["state"] == "answered"
    assert api.post(f"{path}/rating", {"points": 2}).status_code == 200
    objection = api.post(f"{path}/objection", {"content": "받아들일 수 없습니다."})
    assert (objection.status_code, objection.get_json()["kind"]) == (201, "objection")
    assert api.get(path).get_json()["state"] == "reopened"
    assert api.post(f"/api/cases/{objection.get_json()['id']}/withdraw").get_json()["state"] == "withdrawn"
    assert api.get(path).get_json()["state"] == "closed"


def test_a_token_of_another_line_sees_and_makes_nothing(engine: Engine, api: Client) -> None:
    id = taken(api)["id"]
    other = Client(api.board, line="kibo")
    assert other.get("/api/cases").get_json() == []
    assert other.get(f"/api/cases/{id}").status_code == 404
    assert other.post(f"/api/cases/{id}/answer", {"result": "x"}).status_code == 404
    assert other.post(f"/api/cases/{id}/withdraw").status_code == 404
    with api.board.store.reading() as session:
        assert session.get_one(Case, id).answered_at is None
    assert other.post("/api/cases", MATTER | {"line": "kotra"}).status_code == 403


def test_a_token_without_the_scope_is_refused(engine: Engine) -> None:
    reader = Client(board_over(engine, Moment()), scopes=("cases:read",), line="kotra")
    assert reader.get("/api/cases").status_code == 200
    assert reader.post("/api/cases", MATTER).status_code == 403
