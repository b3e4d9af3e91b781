"""What the own APIs share: reading JSON bodies, and writing refusals."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

from flask import Response, current_app, jsonify, make_response, request

if TYPE_CHECKING:
    from carrier.gate import Gate


class Refused(ValueError):
    """A request that does not fit; the message says what to do, `status` is the HTTP status."""

    def __init__(self, message: str, status: int = 400) -> None:
        self.status = status
        super().__init__(message)


def refuse(error: Refused) -> Response:
    """Write a refusal as JSON."""
    return make_response(jsonify({"error": str(error)}), error.status)


def gate() -> Gate:
    """Return the door to this app's network."""
    return cast("Gate", current_app.extensions["gate"])


def body() -> Mapping[str, object]:
    """Return the request's JSON object; an empty body is an empty object."""
    if not request.get_data():
        return {}
    given = request.get_json(force=True, silent=True)
    if not isinstance(given, dict):
        raise Refused("the body must be a JSON object")
    return given


def text(given: Mapping[str, object], name: str) -> str:
    """Return a text from a JSON object that must be there."""
    value = given.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(f"{name} is missing: give it as a text")
    return value


def is_loopback(host: str) -> bool:
    """Say whether a host name or address is this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
