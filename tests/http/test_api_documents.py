"""Papers over the REST API: taken once, told of in promises, refused clearly where something is wrong."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from ivr.calls.facts import facts_of
from ivr.documents.rows import Document
from ivr.lines.hours import SEOUL
from ivr.promises import PromiseRow
from tests.http.api import Client
from tests.http.board import MORNING, Moment, board_over

ARRIVAL: dict[str, Any] = {
    "channel": "fax",
    "reference": "fax-2026-1123-1",
    "kind": "guarantee",
    "received_at": "2026-11-23T09:59:00+09:00",
    "pages": 3,
    "sender": "홍길동",
    "number": "010-1000-0001",
}


def client_over(engine: Engine, clock: Moment | None = None) -> Client:
    return Client(board_over(engine, clock or Moment()))


def promises(client: Client) -> list[tuple[str, datetime]]:
    with client.board.store.reading() as session:
        rows = session.scalars(select(PromiseRow).where(PromiseRow.kind == "document-notice").order_by(PromiseRow.id))
        return [(row.args["what"], row.due_at) for row in rows]


def counted(client: Client) -> int:
    with client.board.store.reading() as session:
        return session.scalar(select(func.count()).select_from(Document)) or 0


def test_papers_are_taken_and_the_notice_is_promised_with_them(engine: Engine) -> None:
    rung: list[int] = []
    client = Client(board_over(engine, Moment(), ring_bell=lambda: rung.append(1)))
    made = client.post("/api/documents", ARRIVAL)
    assert made.status_code == 201
    document = made.get_json()
    assert (document["state"], document["contact"], document["number"]) == ("received", "mobile", "010-****-0001")
    assert promises(client) == [("receipt", MORNING)]
    assert rung == [1]
    with client.board.store.reading() as session:
        fact = facts_of(session, document["id"])[0]
        assert (fact.kind, fact.received_at - (fact.said_at or fact.received_at)) == ("received", timedelta(minutes=1))
        assert session.get_one(Document, document["id"]).sender == "홍길동"


def test_by_night_nobody_is_woken(engine: Engine) -> None:
    night = datetime(2026, 11, 23, 22, 30, tzinfo=SEOUL)
    client = client_over(engine, Moment(night))
    client.post("/api/documents", ARRIVAL)
    assert promises(client) == [("receipt", datetime(2026, 11, 24, 8, 0, tzinfo=SEOUL))]


def test_the_same_event_is_the_same_papers_however_often_it_is_told(engine: Engine) -> None:
    client = client_over(engine)
    first = client.post("/api/documents", ARRIVAL)
    again = client.post("/api/documents", ARRIVAL)
    assert again.get_json() == first.get_json()
    assert (counted(client), len(promises(client))) == (1, 1)
    other = client.post("/api/documents", ARRIVAL | {"pages": 9})
    assert other.status_code == 409
    assert first.get_json()["receipt"] in other.get_json()["detail"]


def test_the_same_reference_of_two_lines_is_two_events(engine: Engine) -> None:
    board = board_over(engine, Moment())
    ids = {Client(board, line=line).post("/api/documents", ARRIVAL).get_json()["id"] for line in ("dcgf", "kibo")}
    assert len(ids) == 2


def test_a_name_may_hold_anything_that_people_write(engine: Engine) -> None:
    client = client_over(engine)
    for number, name in enumerate(("홍길동🙂", "홍길동", "뷁똠 Nguyễn", "O'Neill")):
        made = client.post("/api/documents", ARRIVAL | {"sender": name, "reference": f"r{number}"})
        assert made.status_code == 201


@pytest.mark.parametrize(
    ("number", "contact", "why"),
    [
        ("010-1000-0001", "mobile", None),
        ("042-380-3811", "telephone", None),
        (None, "none", "no-number"),
        ("+1 202 555 0123", "none", "abroad"),
        ("1544-1120", "none", "not-a-persons"),
    ],
)
def test_who_cannot_be_told_is_left_to_an_officer(
    engine: Engine, number: str | None, contact: str, why: str | None
) -> None:
    client = client_over(engine)
    document = client.post("/api/documents", ARRIVAL | {"number": number}).get_json()
    assert (document["contact"], document["no_contact"]) == (contact, why)
    assert len(promises(client)) == (why is None)
    with client.board.store.reading() as session:
        kinds = [fact.kind for fact in facts_of(session, document["id"])]
    assert ("no-contact" in kinds) == (why is not None)


WRONG: list[tuple[str, object, str]] = [
    ("received_at", "2026-11-23T10:05:01+09:00", "future"),
    ("received_at", "2026-10-24T09:59:00+09:00", "30 days ago"),
    ("received_at", "2026-11-23T09:59:00", "aware"),
    ("received_at", "0001-01-01T00:00:00+09:00", "calendar"),
    ("received_at", 1763859600, "Must be a text"),
    ("channel", "pigeon", "Must be one of"),
    ("kind", "nonsense", "known are guarantee"),
    ("number", "000", "no telephone number"),
    ("pages", 0, "greater than"),
    ("pages", "3", "integer"),
    ("pages", True, "integer"),
    ("reference", "", "1 to 100"),
    ("reference", "a\x00b", "control"),
    ("sender", "홍" * 61, "1 to 60"),
    ("missing", [{"paper": "nonsense"}], "known are registration"),
    ("missing", [{"paper": "tax"}, {"paper": "tax"}], "twice"),
    ("missing", [{"paper": "tax", "lack": "lost"}], "Must be one of"),
    ("stamp", 1, "Unknown field"),
]


@pytest.mark.parametrize(("field", "value", "message"), WRONG)
def test_what_is_wrong_is_named_with_its_field(engine: Engine, field: str, value: object, message: str) -> None:
    client = client_over(engine)
    refused = client.post("/api/documents", ARRIVAL | {field: value})
    assert refused.status_code == 422
    faults = refused.get_json()["errors"]
    assert any(fault["field"].startswith(field) and message in fault["message"] for fault in faults), faults
    assert counted(client) == 0


def test_a_day_that_is_over_cannot_be_given_for_missing_papers(engine: Engine) -> None:
    client = client_over(engine)
    for until in ("2026-11-22", "9999-12-31"):
        refused = client.post("/api/documents", ARRIVAL | {"missing": [{"paper": "tax"}], "until": until})
        assert refused.get_json()["errors"][0]["field"] == "until"
    assert counted(client) == 0


BODIES = [
    (json.dumps(ARRIVAL, ensure_ascii=False).encode("euc-kr"), "application/json", 400, "UTF-8"),
    (json.dumps(ARRIVAL).encode("utf-16"), "application/json", 400, "UTF-8"),
    (json.dumps(ARRIVAL).encode(), "application/json; charset=euc-kr", 415, "UTF-8"),
    (json.dumps(ARRIVAL).encode(), "text/plain", 415, "application/json"),
    (b"{", "application/json", 400, "line 1"),
    (b"", "application/json", 400, "JSON"),
    (b"[]", "application/json", 400, "one JSON object"),
    (b'{"pages": NaN}', "application/json", 400, "JSON"),
    (b'{"pages": 1, "pages": 2}', "application/json", 400, "JSON"),
    (b"[" * 60_000, "application/json", 400, "nested"),
    (b'{"sender": "' + b'\\"' * 30_000, "application/json", 400, "JSON"),
    (b'{"sender": "' + b"\\" * 60_001, "application/json", 400, "JSON"),
    (b'{"pages": ' + b"9" * 60_000 + b"}", "application/json", 400, "JSON"),
    (b'{"sender": "' + b"x" * 70_000 + b'"}', "application/json", 413, "64 KiB"),
    (b'{"sender": "\\ud800"}', "application/json", 422, "see errors"),
]


@pytest.mark.parametrize(("body", "kind", "status", "message"), BODIES)
def test_a_body_that_is_no_json_in_utf_8_is_refused(
    sqlite_engine: Engine, body: bytes, kind: str, status: int, message: str
) -> None:
    refused = client_over(sqlite_engine).send("/api/documents", body, kind)
    assert refused.status_code == status
    assert message in refused.get_json()["detail"]


def test_brackets_within_a_text_are_no_nesting(sqlite_engine: Engine) -> None:
    made = client_over(sqlite_engine).post("/api/documents", ARRIVAL | {"sender": '[{"\\' * 15})
    assert made.status_code == 201


def test_no_cache_keeps_an_answer(sqlite_engine: Engine) -> None:
    client = client_over(sqlite_engine)
    for answer in (client.get("/api/documents"), client.get("/api/nowhere"), client.post("/api/documents", {})):
        assert answer.headers["Cache-Control"] == "no-store"


def test_decomposed_hangul_is_composed(engine: Engine) -> None:
    client = client_over(engine)
    made = client.post("/api/documents", ARRIVAL | {"sender": "\u1112\u1169\u11bc\u1100\u1175\u11af\u1103\u1169\u11bc"})
    with client.board.store.reading() as session:
        assert session.get_one(Document, made.get_json()["id"]).sender == "홍길동"


def test_missing_papers_are_noted_and_noted_again(engine: Engine) -> None:
    clock = Moment()
    client = client_over(engine, clock)
    id = client.post("/api/documents", ARRIVAL).get_json()["id"]
    lacking = {"missing": [{"paper": "tax"}, {"paper": "statements", "lack": "unreadable"}]}
    noted = client.post(f"/api/documents/{id}/missing", lacking).get_json()
    # Seven business days, the first of them today: until the end of 1 December.
    assert (noted["state"], noted["missing_until"]) == ("missing", "2026-12-01T15:00:00+00:00")
    client.post(f"/api/documents/{id}/missing", lacking)
    assert [what for what, _ in promises(client)] == ["receipt", "missing"]
    fewer = {"missing": [{"paper": "tax"}], "until": "2026-11-30"}
    assert client.post(f"/api/documents/{id}/missing", fewer).get_json()["missing"] == [
        {"paper": "tax", "lack": "absent"}
    ]
    assert [what for what, _ in promises(client)] == ["receipt", "missing", "missing"]
    assert client.post(f"/api/documents/{id}/complete").get_json()["state"] == "complete"
    for change, body in (("missing", lacking), ("complete", {}), ("withdraw", {})):
        refused = client.post(f"/api/documents/{id}/{change}", body)
        assert (refused.status_code, refused.get_json()["title"]) == (409, "Not possible now")


def test_papers_are_listed_page_by_page(engine: Engine) -> None:
    client = client_over(engine)
    for number in range(5):
        received = (MORNING - timedelta(minutes=5 - number)).isoformat()
        client.post("/api/documents", ARRIVAL | {"reference": f"r{number}", "received_at": received})
    client.post(f"/api/documents/{client.get('/api/documents').get_json()[0]['id']}/withdraw")
    first = client.get("/api/documents", limit=3).get_json()
    rest = client.get("/api/documents", limit=3, after=first[-1]["id"]).get_json()
    assert [one["reference"] for one in [*first, *rest]] == ["r0", "r1", "r2", "r3", "r4"]
    assert [one["reference"] for one in client.get("/api/documents", state="withdrawn").get_json()] == ["r0"]
    assert client.get("/api/documents", limit=0).status_code == 422
    assert client.get("/api/documents", page=2).status_code == 422


def test_what_a_person_told_is_kept_once(engine: Engine) -> None:
    client = client_over(engine)
    id = client.post("/api/documents", ARRIVAL | {"number": None}).get_json()["id"]
    told = {"what": "receipt", "by": "post", "on": "2026-11-23T10:00:00+09:00"}
    for _ in range(2):
        assert client.post(f"/api/documents/{id}/told", told).status_code == 200
    with client.board.store.reading() as session:
        kinds = [fact.kind for fact in facts_of(session, id)]
    assert kinds.count("receipt-written") == 1
    early = told | {"on": "2026-11-22T10:00:00+09:00"}
    assert client.post(f"/api/documents/{id}/told", early).get_json()["errors"][0]["field"] == "on"
