"""Repairs of a line, page by page: by firm, state, way and partner; the overdue ones; and one by what it is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session

from ivr.calls.facts import Told, facts_of
from ivr.messages.rows import Message
from ivr.repairs.moves import OPEN
from ivr.repairs.rows import Repair, RepairState, RepairWay

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Sought:
    """Which repairs: what is None does not matter. `overdue_on` are those open whose day has passed on that day."""

    state: RepairState | None = None
    way: RepairWay | None = None
    partner: str | None = None
    reference: str | None = None
    call_id: str | None = None
    is_open: bool = False
    overdue_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many repairs are open, of these without the partner's number, and past their day."""

    open: int
    unaccepted: int
    overdue: int


ALL: Final = Sought()


def repairs_of(
    session: Session,
    line_id: str,
    *,
    firm: str | None = None,
    sought: Sought = ALL,
    page: tuple[tuple[datetime, str] | None, int] = (None, PAGE),
) -> Sequence[Repair]:
    """Repairs of a line, of one firm where it is given, the latest first; `page`: after which one, and how many."""
    after, limit = page
    query = select(Repair).where(*_conditions(line_id, firm, sought))
    if after is not None:
        query = query.where(tuple_(Repair.asked_at, Repair.id) < after)
    return session.scalars(query.order_by(Repair.asked_at.desc(), Repair.id.desc()).limit(limit)).all()


def standing_of(session: Session, line_id: str, *, firm: str | None = None, today: date) -> Standing:
    """Count the open repairs of a line, of one firm where it is given, on a local day."""
    query = select(
        func.count(),
        func.count().filter(Repair.state == RepairState.ASKED),
        func.count().filter(Repair.due_on < today),
    )
    conditions = _conditions(line_id, firm, Sought(is_open=True))
    return Standing(*session.execute(query.where(*conditions)).one())


def find_repair(session: Session, line_id: str, name: str) -> Repair | None:
    """The repair of the line with this id, or the only one with this number at its partner."""
    found = session.scalars(
        select(Repair).where(Repair.line == line_id, or_(Repair.id == name, Repair.reference == name)).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def story_of(session: Session, repair: Repair) -> tuple[Sequence[Told], Sequence[Message]]:
    """What happened to a repair, and the texts that were written of it, in their order."""
    texts = select(Message).where(Message.subject == f"repair:{repair.id}").order_by(Message.written_at, Message.id)
    # What happened at one moment is told by the version of the row that it made.
    facts = sorted(facts_of(session, repair.id), key=lambda fact: int(fact.key.rpartition(":")[2]))
    return facts, session.scalars(texts).all()


def is_overdue(repair: Repair, today: date) -> bool:
    """Is it open, and its day over?"""
    return repair.state in OPEN and repair.due_on is not None and repair.due_on < today


def _conditions(line_id: str, firm: str | None, sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Repair.line == line_id]
    asked = {"firm": firm, "state": sought.state, "way": sought.way, "partner": sought.partner}
    asked |= {"reference": sought.reference, "call_id": sought.call_id}
    conditions += [getattr(Repair, name) == value for name, value in asked.items() if value is not None]
    if sought.is_open or sought.overdue_on is not None:
        conditions.append(Repair.state.in_(OPEN))
    if sought.overdue_on is not None:
        conditions.append(Repair.due_on < sought.overdue_on)
    return conditions
