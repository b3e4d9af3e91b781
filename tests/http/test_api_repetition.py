"""A request that comes twice is carried out once, and answered the same."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from ivr.access.answers import purge
from ivr.access.rows import KeptAnswer
from ivr.documents.rows import Document
from ivr.store import Store, make_engine
from tests.http.api import Client
from tests.http.board import MORNING, Moment, board_over
from tests.http.test_api_documents import ARRIVAL, counted


def test_the_same_key_and_body_get_the_stored_answer_whatever_happened_since(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()))
    first = client.post("/api/documents", ARRIVAL, key="k1")
    client.post(f"/api/documents/{first.get_json()['id']}/complete")
    again = client.post("/api/documents", dict(reversed(ARRIVAL.items())), key='"k1"')
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers


def test_the_same_key_with_another_body_or_address_is_refused(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()))
    id = client.post("/api/documents", ARRIVAL, key="k1").get_json()["id"]
    assert client.post("/api/documents", ARRIVAL | {"reference": "other"}, key="k1").status_code == 422
    assert client.post(f"/api/documents/{id}/complete", key="k1").status_code == 422
    assert counted(client) == 1


def test_the_same_key_of_two_tokens_is_two_requests(engine: Engine) -> None:
    board = board_over(engine, Moment())
    for line in ("dcgf", "kibo"):
        assert Client(board, line=line).post("/api/documents", ARRIVAL, key="k1").status_code == 201


@pytest.mark.parametrize("key", ["", "two words", "x" * 101, "키"])
def test_a_request_that_makes_something_needs_a_key(sqlite_engine: Engine, key: str) -> None:
    client = Client(board_over(sqlite_engine, Moment()))
    headers = client.headers | ({"Idempotency-Key": key} if key else {})
    refused = client.http.post("/api/documents", json=ARRIVAL, headers=headers)
    assert (refused.status_code, refused.get_json()["title"]) == (400, "Idempotency-Key needed")


def test_a_refusal_is_not_kept(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()))
    assert client.post("/api/documents", ARRIVAL | {"kind": "nonsense"}, key="k1").status_code == 422
    assert client.post("/api/documents", ARRIVAL, key="k1").status_code == 201


def test_many_at_once_make_one(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()))
    answers: list[tuple[int, bytes]] = []

    def ask() -> None:
        one = client.http.application.test_client()
        headers = client.headers | {"Idempotency-Key": "k1"}
        answer = one.post("/api/documents", json=ARRIVAL, headers=headers)
        answers.append((answer.status_code, answer.data))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    assert counted(client) == 1


def test_the_same_request_still_in_progress_is_told_so(postgresql_engine: Engine) -> None:
    url = postgresql_engine.url.render_as_string(hide_password=False)
    impatient = make_engine(url, keyring=Store(postgresql_engine).keyring, patience=0.2)
    client = Client(board_over(impatient, Moment()))
    with Store(postgresql_engine).transaction() as session:
        claimed = KeptAnswer(token_id=client.token_id, key="k1", fingerprint="-", made_at=MORNING)
        session.add(claimed)
        session.flush()
        refused = client.post("/api/documents", ARRIVAL, key="k1")
        session.rollback()
    assert (refused.status_code, refused.headers["Retry-After"]) == (409, "1")
    assert client.post("/api/documents", ARRIVAL, key="k1").status_code == 201
    impatient.dispose()


def test_answers_are_sealed_kept_for_two_days_and_then_forgotten(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()))
    client.post("/api/documents", ARRIVAL, key="k1")
    store = client.board.store
    with store.engine.connect() as connection:
        body = connection.exec_driver_sql("SELECT body FROM kept_answer").scalar_one()
    assert b"1000-0001" not in bytes(body)
    for hours, left in ((47.9, 1), (48, 0)):
        with store.transaction() as session:
            purge(session, at=MORNING + timedelta(hours=hours))
            assert session.scalar(select(func.count()).select_from(KeptAnswer)) == left
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Document)) == 1
