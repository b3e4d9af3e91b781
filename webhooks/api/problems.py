"""Refusals of the REST API in one shape (RFC 9457), in plain English; what was sent is never repeated in them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Response
from werkzeug.exceptions import HTTPException

PROBLEM_TYPE = "application/problem+json"
LONGEST_PATH = 100

Faults = Sequence[Mapping[str, str]]


@dataclass
class Problem(Exception):
    """Something that keeps a request from being carried out: `detail` says what to do, `field` which part is wrong."""

    status: int
    title: str
    detail: str
    field: str = ""
    faults: Faults = ()
    headers: Mapping[str, str] | None = None

    def response(self) -> Response:
        """The answer that tells it."""
        faults = [*self.faults, *([{"field": self.field, "message": self.detail}] if self.field else [])]
        body: dict[str, object] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        }
        if faults:
            body["errors"] = faults
        written = json.dumps(body, ensure_ascii=False)
        return Response(written, self.status, dict(self.headers or {}), content_type=PROBLEM_TYPE)


def wrong_fields(messages: Mapping[str, object]) -> Problem:
    """The faults that were found in what was sent, each with the path of its field, such as `missing.0`."""
    faults = [{"field": field[:LONGEST_PATH], "message": message} for field, message in _flat(messages)]
    detail = "Some of what was sent cannot be accepted: see errors."
    return Problem(422, "Unprocessable content", detail, faults=faults)


def of_http(error: HTTPException) -> Problem:
    """What Flask itself refuses, such as an unknown address, in the same shape."""
    title = error.name
    return Problem(error.code or 500, title, _DETAILS.get(error.code or 500, f"{title}."))


def _flat(messages: object, above: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(messages, Mapping):
        for name, part in messages.items():
            yield from _flat(part, f"{above}.{name}".removeprefix(".").removesuffix("._schema"))
    elif isinstance(messages, list):
        for part in messages:
            yield from _flat(part, above)
    else:
        yield above, str(messages)


_DETAILS = {
    404: "There is nothing at this address, or it belongs to another line. /api/docs shows what there is.",
    405: "This address does not take that method: /api/docs shows which it takes.",
    413: "The body is larger than 64 KiB: send less.",
    500: "The service failed. Nothing was kept: send the same request again with the same Idempotency-Key.",
}
