"""Tokens of the REST API: made once, shown once, checked by their hash, revoked at once."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr.access.rows import ApiToken
from ivr.access.scopes import SCOPES, unknown_scopes

LONGEST_DAYS = 730
WRITTEN = re.compile(r"ct_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


class BadGrant(ValueError):
    """A token that cannot be made as it was asked for; the message says what to give."""


class Denial(StrEnum):
    """Why a token is not accepted. Only who holds the secret learns that it is over."""

    UNKNOWN = "unknown"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Grant:
    """What a new token is for; `line` None means every line, `days` is how long it holds."""

    name: str
    line: str | None
    scopes: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that was accepted; `used_on` is the last day on which its use was noted."""

    id: str
    line: str | None
    scopes: frozenset[str]
    used_on: date | None


def make_token(session: Session, grant: Grant, *, at: datetime) -> tuple[ApiToken, str]:
    """Keep a new token; returns its row and its text, which is nowhere kept. Raises `BadGrant`."""
    strange = unknown_scopes(grant.scopes)
    if strange or not grant.scopes:
        raise BadGrant(f"{', '.join(strange) or 'nothing'} is no scope: give some of {', '.join(SCOPES)}")
    if not grant.name.strip():
        raise BadGrant("the name is empty: name the system that will use the token")
    if not 1 <= grant.days <= LONGEST_DAYS:
        raise BadGrant(f"a token holds 1 to {LONGEST_DAYS} days, not {grant.days}")
    secret = secrets.token_urlsafe(32)
    token = ApiToken(
        id=secrets.token_hex(6),
        name=grant.name.strip()[:80],
        line=grant.line,
        scopes=sorted(set(grant.scopes)),
        digest=_digest(secret),
        made_at=at,
        expires_at=at + timedelta(days=grant.days),
    )
    session.add(token)
    session.flush()
    return token, f"ct_{token.id}_{secret}"


def bearer_of(session: Session, text: str, *, at: datetime) -> Bearer | Denial:
    """Who shows this token at `at`; the secret is compared in constant time."""
    found = WRITTEN.fullmatch(text)
    token = session.get(ApiToken, found[1]) if found else None
    # Something is always compared, so that the time tells nothing about which ids exist.
    fits = hmac.compare_digest(_digest(found[2] if found else ""), token.digest if token else _digest("-"))
    if token is None or not fits:
        return Denial.UNKNOWN
    if token.revoked_at is not None:
        return Denial.REVOKED
    if at >= token.expires_at:
        return Denial.EXPIRED
    return Bearer(token.id, token.line, frozenset(token.scopes), token.last_used_on)


def note_use(session: Session, token_id: str, day: date) -> None:
    """Keep the day of the last use, so that tokens nobody uses can be found; written once a day."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_on=day))


def revoke(session: Session, token_id: str, *, at: datetime) -> bool:
    """Let a token end now; returns whether there is one. One that was revoked before keeps its time."""
    token = session.get(ApiToken, token_id)
    if token is None:
        return False
    token.revoked_at = token.revoked_at or at
    return True


def _digest(secret: str) -> str:
    """A plain hash is enough: the secret is 32 random bytes, not a password that could be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
