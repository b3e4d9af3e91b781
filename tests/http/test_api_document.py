"""The API does what its OpenAPI document says: each operation is asked, and each answer fits its schema."""

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from ivr.access.scopes import SCOPES
from tests.http.api import Client
from tests.http.board import CALLER, Moment, board_over
from tests.http.test_api_documents import ARRIVAL

Spec = dict[str, Any]  # JSON
MATTER = {"reference": "c1", "kind": "complaint", "channel": "web", "content": "문의드립니다.", "number": CALLER}
LATER = "2026-11-25T15:00:00+09:00"
STORY: list[tuple[str, str, Spec]] = [
    ("post", "/api/documents", ARRIVAL),
    ("get", "/api/documents", {}),
    ("get", "/api/documents/{id}", {}),
    ("post", "/api/documents/{id}/missing", {"missing": [{"paper": "tax"}], "until": "2026-12-01"}),
    ("post", "/api/documents/{id}/told", {"what": "missing", "by": "email"}),
    ("post", "/api/documents/{id}/complete", {}),
    ("post", "/api/documents", ARRIVAL | {"reference": "second", "number": None}),
    ("post", "/api/documents/{id}/withdraw", {}),
    ("post", "/api/callbacks", {"number": CALLER, "customer": "홍길동"}),
    ("get", "/api/callbacks", {}),
    ("get", "/api/callbacks/{id}", {}),
    ("post", "/api/callbacks/{id}/withdraw", {}),
    ("get", "/api/bookings/slots", {}),
    ("post", "/api/bookings", {"number": CALLER, "starts_at": "2026-11-24T10:00:00+09:00"}),
    ("get", "/api/bookings/{id}", {}),
    ("post", "/api/bookings/{id}/change", {"starts_at": "2026-11-24T14:00:00+09:00"}),
    ("post", "/api/bookings/{id}/cancel", {}),
    ("post", "/api/cases", MATTER),
    ("get", "/api/cases", {}),
    ("get", "/api/cases/{id}", {}),
    ("post", "/api/cases/{id}/direction", {"direction": "부서에서 살펴봅니다.", "until": LATER}),
    ("post", "/api/cases/{id}/late", {"reason": "investigation", "until": "2026-11-27T15:00:00+09:00"}),
    ("post", "/api/cases/{id}/answer", {"result": "처리하였습니다."}),
    ("post", "/api/cases/{id}/rating", {"points": 5}),
    ("post", "/api/cases/{id}/objection", {"content": "다시 살펴 주십시오."}),
    ("post", "/api/cases/{id}/withdraw", {}),
]


@pytest.fixture
def client(sqlite_engine: Engine) -> Client:
    return Client(board_over(sqlite_engine, Moment()))


@pytest.fixture
def spec(client: Client) -> Spec:
    answer: Spec = client.http.get("/api/openapi.json").get_json()
    return answer


def operations(spec: Spec) -> Iterator[tuple[str, str, Spec]]:
    for path, item in spec["paths"].items():
        for method in ("get", "post"):
            if method in item:
                yield method, path, item[method]


def schema_of(spec: Spec, response: Spec, content_type: str) -> Spec:
    return {**response["content"][content_type]["schema"], "components": spec["components"]}


def test_every_operation_says_its_scope_its_key_and_how_it_refuses(spec: Spec) -> None:
    assert spec["openapi"] == "3.1.0"
    for method, path, operation in operations(spec):
        assert operation["security"] == [{"token": []}], path
        assert any(f"`{scope}`" in operation["description"] for scope in SCOPES), path
        keys = [parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"]
        assert keys == (["Idempotency-Key"] if method == "post" else []), path
        assert "application/problem+json" in operation["responses"]["default"]["content"], path
        assert operation["summary"], path


def test_every_schema_is_one(spec: Spec) -> None:
    for name, schema in spec["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object", name


def test_every_operation_refuses_as_its_document_says(client: Client, spec: Spec) -> None:
    """Something unknown is asked for, or something unknown is sent."""
    for method, path, operation in operations(spec):
        address = path.replace("{id}", "nobody")
        strange = {"a-field-that-there-is-not": 1}
        answer = client.get(address, **strange) if method == "get" else client.post(address, strange)
        assert answer.status_code in {404, 422}, (method, path, answer.get_data(as_text=True))
        schema = schema_of(spec, operation["responses"]["default"], "application/problem+json")
        Draft202012Validator(schema).validate(answer.get_json())


def test_every_operation_answers_as_its_document_says(client: Client, spec: Spec) -> None:
    """What other systems do, one thing after the other; `{id}` is the one made last."""
    asked, id = set(), ""
    stranger, guest = Client(client.board, line="kibo"), Client(client.board, scopes=("bookings:read",))
    for method, path, body in STORY:
        operation = spec["paths"][path][method]
        address = path.replace("{id}", id)
        if method == "post":
            request = operation["requestBody"]["content"]["application/json"]["schema"]
            Draft202012Validator({**request, "components": spec["components"]}).validate(body)
        _is_closed_to_others(stranger, guest, operation, asking=(method, address, body))
        answer = _ask(client, method, address, body)
        given = answer.get_json()
        assert answer.status_code in {200, 201}, (method, path, given)
        schema = schema_of(spec, operation["responses"][str(answer.status_code)], "application/json")
        Draft202012Validator(schema).validate(given)
        id = given["id"] if answer.status_code == 201 else id
        asked.add((method, path))
    assert {(method, path) for method, path, _ in operations(spec)} - asked == set()


def _is_closed_to_others(stranger: Client, guest: Client, operation: Spec, *, asking: tuple[str, str, Spec]) -> None:
    """A token of another line finds nothing, and one without the scope is refused."""
    method, address, body = asking
    is_of_one = address.count("/") > 2 and not address.endswith("/slots")
    if is_of_one:
        assert _ask(stranger, method, address, body).status_code == 404, address
    elif method == "get" and not address.endswith("/slots"):
        assert stranger.get(address).get_json() == []
    if "`bookings:read`" not in operation["description"]:
        assert _ask(guest, method, address, body).status_code == 403, address


def _ask(client: Client, method: str, address: str, body: Spec) -> TestResponse:
    return client.get(address) if method == "get" else client.post(address, body)
