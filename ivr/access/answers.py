"""Requests that may come twice: the first answer is kept with its effect and given again to a repetition.

After draft-ietf-httpapi-idempotency-key-header (IETF, HTTPAPI working group).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ivr.access.rows import KeptAnswer
from ivr.base import Refused
from ivr.promises import Promise, insert_for, promise_all

KEPT_FOR = timedelta(hours=48)
KEY = re.compile(r'"?([A-Za-z0-9_.:+/=-]{1,100})"?')
# SQLSTATE of PostgreSQL: lock not available, query cancelled (both by the time that the web is patient).
WAITED_TOO_LONG = {"55P03", "57014"}


class StillWorking(Exception):
    """The same request is being carried out at this moment by another process."""


class OtherRequest(Exception):
    """The key was used before for a request with another address or body."""


class NoKey(Refused):
    """The header is missing or unreadable."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it was given: the HTTP status and the body."""

    status: int
    body: str


def read_key(header: str | None) -> str:
    """The key of the header, with or without quotation marks; raises `NoKey`."""
    found = KEY.fullmatch((header or "").strip())
    if found is None:
        raise NoKey("the header Idempotency-Key is missing or has other signs than letters, digits and _.:+/=-")
    return found[1]


def fingerprint(method: str, path: str, body: Mapping[str, object] | None) -> str:
    """What makes two requests the same: method, address and body, however its members are ordered."""
    written = json.dumps(body, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(f"{method} {path}\n{written}".encode()).hexdigest()


def claim(session: Session, kept: KeptAnswer) -> Answer | None:
    """Take the key of `kept` for this transaction, or give the answer that was kept under it.

    Another process that holds the key is waited for as long as the database is patient; then `StillWorking` is
    raised. Raises `OtherRequest` where the key stands for something else.
    """
    values = {
        "token_id": kept.token_id,
        "key": kept.key,
        "fingerprint": kept.fingerprint,
        "made_at": kept.made_at,
    }
    statement = insert_for(session.get_bind().dialect.name, KeptAnswer).values(values)
    taken = statement.on_conflict_do_nothing(index_elements=["token_id", "key"]).returning(KeptAnswer.key)
    try:
        if session.scalar(taken) is not None:
            _promise_purge(session, kept.made_at)
            return None
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) in WAITED_TOO_LONG:
            raise StillWorking from None
        raise
    earlier = session.get_one(KeptAnswer, (kept.token_id, kept.key))
    if earlier.fingerprint != kept.fingerprint:
        raise OtherRequest
    return Answer(earlier.status or 0, earlier.body or "")


def keep(session: Session, kept: KeptAnswer, answer: Answer) -> None:
    """Keep the answer under the key that this transaction holds."""
    session.execute(
        update(KeptAnswer)
        .where(KeptAnswer.token_id == kept.token_id, KeptAnswer.key == kept.key)
        .values(status=answer.status, body=answer.body)
    )


def purge(session: Session, *, at: datetime) -> None:
    """Forget answers that are older than anybody repeats a request."""
    session.execute(delete(KeptAnswer).where(KeptAnswer.made_at <= at - KEPT_FOR))


def _promise_purge(session: Session, at: datetime) -> None:
    """One purge for the answers of each day (UTC), when the last of them is old enough."""
    day = at.date()
    due_at = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) + KEPT_FOR
    promise_all(session, [Promise("purge-answers", f"purge-answers:{day}", due_at)])
