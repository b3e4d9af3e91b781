"""Complaints that repeat: of one customer, and confirmed ones about one employee, are flagged (S12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from ivr.calls.rows import Fact
from ivr.cases.institution import Work
from ivr.cases.rows import Case, CaseState
from ivr.cases.telling import note, story_of
from ivr.lines.model import Line

CONFIRMED = exists().where(Fact.subject == Case.id, Fact.kind == "fault-confirmed")


@dataclass(frozen=True, slots=True)
class Repeated:
    """One employee about whom complaints were confirmed, with the cases."""

    officer_id: str
    cases: tuple[str, ...]


def flag_repeats(work: Work, case: Case) -> None:
    """Flag a complaint that is one too many of its number, or a confirmed one too many about an employee."""
    if case.kind != "complaint":
        return
    flagged = {fact.detail.get("by") for fact in story_of(work, case) if fact.kind == "repeat-flagged"}
    for by, same in _alike(work, case):
        earlier = _complaints(work, case, same)
        if by not in flagged and len(earlier) >= work.institution.line.cases.repeat_complaints:
            note(work, case, "repeat-flagged", detail={"by": by, "cases": " ".join(earlier)})


def employees_complained_about(session: Session, line: Line, *, at: datetime) -> Sequence[Repeated]:
    """Employees with as many confirmed complaints as the line's rule asks for, the most first."""
    since = at - timedelta(days=line.cases.repeat_days)
    rows = session.execute(
        select(Case.about_officer_id, Case.id)
        .where(Case.line == line.id, Case.received_at >= since, Case.about_officer_id.is_not(None), CONFIRMED)
        .where(Case.state != CaseState.WITHDRAWN)
        .order_by(Case.about_officer_id, Case.received_at)
    ).all()
    by_officer: dict[str, list[str]] = {}
    for officer, id in rows:
        by_officer.setdefault(officer or "", []).append(id)
    found = [Repeated(officer, tuple(cases)) for officer, cases in by_officer.items()]
    repeated = [one for one in found if len(one.cases) >= line.cases.repeat_complaints]
    return sorted(repeated, key=lambda one: -len(one.cases))


def flags_of(session: Session, case_ids: Sequence[str]) -> frozenset[str]:
    """Which of these cases are flagged."""
    query = select(Fact.subject).where(Fact.subject.in_(case_ids), Fact.kind == "repeat-flagged")
    return frozenset(session.scalars(query))


def _alike(work: Work, case: Case) -> list[tuple[str, ColumnElement[bool]]]:
    alike = []
    if case.number_index is not None:
        alike.append(("number", Case.number_index == case.number_index))
    confirmed = any(fact.kind == "fault-confirmed" for fact in story_of(work, case))
    if case.about_officer_id is not None and confirmed:
        alike.append(("officer", (Case.about_officer_id == case.about_officer_id) & CONFIRMED))
    return alike


def _complaints(work: Work, case: Case, same: ColumnElement[bool]) -> list[str]:
    since = case.received_at - timedelta(days=work.institution.line.cases.repeat_days)
    query = select(Case.id).where(Case.line == case.line, Case.kind == "complaint", same)
    within = query.where(Case.received_at >= since, Case.received_at <= case.received_at)
    return list(
        work.session.scalars(within.where(Case.state != CaseState.WITHDRAWN).order_by(Case.received_at, Case.id))
    )
