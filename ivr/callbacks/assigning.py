"""Who is in charge of a callback, whom its reminders reach, and what happens when somebody is absent (D1)."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.callbacks.rows import Callback
from ivr.callbacks.telling import ASSIGNED, event, tell_of
from ivr.directory.asking import absence_of, deputy_of, in_charge, supervisor_of
from ivr.directory.rows import Officer
from ivr.lines.model import Line

OFFICER, DEPUTY, SUPERVISOR = "officer", "deputy", "supervisor"


def assign(session: Session, callback: Callback, officer: Officer, *, why: str, at: datetime) -> None:
    """Give a callback to an officer; `why` is a word or code for the record."""
    if callback.officer_id == officer.id:
        return
    before, callback.officer_id = callback.officer_id, officer.id
    detail = {"officer": officer.id, "before": before, "why": why}
    tell_of(session, callback, event(callback, ASSIGNED, at.isoformat(), at=at, detail=detail))


def give_to(session: Session, callback: Callback, officer_id: str, *, why: str, at: datetime) -> None:
    """Give an open callback to an officer of its line by hand; raises `Refused`."""
    officer = session.get(Officer, officer_id)
    if officer is None or officer.line != callback.line:
        raise Refused(f"{callback.line} has no officer {officer_id}: `charterline directory list` shows them")
    if callback.closed_at is not None:
        raise Refused(f"it is {callback.state.value}: only an open one can be assigned")
    assign(session, callback, officer, why=why, at=at)


def find_officer(session: Session, callback: Callback, *, line: Line, at: datetime) -> Officer | None:
    """The officer in charge who is there; a callback of an absent one goes to the deputy, and the record says why."""
    officer = session.get(Officer, callback.officer_id) if callback.officer_id else None
    absence = absence_of(session, officer.id, at=at) if officer else None
    if officer is not None and absence is None:
        return officer
    instead = deputy_of(session, officer, at=at) if officer else None
    instead = instead or in_charge(session, line, team=callback.team, at=at)
    if instead is None:
        return officer
    assign(session, callback, instead, why=f"absent: {absence.reason}" if absence else "in charge", at=at)
    return instead


def hand_over(session: Session, officer: Officer, *, line: Line, at: datetime) -> int:
    """Give the open callbacks of an officer who is absent now to whoever stands in; returns how many moved."""
    callbacks = session.scalars(
        select(Callback)
        .where(Callback.officer_id == officer.id, Callback.closed_at.is_(None))
        .order_by(Callback.id)
        .with_for_update(key_share=True)
    ).all()
    for callback in callbacks:
        find_officer(session, callback, line=line, at=at)
    return sum(callback.officer_id != officer.id for callback in callbacks)


def reminded(
    session: Session, callback: Callback, minutes: int, *, line: Line, at: datetime
) -> Iterator[tuple[str, Officer]]:
    """Whom the reminder so many minutes before the time told reaches, with the role; 0 is a slip too many.

    The officer in charge always, the deputy from the second reminder on, the supervisor at the last one, or where
    there is nobody else.
    """
    steps = line.callbacks.remind_before
    officer = find_officer(session, callback, line=line, at=at) if minutes else None
    seen: set[str] = set()
    found = [(OFFICER, officer)]
    if officer is not None and minutes != steps[0]:
        found.append((DEPUTY, deputy_of(session, officer, at=at)))
    if minutes in {0, steps[-1]} or officer is None:
        found.append((SUPERVISOR, supervisor_of(session, line, at=at)))
    for role, person in found:
        if person is not None and person.id not in seen:
            seen.add(person.id)
            yield role, person
