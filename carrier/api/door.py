"""Reading JSON bodies, writing refusals, and keeping everybody but this machine out."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

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


def only_from_here() -> Response | None:
    """Let pass only requests of this machine, and no page of another site (these APIs have no log-in)."""
    if request.path.startswith(("/2010-04-01/", "/sms/v3.0/")) or request.path == "/healthz":
        return None
    if not _is_loopback(request.remote_addr or "") or not _is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        return refuse(Refused("only requests from this machine to a loopback address are served", 403))
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != request.host:
        return refuse(Refused("requests from pages of other sites are not served", 403))
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
