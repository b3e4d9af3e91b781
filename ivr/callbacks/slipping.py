"""A promise that will not be kept in time: the customer is told why and the new time before the old one is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.callbacks.assigning import assign
from ivr.callbacks.ladder import climb, whole_minute
from ivr.callbacks.rows import Callback
from ivr.callbacks.telling import LATE, MISSED, event, tell_of
from ivr.charters.limits import Limit
from ivr.deadlines import WorkingTime
from ivr.directory.asking import absence_of, supervisor_of
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all

SYSTEM = "system"
SLIPPED = "slipped"
# What slipped too often is told once a working day: nobody gets a new time again and again on one day.
WORKING_DAY = Limit(1, "days")


class LateReason(StrEnum):
    """Why it will be later, as the customer is told: worded in `callback_late` of the speeches."""

    AGENTS_BUSY = "agents_busy"
    OFFICER_ABSENT = "officer_absent"
    NO_ANSWER = "no_answer"
    PREPARING = "preparing"
    TECHNICAL = "technical"


@dataclass(frozen=True, slots=True)
class Slip:
    """A new time and why; `until` None is the line's own extension. `by` is SYSTEM or a person's id."""

    reason: LateReason
    by: str = SYSTEM
    until: datetime | None = None


def slip(session: Session, callback: Callback, given: Slip, *, working_time: WorkingTime, at: datetime) -> None:
    """Move the time told, tell the customer, and start the reminders for the new one (K20).

    After the line's number of slips the callback is the supervisor's, who is told of each further one.

    Raises `Refused` for a callback that is over, or a time that is no later than the one told.
    """
    if callback.closed_at is not None:
        raise Refused(f"callback {callback.id} is over: its time cannot be moved any more")
    until = whole_minute(given.until) if given.until else _extended(callback, working_time, at)
    if until <= max(callback.due_at, at):
        raise Refused("the new time must be later than the time told, and lie ahead")
    before, callback.due_at = callback.due_at, until
    callback.slips += 1
    detail = {"due": before.isoformat(), "until": until.isoformat(), "reason": given.reason.value, "by": given.by}
    tell_of(session, callback, event(callback, LATE, str(callback.slips), at=at, detail=detail))
    promise_all(session, [*climb(callback, working_time, at=at), _text(callback, at)])
    if callback.slips > working_time.line.callbacks.slips:
        _escalate(session, callback, working_time.line, at)


def note_missed(session: Session, callback: Callback, *, at: datetime) -> None:
    """The time told first is over, and nobody reached the customer."""
    detail = {"due": callback.first_due_at.isoformat(), "reason": likely_reason(session, callback, at=at).value}
    tell_of(session, callback, event(callback, MISSED, "first", at=at, detail=detail))


def likely_reason(session: Session, callback: Callback, *, at: datetime) -> LateReason:
    """Why nobody got through so far, by what is known."""
    if callback.tries:
        return LateReason.NO_ANSWER
    if callback.officer_id and absence_of(session, callback.officer_id, at=at) is not None:
        return LateReason.OFFICER_ABSENT
    return LateReason.AGENTS_BUSY


def _escalate(session: Session, callback: Callback, line: Line, at: datetime) -> None:
    supervisor = supervisor_of(session, line, at=at)
    if supervisor is not None:
        assign(session, callback, supervisor, why=SLIPPED, at=at)
    args: dict[str, str | int] = {"callback": callback.id, "due": callback.due_at.isoformat(), "minutes": 0}
    key = f"callback-remind:{callback.id}:slip:{callback.slips}"
    promise_all(session, [Promise("callback-remind", key, at, args)])


def _extended(callback: Callback, working_time: WorkingTime, at: datetime) -> datetime:
    """Each further extension is longer by as much again; after the line's number of slips it is a working day."""
    rule, since = working_time.line.callbacks, max(callback.due_at, at)
    if callback.slips >= rule.slips:
        return whole_minute(working_time.due(since, WORKING_DAY, "working_hours_8"))
    limit = Limit(rule.extend_by.amount * (callback.slips + 1), rule.extend_by.unit)
    return max(whole_minute(working_time.due(since, limit, rule.basis)), whole_minute(at) + timedelta(minutes=1))


def _text(callback: Callback, at: datetime) -> Promise:
    number, id = callback.slips, callback.id
    args: dict[str, str | int] = {"callback": id, "about": "late", "message": f"{id}-late-{number}", "slip": number}
    return Promise("callback-tell", f"callback-tell:{callback.id}:late:{number}", at, args)
