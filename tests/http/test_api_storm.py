"""Whatever is sent to the API, it is either carried out or refused in words: never a failure of ours."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.http.api import Client
from tests.http.board import Moment, board_over
from tests.http.test_api_documents import ARRIVAL
from tests.sizes import examples
from webhooks.api.problems import PROBLEM_TYPE

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=6
)
FIELDS = st.sampled_from([*ARRIVAL, "missing", "until", "line", "is_test"])
PATHS = st.sampled_from(["", "/{id}/missing", "/{id}/told", "/{id}/complete", "/{id}/withdraw"])


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=PATHS, whole=st.booleans(), changes=st.dictionaries(FIELDS, VALUES, max_size=3))
def test_any_json_is_taken_or_refused_in_words(
    sqlite_engine: Engine, path: str, whole: bool, changes: dict[str, object]
) -> None:
    clock = Moment()
    client = Client(board_over(sqlite_engine, clock))
    id = client.post("/api/documents", ARRIVAL).get_json()["id"]
    body = json.dumps((ARRIVAL if whole else {}) | changes).encode()
    answer = client.send("/api/documents" + path.replace("{id}", id), body)
    assert answer.status_code < 500, answer.get_data(as_text=True)
    assert answer.content_type == (PROBLEM_TYPE if answer.status_code >= 400 else "application/json")


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_refused_in_words(sqlite_engine: Engine, body: bytes) -> None:
    answer = Client(board_over(sqlite_engine, Moment())).send("/api/documents", body)
    assert answer.status_code in {400, 422}
    assert answer.content_type == PROBLEM_TYPE


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(st.sampled_from(["line", "state", "limit", "after", "x"]), st.text(max_size=20), max_size=3)
)
def test_any_query_is_answered_or_refused_in_words(sqlite_engine: Engine, query: dict[str, str]) -> None:
    answer = Client(board_over(sqlite_engine, Moment())).get("/api/documents", **query)
    assert answer.status_code < 500
