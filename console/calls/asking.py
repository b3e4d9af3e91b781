"""What somebody looks for among the calls: read from the address, where a caller's number never stands."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from flask import request, session
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.days import read_day
from console.office import office
from console.visitor import visitor
from ivr.agents.rows import Agent
from ivr.calls.record import Outcome
from ivr.calls.searching import FAULTS, GAVE_UP_WAITING, GOING_ON, Sought
from ivr.charters.judges.judgement import Finding
from ivr.charters.model import UnknownCharter
from ivr.figures.asking import Period
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber

DAYS: Final = 7
KEPT_FOR: Final = timedelta(minutes=30)
MOST_KEPT: Final = 3
OF_CALLS: Final = frozenset({"call", "offer", "transfer"})
SEARCHES: Final = "call_searches"
OUTCOMES: Final = (*(outcome.value for outcome in Outcome), GAVE_UP_WAITING, GOING_ON)
FIELDS: Final = ("first", "last", "outcome", "agent", "team", "finding", "promise", "receipt", "search")


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: what was typed, what it means, and what of it cannot be meant (ids of texts, by field).

    `masked` is the caller's number that was asked for, without its middle; `is_over` that it must be given again.
    """

    typed: dict[str, str]
    sought: Sought
    faults: dict[str, str] = field(default_factory=dict)
    masked: str = ""
    is_over: bool = False

    @property
    def address(self) -> dict[str, Any]:  # Any: as `url_for` takes it
        """The search as the query of an address."""
        return {name: value for name, value in self.typed.items() if value}


def read_asked(reading: Session, given: dict[str, str]) -> Asked:
    """Read a search; without any day, and without a number or receipt, it is of the last days."""
    typed = {name: given.get(name, "").strip()[:60] for name in FIELDS}
    faults: dict[str, str] = {}
    index, masked, is_over = _number(typed["search"])
    period = _period(typed, faults, is_named=bool(typed["receipt"] or typed["search"]))
    agent = _agent(reading, typed["agent"], faults)
    sought = Sought(
        line=visitor().line.id,
        period=period,
        outcome=_one_of(typed, "outcome", OUTCOMES),
        agent=agent,
        team=_one_of(typed, "team", visitor().line.teams),
        promise=_one_of(typed, "promise", [key for key, _ in promises()]),
        finding=_finding(typed),
        receipt=typed["receipt"].upper() or None,
        number=index,
    )
    return Asked(typed, sought, faults, masked, is_over)


def asked_in_address(reading: Session) -> Asked:
    """The search of this address."""
    return read_asked(reading, request.args.to_dict())


def keep_number(number: PhoneNumber) -> str:
    """Keep a number to be searched for, by its blind index, for a while; returns the name that stands for it."""
    name, until = secrets.token_urlsafe(9), office().clock() + KEPT_FOR
    kept = dict(list(session.get(SEARCHES, {}).items())[-(MOST_KEPT - 1) :])
    kept[name] = [visitor().line.id, office().store.keyring.index(number), number.masked, until.isoformat()]
    session[SEARCHES] = kept
    return name


def _number(name: str) -> tuple[str | None, str, bool]:
    """Index and masked form of a kept number, and whether it is not kept any more."""
    if not name:
        return None, "", False
    kept = session.get(SEARCHES, {}).get(name)
    if kept is None or kept[0] != visitor().line.id or datetime.fromisoformat(kept[3]) < office().clock():
        return None, "", True
    return kept[1], kept[2], False


def _period(typed: dict[str, str], faults: dict[str, str], *, is_named: bool) -> Period | None:
    today = office().clock().astimezone(SEOUL).date()
    first, last = _day(typed, "first", faults), _day(typed, "last", faults)
    if is_named and first is None and last is None:
        return None
    last = last or today
    first = first or min(last, today) - timedelta(days=DAYS - 1)
    if first > last:
        faults["first"] = "calls.fault.order"
        first = last
    typed["first"], typed["last"] = first.isoformat(), last.isoformat()
    return Period(first, last)


def _day(typed: dict[str, str], name: str, faults: dict[str, str]) -> date | None:
    day = read_day(typed[name])
    if typed[name] and day is None:
        faults[name] = "calls.fault.day"
    return day


def _one_of(typed: dict[str, str], name: str, known: Iterable[str]) -> str | None:
    """A choice of a list; one that is not on it is as if nothing were chosen."""
    if typed[name] not in set(known):
        typed[name] = ""
    return typed[name] or None


def _finding(typed: dict[str, str]) -> Finding | None:
    given = _one_of(typed, "finding", [finding.value for finding in FAULTS])
    # A promise alone means those that were not kept.
    if given is None and typed["promise"]:
        typed["finding"] = given = Finding.MISSED.value
    return Finding(given) if given else None


def _agent(reading: Session, typed: str, faults: dict[str, str]) -> str | None:
    """An agent of the line by id, by name, or by "name (id)"; of several with one name none."""
    if not typed:
        return None
    id = typed[typed.rfind("(") + 1 :].rstrip(")") if typed.endswith(")") else typed
    named = select(Agent.id).where(Agent.line == visitor().line.id, (Agent.id == id) | (Agent.name == typed))
    found = reading.scalars(named.limit(2)).all()
    if len(found) == 1:
        return found[0]
    faults["agent"] = "calls.fault.agents" if found else "calls.fault.agent"
    return None


def promises() -> list[tuple[str, str]]:
    """The promises that calls of the visitor's line are judged by: key, and key with title."""
    try:
        charter = office().charters.of(visitor().line.id)
    except UnknownCharter:
        return []
    judged = [each for each in charter.all if each.scope in OF_CALLS]
    return list({each.key: f"{each.key} {each.title}" for each in judged}.items())
