"""The ladder of an hour, read from what was kept: each callback from its promise over every step to its end."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.callbacks.rows import Callback, CallbackOutcome
from ivr.callbacks.telling import LATE, REMINDED
from ivr.calls.facts import Told, facts_of
from ivr.charters.verdicts import verdicts_of
from ivr.dialling.rows import Attempt
from ivr.lines.hours import SEOUL
from ivr.messages.rows import Message

SEOUL_OFFSET = "+09:00"
KEPT, SLIPPED, MISSED, WITHDRAWN, UNREACHED, OPEN = "kept", "slipped", "missed", "withdrawn", "unreached", "open"
RESULTS = (KEPT, SLIPPED, MISSED, WITHDRAWN, UNREACHED, OPEN)
SERVED = {CallbackOutcome.REACHED, CallbackOutcome.CALLED_IN, CallbackOutcome.OTHER_WAY}


class Reminder(TypedDict):
    """One reminder: when it was given, for which time and step, to whom, and how many seconds off its minute."""

    at: str
    minutes: int
    due: str
    role: str
    officer: str
    seconds_late: float


class Notice(TypedDict):
    """The customer is told of a new time: when, why, and how many seconds before the old time was over."""

    at: str
    due: str
    until: str
    reason: str
    seconds_before: float


class Try(TypedDict):
    """One attempt: when the agent was rung, when the customer's telephone, and how it ended."""

    at: str
    rang: str | None
    agent: str
    outcome: str | None


class Text(TypedDict):
    """One text to the customer or an officer."""

    at: str
    template: str
    state: str


class Rung(TypedDict):
    """One callback with all its steps; `result` is one of RESULTS, `due` the time told first."""

    callback: str
    origin: str
    asked: str
    due: str
    result: str
    reminders: list[Reminder]
    notices: list[Notice]
    attempts: list[Try]
    first_attempt: str | None
    ended: str | None
    outcome: str | None
    verdicts: Mapping[str, str]
    texts: list[Text]


def ladder_of(session: Session) -> list[Rung]:
    """Every callback of the database, the first one asked for first."""
    return [_rung(session, callback) for callback in session.scalars(select(Callback).order_by(Callback.asked_at))]


def sums_of(ladder: Sequence[Rung]) -> Mapping[str, int]:
    """How many were promised, how many steps were made, and how many ended in which way."""
    results = Counter(rung["result"] for rung in ladder)
    steps = {
        "promised": len(ladder),
        "reminders": sum(len(rung["reminders"]) for rung in ladder),
        "notices": sum(len(rung["notices"]) for rung in ladder),
    }
    return steps | {result: results[result] for result in RESULTS}


def result_of(callback: Callback, facts: Sequence[Told]) -> str:
    """How the time told first was kept. It slipped where the customer was told so before it was over."""
    due, ended = callback.first_due_at, callback.closed_at
    if ended is not None and ended <= due:
        if callback.outcome in SERVED:
            return KEPT
        return WITHDRAWN if callback.outcome is CallbackOutcome.WITHDRAWN else UNREACHED
    told = (fact.received_at for fact in facts if fact.kind == LATE and _moment(fact, "due") == due)
    if any(at < due for at in told):
        return SLIPPED
    return MISSED if ended is not None else OPEN


def _rung(session: Session, callback: Callback) -> Rung:
    facts = facts_of(session, callback.id)
    attempts = list(_attempts(session, callback))
    return {
        "callback": callback.id,
        "origin": callback.origin.value,
        "asked": clock(callback.asked_at),
        "due": clock(callback.first_due_at),
        "result": result_of(callback, facts),
        "reminders": [_reminder(fact) for fact in facts if fact.kind == REMINDED],
        "notices": [_notice(fact) for fact in facts if fact.kind == LATE],
        "attempts": attempts,
        "first_attempt": next((one["rang"] for one in attempts if one["rang"]), None),
        "ended": clock(callback.closed_at) if callback.closed_at else None,
        "outcome": callback.outcome.value if callback.outcome else None,
        "verdicts": {verdict.key: verdict.verdict.value for verdict in verdicts_of(session, callback.id)},
        "texts": list(_texts(session, callback)),
    }


def _reminder(fact: Told) -> Reminder:
    minutes, due = int(fact.detail["minutes"]), _moment(fact, "due")
    # Told of a slip too many at once, and not before any time.
    meant = due - timedelta(minutes=minutes) if minutes else fact.received_at
    return {
        "at": clock(fact.received_at),
        "minutes": minutes,
        "due": clock(due),
        "role": str(fact.detail["role"]),
        "officer": str(fact.detail["officer"]),
        "seconds_late": round((fact.received_at - meant).total_seconds(), 3),
    }


def _notice(fact: Told) -> Notice:
    due = _moment(fact, "due")
    return {
        "at": clock(fact.received_at),
        "due": clock(due),
        "until": clock(_moment(fact, "until")),
        "reason": str(fact.detail["reason"]),
        "seconds_before": round((due - fact.received_at).total_seconds(), 3),
    }


def _attempts(session: Session, callback: Callback) -> Iterator[Try]:
    query = select(Attempt).where(Attempt.callback_id == callback.id).order_by(Attempt.ordinal)
    for attempt in session.scalars(query):
        rang = (fact.received_at for fact in facts_of(session, attempt.id) if _reached_the_telephone(fact))
        first = min(rang, default=None)
        yield {
            "at": clock(attempt.made_at),
            "rang": clock(first) if first else None,
            "agent": attempt.agent_id,
            "outcome": attempt.outcome.value if attempt.outcome else None,
        }


def _reached_the_telephone(fact: Told) -> bool:
    if fact.leg != "caller":
        return False
    return fact.kind == "leg-ringing" or (fact.kind == "leg-ended" and fact.detail.get("status") == "busy")


def _texts(session: Session, callback: Callback) -> Iterator[Text]:
    query = select(Message).where(Message.subject == f"callback:{callback.id}").order_by(Message.written_at, Message.id)
    for message in session.scalars(query):
        template = message.template.partition("/")[0]
        yield {"at": clock(message.written_at), "template": template, "state": message.state.value}


def clock(at: datetime) -> str:
    """A moment as the wall clock in Korea shows it, to the second, with its date."""
    return at.astimezone(SEOUL).isoformat(" ", timespec="seconds").removesuffix(SEOUL_OFFSET)


def _moment(fact: Told, name: str) -> datetime:
    return datetime.fromisoformat(str(fact.detail[name]))
