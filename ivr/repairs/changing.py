"""What a partner tells of a repair: it is accepted under the partner's own number, delayed, done, or not done."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.lines.hours import SEOUL
from ivr.repairs.moves import RepairEvent, move_repair
from ivr.repairs.rows import Repair
from ivr.repairs.telling import Happened, note

LONGEST_REFERENCE: Final = 60


@dataclass(frozen=True, slots=True)
class Acting:
    """Who tells it, and when."""

    by: str
    at: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return self.at.astimezone(SEOUL).date()


def accept(session: Session, repair: Repair, reference: str, *, due_on: date, acting: Acting) -> None:
    """The partner accepts it under `reference` and does it by `due_on`, a local day, which the customer is told.

    Raises `Refused` where the partner knows another repair by that number, the day has passed, or it was accepted.
    """
    known = reference.strip()
    if not known or len(known) > LONGEST_REFERENCE:
        raise Refused(f"the partner's number has {len(known)} characters: give 1 to {LONGEST_REFERENCE}")
    _insist_on_day(due_on, acting)
    partner = repair.partner
    same = select(Repair.id).where(
        Repair.line == repair.line, Repair.partner == repair.partner, Repair.reference == known, Repair.id != repair.id
    )
    other = session.scalar(same.limit(1))
    if other is not None:
        raise Refused(f"{partner} has the number {known} for repair {other} already: look at it again")
    move_repair(repair, RepairEvent.ACCEPT)
    try:
        with session.begin_nested():
            repair.reference, repair.due_on = known, due_on
    except IntegrityError:  # somebody gave it to another repair at the same moment
        raise Refused(f"{partner} has the number {known} for another repair already: look at it again") from None
    _changed(session, repair, Happened.ACCEPTED, acting)


def delay(session: Session, repair: Repair, *, due_on: date, acting: Acting) -> None:
    """The partner names another day, which the customer is told; raises `Refused` for one that has passed."""
    _insist_on_day(due_on, acting)
    if due_on == repair.due_on:
        raise Refused(f"the day is {due_on} already: give another one")
    move_repair(repair, RepairEvent.DELAY)
    repair.due_on = due_on
    _changed(session, repair, Happened.DELAYED, acting)


def finish(session: Session, repair: Repair, outcome: str, *, acting: Acting) -> None:
    """The thing is repaired; raises `Refused` unless it was accepted."""
    written = _written(outcome)
    move_repair(repair, RepairEvent.FINISH)
    repair.outcome = written
    _changed(session, repair, Happened.DONE, acting)


def cancel(session: Session, repair: Repair, outcome: str, *, acting: Acting) -> None:
    """It is not repaired, for a reason; raises `Refused` where it is over."""
    written = _written(outcome)
    move_repair(repair, RepairEvent.CANCEL)
    repair.outcome = written
    _changed(session, repair, Happened.CANCELLED, acting)


def _insist_on_day(due_on: date, acting: Acting) -> None:
    if due_on < acting.today:
        raise Refused(f"the day {due_on} has passed: give one from {acting.today} on")


def _written(outcome: str) -> str:
    if not outcome.strip():
        raise Refused("the outcome is empty: write what came of it")
    return outcome.strip()[:300]


def _changed(session: Session, repair: Repair, what: Happened, acting: Acting) -> None:
    repair.changed_at = acting.at
    note(session, repair, what, by=acting.by, at=acting.at)
