"""What is owed to a customer after a call: the promise to judge it, made whenever a verdict of it may change."""

from datetime import datetime
from typing import Literal, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.calls.rows import Fact
from ivr.promises import Promise, promise_all

OwedScope = Literal["callback", "document", "case", "attempt", "survey"]
"""What may be judged besides calls. An attempt is one outgoing call of a callback, judged like a call (D9); a survey
is one dial of a campaign (A17-A22)."""


def promise_judging(session: Session, scope: OwedScope, id: str, *, at: datetime) -> None:
    """Have it judged, in this transaction: once for all that was told of it up to now, whatever happens after."""
    told = session.scalar(select(func.count()).select_from(Fact).where(Fact.subject == id))
    _promise(session, scope, id, at=at, about=f"{at.isoformat()}:{told}")


def promise_look(session: Session, scope: OwedScope, id: str, *, at: datetime) -> None:
    """Have it judged again at a later moment, at which time alone may change what is found."""
    _promise(session, scope, id, at=at, about=f"until:{at.isoformat()}")


def _promise(session: Session, scope: OwedScope, id: str, *, at: datetime, about: str) -> None:
    key = f"judge-owed:{scope}:{id}:{about}"
    promise_all(session, [Promise("judge-owed", key, at, {"scope": scope, "id": id})])


def judge_text(session: Session, subject: str, *, at: datetime) -> None:
    """A text about `subject` (`document:ID` ...) has come further: what it told may have reached the customer now."""
    scope, _, id = subject.partition(":")
    if scope in {"callback", "document", "case"}:
        _promise(session, cast(OwedScope, scope), id, at=at, about=f"text:{at.isoformat()}")
