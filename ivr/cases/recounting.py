"""Recounting: due dates looked at again when a holiday was announced late, and never moved on silently."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from ivr.cases.acting import move_due, sort_of
from ivr.cases.clocks import clocks_of
from ivr.cases.institution import Work, locked_case
from ivr.cases.moves import OPEN
from ivr.cases.rows import Case
from ivr.cases.telling import Notice, note, story_of, tell_customer

Outcome = Literal["kept", "moved", "earlier"]


@dataclass(frozen=True, slots=True)
class Recount:
    """A case whose first due date comes out otherwise now, and what was done about it."""

    case_id: str
    stood: datetime
    counted: datetime
    outcome: Outcome


def recount(work: Work) -> list[Recount]:
    """Count the dates of every open case of the line again.

    A later date is kept as it was told, or moved and told where the line's rule says so; an earlier one holds at
    once. Dates that an officer or the customer has set stand.
    """
    query = select(Case.id).where(Case.line == work.institution.line.id, Case.state.in_(OPEN)).order_by(Case.id)
    found = [_recounted(work, locked_case(work.session, id)) for id in work.session.scalars(query).all()]
    return [one for one in found if one is not None]


def _recounted(work: Work, case: Case) -> Recount | None:
    clock = clocks_of(work.institution, sort_of(case), case.received_at)[0]
    stood = case.first_due_at
    if clock.due_at == stood or case.due_at != stood or min(clock.due_at, stood) <= work.at:
        return None
    if clock.due_at < stood:
        _move(work, case, clock.due_at, why="holiday-dropped")
        return Recount(case.id, stood, clock.due_at, "earlier")
    if work.institution.line.cases.late_holiday == "keep":
        _note_once(work, case, clock.due_at)
        return Recount(case.id, stood, clock.due_at, "kept")
    tell_customer(work, case, Notice.MOVED, detail={"due": clock.due_at.isoformat()})
    _move(work, case, clock.due_at, why="holiday")
    return Recount(case.id, stood, clock.due_at, "moved")


def _move(work: Work, case: Case, until: datetime, *, why: str) -> None:
    note(
        work, case, "due-moved", detail={"from": case.first_due_at.isoformat(), "until": until.isoformat(), "why": why}
    )
    case.first_due_at = until
    move_due(work, case, until)


def _note_once(work: Work, case: Case, counted: datetime) -> None:
    told = {fact.detail.get("counted") for fact in story_of(work, case) if fact.kind == "due-kept"}
    if counted.isoformat() not in told:
        note(work, case, "due-kept", detail={"counted": counted.isoformat()})
