"""The steps towards the time told: reminders, the notice before it slips, and what is noted if it was missed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ivr.callbacks.rows import Callback
from ivr.deadlines import WorkingTime
from ivr.lines.callbacks import CallbackRule
from ivr.lines.hours import Open, is_open, next_opening
from ivr.promises import Promise

# The customer is told of a new time at the latest so long before the old one is over.
LATEST_NOTICE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder so many minutes before the time told."""

    minutes: int
    at: datetime


def whole_minute(at: datetime) -> datetime:
    """The minute (UTC) that is told for `at`: never later than it."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)


def promised_by(working_time: WorkingTime, since: datetime) -> datetime:
    """The time (UTC, whole minute) by which a wish of the moment `since` is promised. Raises `NoDeadline`."""
    rule = working_time.line.callbacks
    return whole_minute(working_time.due(since, rule.within, rule.basis))


def reminders(rule: CallbackRule, due_at: datetime, *, after: datetime) -> list[Step]:
    """The reminders that still lie ahead of the moment `after`, the first one first."""
    steps = (Step(minutes, due_at - timedelta(minutes=minutes)) for minutes in rule.remind_before)
    return [step for step in steps if step.at > after]


def notice_at(working_time: WorkingTime, due_at: datetime, *, after: datetime) -> datetime:
    """When the customer is told that it will be later, if nobody got through.

    Not before half the time since `after` is over, not before the line opens, and always before `due_at`.
    """
    line, calendar = working_time.line, working_time.calendar
    wished = max(due_at - timedelta(minutes=line.callbacks.notice_before), after + (due_at - after) / 2)
    if not isinstance(is_open(line, calendar, wished), Open):
        wished = max(wished, next_opening(line, calendar, wished) or wished)
    return min(wished, due_at - LATEST_NOTICE)


def climb(callback: Callback, working_time: WorkingTime, *, at: datetime) -> Iterator[Promise]:
    """The promises of every step from `at` on; those for another time told do nothing when they fall due."""
    due_at, start = callback.due_at, max(at, callback.not_before or at)
    ids = {"callback": callback.id, "due": due_at.isoformat()}
    stamp = f"{callback.id}:{due_at:%Y%m%dT%H%M}:{at:%Y%m%dT%H%M%S%f}"
    for step in reminders(working_time.line.callbacks, due_at, after=at):
        key = f"callback-remind:{stamp}:{step.minutes}"
        yield Promise("callback-remind", key, step.at, {**ids, "minutes": step.minutes})
    yield Promise("callback-notice", f"callback-notice:{stamp}", notice_at(working_time, due_at, after=start), ids)
    yield Promise("callback-due", f"callback-due:{callback.id}", callback.first_due_at, {"callback": callback.id})
