"""Access tokens for softphones, as the carrier checks them (Twilio, Access Tokens: JWT, HS256, `twilio-fpa;v=1`)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from joserfc import jwt
from joserfc.jwk import OctKey

from console.office import SoftphoneAccount

LIFETIME: Final = timedelta(hours=1)
HEADER: Final = {"typ": "JWT", "alg": "HS256", "cty": "twilio-fpa;v=1"}


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the moment at which it ends."""

    text: str
    ends_at: datetime


def mint(account: SoftphoneAccount, identity: str, *, at: datetime) -> Token:
    """A token with which a softphone of this identity may register and be rung, for LIFETIME, and nothing else."""
    begins = int(at.timestamp())
    payload = {
        "jti": f"{account.key_sid}-{begins}",
        "iss": account.key_sid,
        "sub": account.account_sid,
        "nbf": begins,
        "exp": begins + int(LIFETIME.total_seconds()),
        "grants": {"identity": identity, "voice": {"incoming": {"allow": True}}},
    }
    key = OctKey.import_key(account.key_secret)
    return Token(jwt.encode(HEADER, payload, key, algorithms=["HS256"]), at + LIFETIME)
