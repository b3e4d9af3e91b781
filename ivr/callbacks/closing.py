"""How a callback ends: reached by us, served when the customer rang, kept in another way, withdrawn, given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.bookings.ending import booking_over
from ivr.callbacks.asking import wake_router
from ivr.callbacks.moves import CallbackEvent, move_callback
from ivr.callbacks.rows import Callback, CallbackOutcome, CallbackState, Origin
from ivr.callbacks.telling import ATTEMPTED, OVER, event, tell_of, was_told
from ivr.calls.rows import Call
from ivr.dialling.promising import wake_attempt
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all


class Result(StrEnum):
    """What an attempt came to: the customer, the customer's telephone only, or not even that."""

    REACHED = "reached"
    UNREACHED = "unreached"
    NOT_TRIED = "not_tried"


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt that is over; `outcome` is the attempt's own word for how."""

    attempt_id: str
    result: Result
    outcome: str


@dataclass(frozen=True, slots=True)
class _End:
    """How a callback ends: the move, the outcome, who or what ended it, and the text that the customer gets."""

    move: CallbackEvent
    outcome: CallbackOutcome
    by: str
    text: str | None = None


def customer_reached(session: Session, callback: Callback, attempt_id: str, *, at: datetime) -> None:
    """The right person is on the telephone: the promise is kept. The text that thanks waits for the end of the talk."""
    if callback.state is CallbackState.DIALLING:
        end = _End(CallbackEvent.REACH, CallbackOutcome.REACHED, f"attempt:{attempt_id}")
        _close(session, callback, end, at)


def attempt_over(session: Session, callback: Callback, tried: Tried, *, line: Line, at: datetime) -> None:
    """An attempt is over: the next one follows after the gap, or none if there were enough of them."""
    if was_told(session, callback, ATTEMPTED, about=tried.attempt_id):
        return
    detail = {"attempt": tried.attempt_id, "result": tried.result.value, "outcome": tried.outcome}
    tell_of(session, callback, event(callback, ATTEMPTED, tried.attempt_id, at=at, detail=detail))
    if tried.result is Result.REACHED:
        customer_reached(session, callback, tried.attempt_id, at=at)
        if callback.state is CallbackState.REACHED:
            _promise_text(session, callback, "kept", at)
    elif callback.state is CallbackState.DIALLING:
        _try_again(session, callback, tried, line=line, at=at)


def _try_again(session: Session, callback: Callback, tried: Tried, *, line: Line, at: datetime) -> None:
    rule = line.callbacks
    if tried.result is Result.UNREACHED:
        callback.tries += 1
        callback.not_before = at + timedelta(minutes=rule.gap_minutes)
    if callback.tries >= rule.attempts:
        end = _End(CallbackEvent.GIVE_UP, CallbackOutcome.UNREACHED, f"attempt:{tried.attempt_id}", "unreached")
        _close(session, callback, end, at)
        return
    move_callback(callback, CallbackEvent.MISS)
    wake_router(session, callback, tried.attempt_id, line=line, at=at)


def withdraw(session: Session, callback: Callback, by: str, *, at: datetime) -> None:
    """The customer does not wish it any more; `by` says who told us. Raises `Refused` where it is over."""
    text = None if callback.origin is Origin.BOOKING else "withdrawn"
    _close(session, callback, _End(CallbackEvent.WITHDRAW, CallbackOutcome.WITHDRAWN, by, text), at)


def kept_otherwise(session: Session, callback: Callback, by: str, *, at: datetime) -> None:
    """The answer was given in another way, by e-mail or in another call (K7). Raises `Refused` where it is over."""
    _close(session, callback, _End(CallbackEvent.SERVE, CallbackOutcome.OTHER_WAY, by), at)


def served_by(session: Session, call: Call, *, at: datetime) -> None:
    """A customer who was waiting for our call rang us and was answered: the promise is kept by that call."""
    if call.caller_index is None:
        return
    served = select(Callback).where(
        Callback.number_index == call.caller_index,
        Callback.line == call.line,
        Callback.closed_at.is_(None),
        Callback.origin != Origin.BOOKING,
        Callback.asked_at < call.arrived_at,
    )
    for callback in session.scalars(served.with_for_update(key_share=True)):
        end = _End(CallbackEvent.SERVE, CallbackOutcome.CALLED_IN, f"call:{call.id}")
        _close(session, callback, end, at)


def _close(session: Session, callback: Callback, end: _End, at: datetime) -> None:
    move_callback(callback, end.move)
    callback.outcome, callback.closed_by, callback.closed_at = end.outcome, end.by[:60], at
    detail = {"state": callback.state.value, "outcome": end.outcome.value, "by": end.by}
    tell_of(session, callback, event(callback, OVER, "once", at=at, detail=detail))
    wake_attempt(session, callback.id, at)
    booking_over(session, callback, at=at)
    if end.text is not None:
        _promise_text(session, callback, end.text, at)


def _promise_text(session: Session, callback: Callback, about: str, at: datetime) -> None:
    args = {"callback": callback.id, "about": about, "message": f"{callback.id}-{about}"}
    promise_all(session, [Promise("callback-tell", f"callback-tell:{callback.id}:{about}", at, args)])
