"""Callbacks as commands print them: numbers masked, times local, the story from facts and texts."""

from datetime import datetime, timedelta
from typing import Any, TypedDict

import click
from sqlalchemy.orm import Session

from ivr.callbacks.reading import story_of as read_story
from ivr.callbacks.rows import Callback
from ivr.calls.facts import Told
from ivr.dialling.rows import Attempt
from ivr.lines.hours import SEOUL
from ivr.messages.rows import Message

WHEN = click.DateTime(["%H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
"""A local time as it is typed: of the day, or with its date."""
# What %H:%M alone leaves as the year.
NO_YEAR = 1900
ROW = "{callback}  {line:<8} {state:<10} due {due}  {left:>9}  {officer:<16} {number:<14} tries {tries} slips {slips}"


class CallbackEntry(TypedDict):
    """One callback as printed; times in ISO 8601, local. `minutes_left` is None once it is over."""

    callback: str
    receipt_number: str
    line: str
    team: str
    origin: str
    state: str
    outcome: str | None
    number: str
    officer: str | None
    asked_at: str
    due_at: str
    first_due_at: str
    minutes_left: int | None
    tries: int
    slips: int
    call: str | None
    reason: str | None
    closed_at: str | None
    closed_by: str | None


def entry_of(callback: Callback, at: datetime) -> CallbackEntry:
    """One callback as it stands at `at`."""
    left = None if callback.closed_at else int((callback.due_at - at).total_seconds() // 60)
    return {
        "callback": callback.id,
        "receipt_number": callback.receipt_number,
        "line": callback.line,
        "team": callback.team,
        "origin": callback.origin.value,
        "state": callback.state.value,
        "outcome": callback.outcome.value if callback.outcome else None,
        "number": callback.number.masked,
        "officer": callback.officer_id,
        "asked_at": local(callback.asked_at),
        "due_at": local(callback.due_at),
        "first_due_at": local(callback.first_due_at),
        "minutes_left": left,
        "tries": callback.tries,
        "slips": callback.slips,
        "call": callback.call_id,
        "reason": callback.reason,
        "closed_at": local(callback.closed_at) if callback.closed_at else None,
        "closed_by": callback.closed_by,
    }


def row_of(entry: CallbackEntry) -> str:
    """One line for people."""
    left = "over" if entry["minutes_left"] is None else f"{entry['minutes_left']} min"
    due = f"{datetime.fromisoformat(entry['due_at']):%m-%d %H:%M}"
    return ROW.format(**{**entry, "left": left, "due": due, "officer": entry["officer"] or "-"})


def story_of(session: Session, callback: Callback) -> dict[str, Any]:  # Any: JSON of several kinds
    """Everything that happened to one callback: its facts, attempts, texts and verdicts, each with its time."""
    told = read_story(session, callback)
    return {
        "customer": callback.customer,
        "content": callback.content,
        "since": local(callback.since),
        "not_before": local(callback.not_before) if callback.not_before else None,
        "timeline": [_fact(fact) for fact in told.facts],
        "attempts": [_attempt(attempt) for attempt in told.attempts],
        "messages": [_message(message) for message in told.messages],
        "verdicts": [
            {"promise": verdict.standard_id, "verdict": verdict.verdict, "reason": verdict.reason}
            for verdict in told.verdicts
        ],
    }


def local(moment: datetime) -> str:
    """A time in ISO 8601, local."""
    return moment.astimezone(SEOUL).isoformat()


def chosen_time(given: datetime | None, at: datetime) -> datetime | None:
    """A time that was typed: with its date, or the next moment after `at` at which the clock shows it."""
    if given is None or given.year != NO_YEAR:
        return given.replace(tzinfo=SEOUL) if given else None
    here = at.astimezone(SEOUL)
    today = here.replace(hour=given.hour, minute=given.minute, second=0, microsecond=0)
    return today if today > here else today + timedelta(days=1)


def _fact(fact: Told) -> dict[str, Any]:  # Any: JSON of several kinds
    return {"at": local(fact.received_at), "kind": fact.kind, "detail": fact.detail}


def _attempt(attempt: Attempt) -> dict[str, str | None]:
    return {
        "attempt": attempt.id,
        "agent": attempt.agent_id,
        "state": attempt.state.value,
        "outcome": attempt.outcome.value if attempt.outcome else None,
        "made_at": local(attempt.made_at),
        "closed_at": local(attempt.closed_at) if attempt.closed_at else None,
    }


def _message(message: Message) -> dict[str, str | None]:
    return {
        "message": message.id,
        "to": message.recipient.masked,
        "state": message.state.value,
        "at": local(message.written_at),
        "text": message.body,
    }
