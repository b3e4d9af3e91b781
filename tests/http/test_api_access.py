"""Who may use the REST API: tokens, scopes, lines, pace; and everything refused in one shape."""

import pytest
from sqlalchemy import Engine

from ivr.access.rows import ApiToken
from ivr.access.tokens import revoke
from ivr.store import make_engine
from tests.http.api import Client
from tests.http.board import MORNING, Moment, board_over
from tests.http.test_api_documents import ARRIVAL, counted
from tests.http.unreachable import refusing_port
from webhooks.api.problems import PROBLEM_TYPE
from webhooks.app import create_app


def test_without_a_token_nothing_is_said(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()))
    for headers in ({}, {"Authorization": "Basic dXNlcjpwYXNz"}, {"Authorization": "Bearer ct_0_x"}):
        refused = client.http.get("/api/documents", headers=headers)
        assert (refused.status_code, refused.content_type) == (401, PROBLEM_TYPE)
        assert "WWW-Authenticate" in refused.headers


def test_a_secret_that_is_almost_right_is_wrong(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()))
    client.token = client.token[:-1] + ("A" if client.token[-1] != "A" else "B")
    assert client.get("/api/documents").status_code == 401


def test_a_token_ends_on_its_day_and_when_it_is_revoked(engine: Engine) -> None:
    clock = Moment()
    client = Client(board_over(engine, clock), days=1)
    clock.pass_time(86_399)
    assert client.get("/api/documents").status_code == 200
    clock.pass_time(1)
    assert "over" in client.get("/api/documents").get_json()["detail"]
    clock.at = MORNING
    with client.board.store.transaction() as session:
        assert revoke(session, client.token_id, at=clock.at)
    assert "revoked" in client.get("/api/documents").get_json()["detail"]


def test_only_a_hash_of_the_secret_is_kept_and_the_day_of_the_last_use(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()))
    client.get("/api/documents")
    with client.board.store.reading() as session:
        row = session.get_one(ApiToken, client.token_id)
        kept = [str(value) for name, value in vars(row).items() if not name.startswith("_")]
    assert row.last_used_on == MORNING.date()
    assert not any(client.token.split("_", 2)[2] in value for value in kept)


def test_a_token_does_only_what_its_scopes_allow(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()), scopes=("documents:read",))
    assert client.get("/api/documents").status_code == 200
    refused = client.post("/api/documents", ARRIVAL)
    assert refused.status_code == 403
    assert "documents:write" in refused.get_json()["detail"]


def test_a_token_of_one_line_sees_and_makes_nothing_of_another(engine: Engine) -> None:
    board = board_over(engine, Moment())
    ours, theirs, everybodys = Client(board), Client(board, line="kibo"), Client(board, line=None)
    document = ours.post("/api/documents", ARRIVAL).get_json()["id"]
    assert theirs.get(f"/api/documents/{document}").status_code == 404
    for change in ("missing", "complete", "withdraw", "told"):
        bodies = {"missing": {"missing": [{"paper": "tax"}]}, "told": {"what": "receipt", "by": "post"}}
        assert theirs.post(f"/api/documents/{document}/{change}", bodies.get(change)).status_code == 404
    assert theirs.get("/api/documents").get_json() == []
    assert theirs.get("/api/documents", line="dcgf").status_code == 403
    assert theirs.get("/api/documents", after=document).status_code == 404
    assert theirs.post("/api/documents", ARRIVAL | {"line": "dcgf"}).status_code == 403
    assert [one["id"] for one in everybodys.get("/api/documents").get_json()] == [document]
    assert everybodys.post("/api/documents", ARRIVAL).get_json()["errors"][0]["field"] == "line"
    assert everybodys.post("/api/documents", ARRIVAL | {"line": "nowhere"}).status_code == 422


def test_who_asks_too_often_is_told_how_long_to_wait(engine: Engine) -> None:
    clock = Moment()
    client = Client(board_over(engine, clock))
    answers = [client.get("/api/documents") for _ in range(51)]
    assert {answer.status_code for answer in answers[:50]} == {200}
    assert (answers[50].status_code, answers[50].headers["Retry-After"]) == (429, "1")
    clock.pass_time(1)
    assert client.get("/api/documents").status_code == 200


@pytest.mark.parametrize(
    "path", ["/api/nowhere", "/api/documents/%00", "/api/documents/d%20x", "/api/documents/" + "d" * 65]
)
def test_an_address_that_there_is_not_is_told_in_the_same_shape(engine: Engine, path: str) -> None:
    refused = Client(board_over(engine, Moment())).get(path)
    assert (refused.status_code, refused.content_type) == (404, PROBLEM_TYPE)


def test_another_method_is_refused_in_the_same_shape(sqlite_engine: Engine) -> None:
    client = Client(board_over(sqlite_engine, Moment()))
    refused = client.http.delete("/api/documents", headers=client.headers)
    assert (refused.status_code, refused.content_type) == (405, PROBLEM_TYPE)


def test_other_addresses_are_refused_as_before(sqlite_engine: Engine) -> None:
    refused = Client(board_over(sqlite_engine, Moment())).http.get("/nowhere")
    assert refused.content_type.startswith("text/html")


def test_a_database_that_is_away_is_told_so_that_the_request_is_sent_again(postgresql_engine: Engine) -> None:
    client = Client(board_over(postgresql_engine, Moment()))
    with refusing_port() as port:
        away = make_engine(
            f"postgresql://nobody@127.0.0.1:{port}/none", keyring=client.board.store.keyring, patience=0.2
        )
        client.http = create_app(board_over(away, Moment())).test_client()
        refused = client.post("/api/documents", ARRIVAL)
        away.dispose()
    assert (refused.status_code, refused.content_type) == (503, PROBLEM_TYPE)
    assert refused.headers["Retry-After"]


def test_our_own_failure_keeps_nothing_and_says_nothing_of_what_was_sent(engine: Engine) -> None:
    client = Client(board_over(engine, Moment()))
    whole = client.http
    client.http = create_app(board_over(engine, Moment(), calendar=None)).test_client()
    lacking = ARRIVAL | {"missing": [{"paper": "tax"}]}
    failed = client.post("/api/documents", lacking, key="k1")
    assert (failed.status_code, failed.content_type) == (500, PROBLEM_TYPE)
    assert "1000" not in failed.get_data(as_text=True)
    assert counted(client) == 0
    client.http = whole
    assert client.post("/api/documents", lacking, key="k1").status_code == 201
