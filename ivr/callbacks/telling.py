"""The facts of a callback: one key for each thing that can happen once, and judging after every change."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.callbacks.rows import Callback
from ivr.calls.facts import Told, tell
from ivr.calls.rows import Fact
from ivr.charters.owing import promise_judging

LEG = "callback"
PROMISED, ASKED_AGAIN, ASSIGNED = "callback-promised", "callback-asked-again", "callback-assigned"
REMINDED, LATE, MISSED = "callback-reminded", "callback-late", "callback-missed"
ATTEMPTED, OVER = "callback-attempted", "callback-over"

Detail = Mapping[str, str | int | Mapping[str, str] | None]


def tell_of(session: Session, callback: Callback, event: Told) -> None:
    """Keep what happened to a callback, in the transaction of its cause, and have it judged again."""
    tell(session.connection(), event)
    promise_judging(session, "callback", callback.id, at=event.received_at)


def event(callback: Callback, kind: str, about: str, *, at: datetime, detail: Detail) -> Told:
    """A fact of a callback; `about` tells it apart from others of its kind."""
    return Told(callback.id, f"{kind}:{about}", kind, LEG, at, detail=dict(detail))


def was_told(session: Session, callback: Callback, kind: str, *, about: str) -> bool:
    """Whether this happened already."""
    return session.get(Fact, (callback.id, f"{kind}:{about}")) is not None
