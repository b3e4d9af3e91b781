"""The callbacks that wait in the queue beside those who hold, and the customers who cannot be rung just now."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from ivr.agents.readiness import somebody_is_ready
from ivr.callbacks.rows import Callback, CallbackState
from ivr.deadlines import WorkingTime
from ivr.dialling.engaged import is_attempted, is_with_us
from ivr.dialling.hours import dial_from

# How soon the router looks again where a customer is on the telephone with us, or being rung, or where somebody is
# ready all the same: another transaction held that agent just then.
LOOK_AGAIN_SECONDS = 10


def is_due(line: str, at: datetime) -> ColumnElement[bool]:
    """The callbacks of a line which may be given to an agent at `at`."""
    begun = Callback.not_before.is_(None) | (Callback.not_before <= at)
    return (Callback.line == line) & (Callback.state == CallbackState.WAITING) & begun


def is_taken() -> ColumnElement[bool]:
    """Whether the customer of a callback is being rung by an attempt, or is on the telephone with us."""
    return is_attempted(Callback.number_index) | is_with_us(Callback.number_index)


def look_again(session: Session, working: WorkingTime, at: datetime) -> datetime | None:
    """When the router has to look again by itself for callbacks that wait; None where something else wakes it."""
    if working.line.callbacks.serve != "queue":
        return None
    left = select(is_taken() | somebody_is_ready(Callback)).where(is_due(working.line.id, at)).distinct()
    soon = session.scalars(left).all()
    if not soon:
        return None
    opens = dial_from(working, at)
    if opens != at:
        return opens
    if not any(soon):
        return None
    # In whole steps, so that many passes of the router make one promise.
    step = int(at.timestamp()) // LOOK_AGAIN_SECONDS + 1
    return datetime.fromtimestamp(step * LOOK_AGAIN_SECONDS, at.tzinfo)
