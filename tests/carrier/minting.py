"""Access tokens as an app mints them with Twilio's own library, and bent ones."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from tests.carrier.stage import KEY, KEY_SECRET, SID


def token_of(identity: str, *, at: datetime, seconds: int = 3600, key: tuple[str, str] = (KEY, KEY_SECRET)) -> str:
    """A token for a softphone of the stage's account, valid for so many seconds from `at` on."""
    start = int(at.timestamp())
    token = AccessToken(SID, *key, identity=identity, valid_until=start + seconds, nbf=start)
    token.add_grant(VoiceGrant(incoming_allow=True))
    return str(token.to_jwt())


def bent(token: str, *, header: dict[str, object] | None = None, payload: dict[str, object] | None = None) -> str:
    """The token with fields of its header or payload replaced, signed anew with the right secret."""
    parts = token.split(".")
    for place, fields in enumerate((header or {}, payload or {})):
        read = json.loads(base64.urlsafe_b64decode(parts[place] + "=="))
        parts[place] = _written(json.dumps({**read, **fields}).encode())
    signature = hmac.new(KEY_SECRET.encode(), ".".join(parts[:2]).encode(), hashlib.sha256).digest()
    return ".".join([*parts[:2], _written(signature)])


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
