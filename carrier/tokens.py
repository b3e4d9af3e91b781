"""Access tokens as Twilio's helper libraries mint them for browsers (docs iam/access-tokens): read, never made."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carrier.options import Account

LONGEST_SECONDS = 24 * 3600
LEEWAY_SECONDS = 60
_IDENTITY = re.compile(r"[A-Za-z0-9_.@+-]{1,121}")


class BadToken(ValueError):
    """A token that lets nobody in; says why."""


@dataclass(frozen=True)
class Pass:
    """Whom a token lets in, and until when."""

    identity: str
    until: datetime


def read_token(text: str, account: Account, now: datetime) -> Pass:
    """Check a token against the account's API key; raises `BadToken`. It may live for 24 hours at most."""
    if not account.key_sid or not account.key_secret:
        raise BadToken("this carrier has no API key: start it with --api-key SK...:SECRET")
    payload = _verified(text, account.key_secret.encode())
    if payload.get("iss") != account.key_sid or payload.get("sub") != account.sid:
        raise BadToken("the access token belongs to another account or API key")
    return Pass(_identity(payload), _valid_until(payload, now))


def _verified(text: str, secret: bytes) -> Mapping[str, object]:
    parts = text.split(".")
    if len(parts) != 3:
        raise BadToken("the access token is no JWT")
    header = _object(parts[0])
    if header.get("alg") != "HS256" or header.get("cty") != "twilio-fpa;v=1":
        raise BadToken("the access token must have the header alg HS256 and cty twilio-fpa;v=1")
    wanted = hmac.new(secret, f"{parts[0]}.{parts[1]}".encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(wanted, _bytes(parts[2])):
        raise BadToken("the access token is not signed with this carrier's API key")
    return _object(parts[1])


def _identity(payload: Mapping[str, object]) -> str:
    match payload.get("grants"):
        case {"identity": str(identity), "voice": {"incoming": {"allow": True}}} if _IDENTITY.fullmatch(identity):
            return identity
        case _:
            raise BadToken("the access token needs an identity and a voice grant that allows incoming calls")


def _valid_until(payload: Mapping[str, object], now: datetime) -> datetime:
    present, end, start = now.timestamp(), _seconds(payload, "exp"), _seconds(payload, "nbf", default=0)
    if end <= present:
        raise BadToken("the access token has expired: ask for a new one")
    if start > present + LEEWAY_SECONDS:
        raise BadToken("the access token is not valid yet")
    if end > present + LONGEST_SECONDS + LEEWAY_SECONDS:
        raise BadToken("the access token lives for more than 24 hours")
    return datetime.fromtimestamp(end, UTC)


def _seconds(payload: Mapping[str, object], name: str, *, default: int | None = None) -> int:
    value = payload.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadToken(f"the access token has no usable {name}")
    return value


def _object(part: str) -> Mapping[str, object]:
    try:
        read = json.loads(_bytes(part))
    except ValueError:
        raise BadToken("the access token is no JWT") from None
    if not isinstance(read, dict):
        raise BadToken("the access token is no JWT")
    return read


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise BadToken("the access token is no JWT") from None
