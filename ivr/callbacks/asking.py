"""Asking to be called back: the one way in, from the telephone, an agent, a booking or another program."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK, Refused
from ivr.callbacks.ladder import climb, promised_by, whole_minute
from ivr.callbacks.rows import CHOSEN, Callback, CallbackState, Origin
from ivr.callbacks.telling import ASKED_AGAIN, PROMISED, event, tell_of, was_told
from ivr.deadlines import WorkingTime
from ivr.directory.asking import in_charge
from ivr.health.crowd import IN_TIME, behind, next_look
from ivr.identifiers import receipt_number
from ivr.lines.calendar import Calendar
from ivr.lines.hours import SEOUL, Open, is_open, next_opening
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.promises import Promise, insert_for, promise_all
from ivr.sealing import index_of

# Two wishes of one number at the same moment: one waits for the other, and then joins it.
TRIES_TO_JOIN = 3


class BadTime(Refused):
    """A time that somebody chose is over, ends before it begins, or leaves no opening hours; the message says which."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody asks for. The same `id` (at most 30 characters) is the same wish.

    `since` is the original arrival in the queue. `not_before` and `due_at` are for a time that was chosen or was
    told already; left out, the line's rule decides. `reason` is the code why the question could not be answered at
    once (K7, D1), `lacking` the code why a part of a memo is missing, by its name (D6).
    """

    id: str
    line: Line
    team: str
    origin: Origin
    number: PhoneNumber
    skill: str | None = None
    call_id: str | None = None
    since: datetime | None = None
    not_before: datetime | None = None
    due_at: datetime | None = None
    customer: str | None = None
    content: str | None = None
    reason: str | None = None
    lacking: Mapping[str, str] = field(default_factory=dict)


def ask_callback(session: Session, wish: Wish, *, calendar: Calendar, at: datetime) -> Callback:
    """Promise to call back, or join the promise that is open for this number; returns the callback.

    Raises `Refused` for a number that cannot be called or a team that the line has not, `BadTime` for a chosen time.
    """
    _check(wish)
    working_time = WorkingTime(wish.line, calendar)
    if wish.origin in {Origin.API, Origin.MEMO} and wish.due_at is not None:
        _check_chosen(working_time, wish.not_before, wish.due_at, at=at)
    for _ in range(TRIES_TO_JOIN):
        known = session.get(Callback, wish.id, with_for_update=ROW_LOCK)
        if known is not None:
            return known
        standing = None if wish.origin is Origin.BOOKING else open_callback(session, wish.line, wish.number)
        if standing is not None:
            return _join(session, standing, wish, working_time=working_time, at=at)
        made = _write(session, wish, working_time, at)
        if made is not None:
            _promise(session, made, wish, working_time=working_time, at=at)
            return made
    raise Refused("this number is asked for again and again at this very moment: try once more")


def open_callback(session: Session, line: Line, number: PhoneNumber) -> Callback | None:
    """The promise that is open for a number, locked; an appointment is none."""
    return session.scalars(
        select(Callback)
        .where(Callback.line == line.id, Callback.number_index == index_of(session, number))
        .where(Callback.closed_at.is_(None), Callback.origin != Origin.BOOKING)
        .with_for_update(key_share=True)
    ).first()


def _check(wish: Wish) -> None:
    if not wish.number.may_be_called:
        raise Refused(f"{wish.number.masked} cannot be called back: give a telephone number of a person")
    if wish.team not in wish.line.teams:
        raise Refused(f"{wish.line.id} has no team {wish.team!r}: known are {', '.join(wish.line.teams)}")


def _check_chosen(working_time: WorkingTime, not_before: datetime | None, due_at: datetime, *, at: datetime) -> None:
    """A time that a person chose must leave some working time in which the customer can be called."""
    if due_at <= at:
        raise BadTime("the time asked for is over: give one that lies ahead")
    begins = max(at, not_before or at)
    if due_at <= begins:
        raise BadTime("the time asked for would end before its beginning: give a later end")
    opening = _opening(working_time, begins)
    if opening is not None and opening >= due_at:
        until = f"{opening.astimezone(SEOUL):%Y-%m-%d %H:%M}"
        raise BadTime(f"{working_time.line.id} is closed until {until}: give a time after that")


def _write(session: Session, wish: Wish, working_time: WorkingTime, at: datetime) -> Callback | None:
    """Write the row; None where another wish of this number was written at the same moment."""
    due_at = whole_minute(wish.due_at) if wish.due_at else promised_by(working_time, at)
    officer = in_charge(session, wish.line, team=wish.team, at=at)
    values = {
        "id": wish.id,
        "line": wish.line.id,
        "team": wish.team,
        "skill": wish.skill,
        "origin": wish.origin,
        "call_id": wish.call_id,
        "receipt_number": receipt_number(wish.call_id or wish.id, f"{at.astimezone(SEOUL):%m%d}"),
        "number": wish.number,
        "number_index": index_of(session, wish.number),
        "customer": wish.customer,
        "content": wish.content,
        "reason": wish.reason,
        "asked_at": at,
        "since": wish.since or at,
        "not_before": wish.not_before or _opening(working_time, at),
        "due_at": due_at,
        "first_due_at": due_at,
        "officer_id": officer.id if officer else None,
        "tries": 0,
        "slips": 0,
        "state": CallbackState.WAITING,
        "version": 1,
    }
    session.execute(insert_for(session.get_bind().dialect.name, Callback).values(values).on_conflict_do_nothing())
    return session.get(Callback, wish.id, with_for_update=ROW_LOCK)


def _opening(working_time: WorkingTime, at: datetime) -> datetime | None:
    """At closed hours nobody is rung before the line opens."""
    line, calendar = working_time.line, working_time.calendar
    return None if isinstance(is_open(line, calendar, at), Open) else next_opening(line, calendar, at)


def _promise(session: Session, callback: Callback, wish: Wish, *, working_time: WorkingTime, at: datetime) -> None:
    detail = {
        "origin": wish.origin.value,
        "due": callback.due_at.isoformat(),
        "officer": callback.officer_id,
        "call": wish.call_id,
        "reason": wish.reason,
        "lacking": dict(wish.lacking),
        "chosen": wish.due_at is not None and wish.origin in CHOSEN,
    }
    tell_of(session, callback, event(callback, PROMISED, wish.id, at=at, detail=detail))
    promise_all(session, list(climb(callback, working_time, at=at)))
    if wish.origin is not Origin.BOOKING:
        promise_all(session, [_text(callback, wish, at)])
    wake_router(session, callback, "asked", line=wish.line, at=at)


def _join(session: Session, callback: Callback, wish: Wish, *, working_time: WorkingTime, at: datetime) -> Callback:
    """A second wish of the number: the earlier time stays, what is new is added, the standing time is told."""
    if was_told(session, callback, ASKED_AGAIN, about=wish.id):
        return callback
    due_at = whole_minute(wish.due_at) if wish.due_at else promised_by(working_time, at)
    callback.customer = callback.customer or wish.customer
    callback.content = "\n".join(filter(None, (callback.content, wish.content))) or None
    if due_at < callback.due_at:
        begins = wish.not_before or _opening(working_time, at)
        callback.not_before = min(callback.not_before, begins) if callback.not_before and begins else None
        callback.due_at = due_at
        promise_all(session, list(climb(callback, working_time, at=at)))
        wake_router(session, callback, wish.id, line=wish.line, at=at)
    detail = {"origin": wish.origin.value, "call": wish.call_id, "due": callback.due_at.isoformat()}
    tell_of(session, callback, event(callback, ASKED_AGAIN, wish.id, at=at, detail=detail))
    promise_all(session, [_text(callback, wish, at)])
    return callback


def _text(callback: Callback, wish: Wish, at: datetime) -> Promise:
    args = {"callback": callback.id, "about": "promised", "message": promised_text(wish.id)}
    return Promise("callback-tell", f"callback-tell:{wish.id}:promised", at, args)


def promised_text(wish_id: str) -> str:
    """The id of the text in which a wish is confirmed."""
    return f"{wish_id}-promised"


def wake_router(session: Session, callback: Callback, cause: str, *, line: Line, at: datetime) -> None:
    """Have the router look when this callback may be given to an agent; while workers are behind, for many at once."""
    if line.callbacks.serve != "queue":
        return
    due_at, key = max(at, callback.not_before or at), f"route:{callback.id}:{cause}"
    if behind(session, at) > IN_TIME:
        due_at = next_look(due_at)
        key = f"route:callbacks:{line.id}:{due_at.isoformat()}"
    promise_all(session, [Promise("route", key, due_at, {"line": line.id})])
