"""The door of the REST surface: credentials, the request rate, injected faults, and one request at a time."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from flask import Blueprint, Response, current_app, jsonify, make_response, request

from carrier.rest.errors import RestError, gone
from carrier.rest.fields import Fields

if TYPE_CHECKING:
    from carrier.gate import Gate
    from carrier.network import Network

Answer: TypeAlias = tuple[dict[str, object] | bytes | None, int]
View: TypeAlias = Callable[..., Answer]
ROOT = "/2010-04-01/Accounts/<account>"


def resource(blueprint: Blueprint, path: str, method: str) -> Callable[[View], View]:
    """Register a view `(network, fields, **path parts) -> (JSON or WAV or None, HTTP status)` for one operation."""

    def register(view: View) -> View:
        def answer(account: str, **parts: str) -> Response:
            gate: Gate = current_app.extensions["gate"]
            with gate.entered() as network:
                try:
                    _check_credentials(network, account, path)
                    body, status = _with_faults(network, lambda: view(network, _fields(method), **parts))
                except RestError as error:
                    body, status = error.as_json(), error.status
            return _as_response(body, status)

        blueprint.add_url_rule(ROOT + path, f"{method} {view.__name__}", answer, methods=[method])
        return view

    return register


def _fields(method: str) -> Fields:
    return Fields(request.form if method == "POST" else request.args)


def _check_credentials(network: Network, account: str, path: str) -> None:
    ours, given = network.account, request.authorization
    user = (given.username or "") if given else ""
    password = (given.password or "") if given else ""
    if user == ours.sid and _same(password, ours.auth_token):
        pass
    elif ours.key_sid and user == ours.key_sid and _same(password, ours.key_secret) and path != ".json":
        pass  # an API key may do all but read the account itself
    else:
        raise RestError(20003, status=401)
    if account != ours.sid:
        raise gone(f"account {account}")


def _same(given: str, secret: str) -> bool:
    return hmac.compare_digest(given.encode(), secret.encode())


def _with_faults(network: Network, view: Callable[[], Answer]) -> Answer:
    faults, dice = network.faults, network.dice
    if network.over_rate() or dice.happens(faults.rest_429):
        raise RestError(20429, status=429)
    if dice.happens(faults.rest_error_before):
        raise RestError(20500, status=500)
    answer = view()
    if dice.happens(faults.rest_error_after):
        raise RestError(20500, status=500)
    return answer


def _as_response(body: dict[str, object] | bytes | None, status: int) -> Response:
    if isinstance(body, bytes):
        return Response(body, status, content_type="audio/x-wav")
    response = make_response("", status) if body is None else make_response(jsonify(body), status)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response
