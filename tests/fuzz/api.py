"""The REST API attacked by its own document: schemathesis draws what fits it and what does not, for each operation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks as of_openapi
from sqlalchemy import Engine

from ivr.access.scopes import SCOPES
from tests.http.api import Client
from tests.http.board import Moment, board_over
from tests.http.test_api_document import STORY

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
# How a refusal looks is checked whoever asks; what is refused only where the token allows the operation.
ALWAYS: Final = [
    not_a_server_error,
    of_openapi.status_code_conformance,
    of_openapi.content_type_conformance,
    of_openapi.response_headers_conformance,
    of_openapi.response_schema_conformance,
    of_openapi.unsupported_method,
    of_openapi.allow_header_conformance,
]
ALLOWED: Final = [*ALWAYS, of_openapi.negative_data_rejection, of_openapi.missing_required_header]
# What docs/api.md names; nobody waits here, and nothing is down.
ANSWERS: Final = {200, 201, 400, 403, 404, 405, 409, 413, 415, 422}
STRANGER: Final = {"Authorization": "Bearer ct_0123456789ab_" + "A" * 43}


@dataclass
class Api:
    """The API over a database with one thing of each kind, and tokens of every scope."""

    client: Client
    guests: dict[str, Client]
    operations: list[Operation]
    clock: Moment
    ids: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def over(cls, engine: Engine) -> "Api":
        """Make things as another system does, one after the other."""
        clock = Moment()
        board = board_over(engine, clock)
        client = Client(board)
        guests = {scope: Client(board, scopes=(scope,)) for scope in SCOPES}
        schema = schemathesis.openapi.from_wsgi("/api/openapi.json", client.http.application)
        api = cls(client, guests, [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)], clock)
        api._make()
        return api

    def _make(self) -> None:
        id = ""
        for method, path, body in STORY:
            address = path.replace("{id}", id)
            answer = self.client.post(address, body) if method == "post" else self.client.get(address)
            if answer.status_code == 201:
                id = answer.get_json()["id"]
                self.ids.setdefault(path.split("/")[2], []).append(id)


def attack_an_operation(api: Api, operation: Operation, data: st.DataObject) -> None:
    """One request that fits the document or does not, by who may and who may not; raises what schemathesis finds."""
    mode = data.draw(st.sampled_from((GenerationMode.POSITIVE, GenerationMode.NEGATIVE)))
    known = api.ids.get(operation.path.split("/")[2], [])
    is_known = _is_of_one(operation) and known and data.draw(st.booleans())
    ids = {"id": data.draw(st.sampled_from(known))} if is_known else None
    case = data.draw(operation.as_strategy(generation_mode=mode, path_parameters=ids))
    api.clock.pass_time(1)
    headers = api.client.headers
    answer = case.call(headers=headers)
    if "Authorization" not in answer.request.headers:
        # Schemathesis itself took the token away.
        assert answer.status_code == 401, f"without a token answered with {answer.status_code}"
        return
    assert answer.status_code in ANSWERS, f"answered with {answer.status_code}"
    case.validate_response(answer, checks=ALLOWED, headers=headers)
    _is_closed(api, case, data.draw(st.sampled_from(SCOPES)))


def _is_of_one(operation: Operation) -> bool:
    return "{id}" in operation.path


def _is_closed(api: Api, case: schemathesis.Case[Any], scope: str) -> None:
    """The same by a token that was never given out, and by one with another scope, in the words of the document."""
    answer = case.call(headers=STRANGER)
    assert answer.status_code == 401, f"a stranger is answered with {answer.status_code}"
    case.validate_response(answer, checks=ALWAYS, headers=STRANGER)
    needed = _needed(case.operation)
    if scope != needed:
        headers = api.guests[scope].headers
        refused = case.call(headers=headers)
        assert refused.status_code == 403, f"{scope} instead of {needed} is answered with {refused.status_code}"
        case.validate_response(refused, checks=ALWAYS, headers=headers)


def _needed(operation: Operation) -> str:
    told: Mapping[str, Any] = operation.definition.raw
    return str(told["description"]).split("`")[1]
