"""Pages of other programs on this machine: what they may use here, and the access token they must show for it."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import Response, g, make_response, request

from carrier.api.door import Refused, gate, is_loopback
from carrier.numbers import normalise
from carrier.tokens import BadToken, read_token

SDK = "sdk.read_module"
# What a softphone does. Scripting people, texting and everything of the set-up stays with the carrier's own page.
OPEN_TO_TOKENS = frozenset({
    "handsets.read_handset", "handsets.dial", "handsets.answer", "handsets.reject", "handsets.hang_up",
    "handsets.press", "streams.follow", "voice.lend", "voice.collect", "voice.send", "voice.take_sound",
})  # fmt: skip
PREFLIGHT_SECONDS = "600"


def only_from_here() -> Response | None:
    """Let pass only requests of this machine; pages of other programs on it need a token (there is no log-in)."""
    if request.path.startswith(("/2010-04-01/", "/sms/v3.0/")) or request.path == "/healthz":
        return None
    if not is_loopback(request.remote_addr or "") or not is_loopback(urlsplit(f"//{request.host}").hostname or ""):
        raise Refused("only requests from this machine to a loopback address are served", 403)
    origin = request.headers.get("Origin", "")
    if not origin and _is_drawn_in():
        raise Refused("requests from pages of other sites are not served", 403)
    if origin and urlsplit(origin).netloc != request.host:
        admit(origin)
        if request.method == "OPTIONS":
            return make_response("", 204)
    return None


def admit(origin: str) -> None:
    """Let a page of another origin pass, or raise `Refused`: loopback only, own client only, and only with a token."""
    if not is_loopback(urlsplit(origin).hostname or ""):
        raise Refused("requests from pages of other sites are not served", 403)
    if request.endpoint == SDK:
        return
    if request.endpoint not in OPEN_TO_TOKENS:
        raise Refused("pages of other programs may use their own client: handset only", 403)
    if request.method == "OPTIONS":
        return
    identity = _identity()
    if normalise((request.view_args or {}).get("number", "")) != f"client:{identity}":
        raise Refused(f"the access token is that of client:{identity}, and of no other handset", 403)


def admitted_until() -> datetime | None:
    """Return when the pass ends with which this request came in; None for the carrier's own page."""
    until: datetime | None = g.get("admitted_until")
    return until


def share(answer: Response) -> Response:
    """Let a page of another loopback origin read the answer, refusals too."""
    origin = request.headers.get("Origin", "")
    open_to_others = request.endpoint == SDK or request.endpoint in OPEN_TO_TOKENS
    if origin and open_to_others and is_loopback(urlsplit(origin).hostname or ""):
        answer.headers["Access-Control-Allow-Origin"] = origin
        answer.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        answer.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT"
        answer.headers["Access-Control-Max-Age"] = PREFLIGHT_SECONDS
    if open_to_others:
        answer.vary.add("Origin")
    return answer


def _is_drawn_in() -> bool:
    """Say whether a foreign page asks as if for a picture or a script, which browsers do without naming an origin."""
    asked = request.headers
    return asked.get("Sec-Fetch-Site") == "cross-site" and asked.get("Sec-Fetch-Mode") != "navigate"


def _identity() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Refused("pages of other programs need an access token: Authorization: Bearer TOKEN", 401)
    try:
        with gate().entered() as network:
            admitted = read_token(token.strip(), network.account, network.now)
    except BadToken as error:
        raise Refused(str(error), 401) from None
    g.admitted_until = admitted.until
    return admitted.identity
