"""Absences: planned ahead, ended early, and worded for customers."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.directory.asking import absence_of
from ivr.directory.rows import Absence, AbsenceReason, Officer


class BadPlan(ValueError):
    """An absence or a deputy that cannot be; the message says why."""


def plan_absence(
    session: Session, officer: Officer, reason: AbsenceReason, *, starts_at: datetime, ends_at: datetime
) -> Absence:
    """Write that an officer will not be there; the same beginning again replaces what was planned for it.

    Raises `BadPlan` where it would end before it begins.
    """
    if ends_at <= starts_at:
        raise BadPlan(f"the absence of {officer.id} would end at or before its beginning")
    return session.merge(Absence(officer_id=officer.id, starts_at=starts_at, ends_at=ends_at, reason=reason))


def come_back(session: Session, officer: Officer, *, at: datetime) -> None:
    """The officer is there again: every absence that runs at `at` ends now. Raises `BadPlan` where none does."""
    absence = absence_of(session, officer.id, at=at)
    if absence is None:
        raise BadPlan(f"{officer.id} is not absent now")
    while absence is not None:
        if absence.starts_at == at:
            session.delete(absence)
        else:
            absence.ends_at = at
        session.flush()
        absence = absence_of(session, officer.id, at=at)


def appoint_deputy(session: Session, officer: Officer, deputy_id: str | None) -> None:
    """Name who stands in for an officer, or nobody; raises `BadPlan` for somebody who is not of the same line."""
    if deputy_id is not None:
        deputy = session.get(Officer, deputy_id)
        if deputy is None or deputy.line != officer.line or deputy.id == officer.id:
            raise BadPlan(f"{deputy_id} cannot stand in for {officer.id}: name another officer of {officer.line}")
    officer.deputy_id = deputy_id
