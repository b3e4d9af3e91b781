"""Who asks: the bearer token of a request, what it allows, and how often it may ask."""

from datetime import datetime

from flask import Request

from ivr.access.pace import Bucket, taken
from ivr.access.tokens import Bearer, Denial, bearer_of, note_use
from ivr.store import Store
from webhooks.api.problems import Problem

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="charterline"'}
WHY = {
    Denial.UNKNOWN: "The token is not known here: ask the operator for one (charterline tokens add).",
    Denial.EXPIRED: "The token is over: ask the operator for a new one (charterline tokens add).",
    Denial.REVOKED: "The token was revoked: ask the operator.",
}


class Paces:
    """The buckets of this process: they keep one client from crowding out calls, and need no Redis."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def take(self, token_id: str, at: datetime) -> None:
        """Count one request; raises `Problem` (429) when the bucket is empty."""
        left = taken(self._buckets.get(token_id), at)
        if isinstance(left, float):
            headers = {"Retry-After": str(int(left) + 1)}
            raise Problem(429, "Too many requests", "This token asks too often: wait a moment.", headers=headers)
        self._buckets[token_id] = left


def bearer(asked: Request, store: Store, at: datetime) -> Bearer:
    """The token that is shown; raises `Problem` (401)."""
    scheme, _, text = asked.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Problem(401, "Token needed", "Send the header Authorization: Bearer TOKEN.", headers=CHALLENGE)
    with store.reading() as session:
        found = bearer_of(session, text.strip(), at=at)
    if isinstance(found, Denial):
        raise Problem(401, "Token not accepted", WHY[found], headers=CHALLENGE)
    if found.used_on != at.date():
        with store.transaction() as session:
            note_use(session, found.id, at.date())
    return found


def demand(token: Bearer, scope: str) -> None:
    """Raises `Problem` (403) when the token does not allow this."""
    if scope not in token.scopes:
        raise Problem(403, "Not allowed", f"The token lacks the scope {scope}: ask the operator for one that has it.")
