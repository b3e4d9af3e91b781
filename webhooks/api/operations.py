"""The one way into the REST API: who asks, may they, is it well formed, was it asked before; then one transaction."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import structlog
from flask import Response, current_app, request
from flask_smorest import Blueprint
from marshmallow import Schema, ValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from ivr.access.answers import Answer, NoKey, OtherRequest, StillWorking, claim, fingerprint, keep, read_key
from ivr.access.rows import KeptAnswer
from ivr.access.tokens import Bearer
from ivr.base import Refused
from ivr.promises import PROMISED
from webhooks.api.access import Paces, bearer, demand
from webhooks.api.asked import Asked
from webhooks.api.body import Given, read_json
from webhooks.api.described import describe
from webhooks.api.problems import Problem, wrong_fields
from webhooks.health import EXTENSION
from webhooks.switchboard import Switchboard

__all__ = ["Asked", "Given", "changes", "makes", "reads"]

PACES = "paces"
ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
JSON_TYPE = "application/json"
# A view takes what was asked and given, and the ids of its path by name; it returns what `gives` dumps.
View: TypeAlias = Callable[..., object]
Shapes: TypeAlias = Schema | type[Schema]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: what allows it, what it takes (body, or query where it only reads), and what it gives."""

    method: str
    scope: str
    takes: Schema | None
    gives: Schema
    status: int

    @property
    def writes(self) -> bool:
        """Whether it changes something, so that it needs a key against repetition."""
        return self.method == "POST"


def makes(
    blueprint: Blueprint, path: str, *, scope: str, takes: Shapes | None, gives: Shapes
) -> Callable[[View], View]:
    """A POST that makes something: answered with 201."""
    return _mounted(blueprint, path, Operation("POST", scope, _shape(takes), _given(gives), 201))


def changes(
    blueprint: Blueprint, path: str, *, scope: str, takes: Shapes | None, gives: Shapes
) -> Callable[[View], View]:
    """A POST that changes what is there: answered with 200."""
    return _mounted(blueprint, path, Operation("POST", scope, _shape(takes), _given(gives), 200))


def reads(
    blueprint: Blueprint, path: str, *, scope: str, takes: Shapes | None, gives: Shapes
) -> Callable[[View], View]:
    """A GET; `takes` is the shape of its query."""
    return _mounted(blueprint, path, Operation("GET", scope, _shape(takes), _given(gives), 200))


def _shape(shape: Shapes | None) -> Schema | None:
    return None if shape is None else _given(shape)


def _given(shape: Shapes) -> Schema:
    return shape() if isinstance(shape, type) else shape


def _mounted(blueprint: Blueprint, path: str, operation: Operation) -> Callable[[View], View]:
    def mount(view: View) -> View:
        def answer(**ids: str) -> Response:
            try:
                return _answer(view, operation, ids)
            except Exception as error:
                return _refusal(error).response()

        answer.__name__, answer.__doc__ = view.__name__, view.__doc__
        described = describe(blueprint, answer, operation)
        blueprint.add_url_rule(path, view.__name__, described, methods=[operation.method])
        return view

    return mount


def _answer(view: View, operation: Operation, ids: Mapping[str, str]) -> Response:
    standing: Switchboard = current_app.extensions[EXTENSION]
    board = standing.fresh()
    paces: Paces = current_app.extensions[PACES]
    at = board.clock()
    token = bearer(request, board.store, at)
    paces.take(token.id, at)
    demand(token, operation.scope)
    if not all(ID.fullmatch(id) for id in ids.values()):
        raise Problem(404, "Not found", "The address holds an id that is none of ours.")
    sent = read_json(request) if operation.writes else request.args.to_dict()
    given = _checked(operation, sent)
    if operation.writes:
        return _write(view, operation, Asking(board, token, at, dict(ids), sent, given))
    with board.store.reading() as session:
        body = _dumped(operation, view(Asked(session, board, token, at), given, **ids))
    return Response(body, operation.status, content_type=JSON_TYPE)


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that is well formed and allowed: whose, when, for which ids, as sent and as read."""

    board: Switchboard
    token: Bearer
    at: datetime
    ids: dict[str, str]
    sent: Given
    given: Given


def _checked(operation: Operation, sent: Given) -> Given:
    if operation.takes is None:
        if sent:
            raise wrong_fields({name: ["Unknown field."] for name in sent})
        return {}
    try:
        return dict(operation.takes.load(sent))
    except ValidationError as error:
        raise wrong_fields(error.messages_dict) from None


def _write(view: View, operation: Operation, asking: Asking) -> Response:
    """The effect and the answer that is kept for a repetition, in one transaction; then the bell."""
    kept = KeptAnswer(
        token_id=asking.token.id,
        key=read_key(request.headers.get("Idempotency-Key")),
        fingerprint=fingerprint(request.method, request.path, asking.sent),
        made_at=asking.at,
    )
    with asking.board.store.transaction() as session:
        answer = claim(session, kept)
        repeated = answer is not None
        if answer is None:
            asked = Asked(session, asking.board, asking.token, asking.at)
            answer = Answer(operation.status, _dumped(operation, view(asked, asking.given, **asking.ids)))
            keep(session, kept, answer)
        promised = session.info.get(PROMISED, False)
    log.info("api", token=asking.token.id, path=request.path, status=answer.status, repeated=repeated)
    if promised and not repeated:
        asking.board.ring_bell()
    headers = {"Idempotent-Replayed": "true"} if repeated else {}
    return Response(answer.body, answer.status, headers, content_type=JSON_TYPE)


def _dumped(operation: Operation, result: object) -> str:
    return json.dumps(operation.gives.dump(result), ensure_ascii=False)


def _refusal(error: Exception) -> Problem:
    """What went wrong, in the one shape; only what is our own fault is logged."""
    match error:
        case Problem():
            return error
        case NoKey():
            detail = f"{error}: send a new one for each thing that is made, and the same one when you try again."
            return Problem(400, "Idempotency-Key needed", detail)
        case OtherRequest():
            detail = "This Idempotency-Key was used for another request: take a new one."
            return Problem(422, "Idempotency-Key used before", detail)
        case StillWorking() | StaleDataError():
            detail = "The same thing is being changed at this moment: send the same request again."
            return Problem(409, "In progress", detail, headers={"Retry-After": "1"})
        case Refused():
            return Problem(409, "Not possible now", str(error))
        case OperationalError() | DBAPIError(connection_invalidated=True):
            log.warning("database not available to the api", error=type(error).__name__)
            detail = "The service cannot keep anything now: send the same request again with the same key."
            return Problem(503, "Not available", detail, headers={"Retry-After": "2"})
        case _:
            log.error("api failed", exc_info=error)
            detail = "The service failed and kept nothing: send the same request again with the same key."
            return Problem(500, "Failed", detail)
