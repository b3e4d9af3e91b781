"""What the OpenAPI document says of an operation: its token, its key, its body or query, its answers."""

from collections.abc import Callable
from typing import Any, Protocol

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from webhooks.api.problems import PROBLEM_TYPE
from webhooks.api.shapes import ProblemShape

TOKEN = "token"  # noqa: S105 - the name of a security scheme
KEY_PARAMETER = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "New for each thing that is made, the same when a request is sent again.",
    "schema": {"type": "string", "maxLength": 100},
}


class Described(Protocol):
    """What is known of an operation."""

    @property
    def scope(self) -> str:
        """The scope that allows it."""
        ...

    @property
    def takes(self) -> Schema | None:
        """The shape of its body or query."""
        ...

    @property
    def gives(self) -> Schema:
        """The shape of its answer."""
        ...

    @property
    def status(self) -> int:
        """The status of its answer."""
        ...

    @property
    def writes(self) -> bool:
        """Whether it takes a body and a key."""
        ...


def describe(blueprint: Blueprint, view: Callable[..., Response], operation: Described) -> Callable[..., Response]:
    """The same view, with what the document says of it."""
    more: dict[str, Any] = {  # as the OpenAPI document has it
        "security": [{TOKEN: []}],
        "description": f"Needs the scope `{operation.scope}`.",
        "parameters": [KEY_PARAMETER] if operation.writes else [],
    }
    if operation.writes:
        schema: Schema | dict[str, object] = operation.takes or {"type": "object", "maxProperties": 0}
        more["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    elif operation.takes is not None:
        more["parameters"] = [{"in": "query", "schema": operation.takes}]
    refused = blueprint.alt_response(
        "default", schema=ProblemShape, description="Refused, and why", content_type=PROBLEM_TYPE
    )
    answered = blueprint.response(operation.status, operation.gives)
    described: Callable[..., Response] = blueprint.doc(**more)(answered(refused(view)))
    return described
