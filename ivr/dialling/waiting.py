"""The callbacks that wait in the queue beside those who hold, and the customers who cannot be rung just now."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.agents.readiness import somebody_is_ready
from ivr.callbacks.rows import Callback, CallbackState
from ivr.calls.rows import Call
from ivr.deadlines import WorkingTime
from ivr.dialling.hours import dial_from
from ivr.dialling.rows import Attempt, AttemptState
from ivr.voicing.rows import Reading

# How soon the router looks again where a customer is on the telephone with us, or being rung, or where somebody is
# ready all the same: another transaction held that agent just then.
LOOK_AGAIN_SECONDS = 10


def is_due(line: str, at: datetime) -> ColumnElement[bool]:
    """The callbacks of a line which may be given to an agent at `at`."""
    begun = Callback.not_before.is_(None) | (Callback.not_before <= at)
    return (Callback.line == line) & (Callback.state == CallbackState.WAITING) & begun


def is_taken() -> ColumnElement[bool]:
    """Whether the customer of a callback is being rung by an attempt, or is on the telephone with us."""
    rung = exists().where(Attempt.number_index == Callback.number_index, Attempt.state != AttemptState.OVER)
    return rung | is_with_us(Callback.number_index)


def is_with_us(number_index: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """Whether this number is in a call to any line of ours, or a text is being read out to it."""
    calling = exists().where(Call.caller_index == number_index, Call.ended_at.is_(None))
    return calling | exists().where(Reading.number_index == number_index, Reading.closed_at.is_(None))


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
