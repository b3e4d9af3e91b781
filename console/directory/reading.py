"""What the pages of the directory show of officers: their absence, their agent, and who stands in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.directory.asking import absence_of, deputy_of, found
from ivr.directory.rows import Absence, Officer
from ivr.lines.actions import ToQueue
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber

SIZE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One officer with what is true of them now."""

    officer: Officer
    agent: Agent | None
    absence: Absence | None
    stands_in: Officer | None


def page_of(session: Session, text: str, *, line: str, after: Sequence[str] | None) -> list[Officer]:
    """One officer more than a page holds, from behind the mark of department, name and id."""
    query = found(text, line=line).order_by(None).order_by(Officer.department, Officer.name, Officer.id)
    if after is not None:
        query = query.where(tuple_(Officer.department, Officer.name, Officer.id) > tuple_(*after))
    return list(session.scalars(query.limit(SIZE + 1)))


def mark(officer: Officer) -> tuple[str, str, str]:
    """The sort key of an officer."""
    return officer.department, officer.name, officer.id


def shown(session: Session, officers: Sequence[Officer], at: datetime) -> list[Shown]:
    """Officers with their agents and absences, in two queries for all of them and one for each who is absent."""
    ids = [officer.id for officer in officers]
    wanted = [officer.agent_id for officer in officers if officer.agent_id]
    agents = {agent.id: agent for agent in session.scalars(select(Agent).where(Agent.id.in_(wanted)))}
    running = select(Absence).where(Absence.officer_id.in_(ids), Absence.starts_at <= at, Absence.ends_at > at)
    absences = {absence.officer_id: absence for absence in session.scalars(running.order_by(Absence.ends_at))}
    return [
        Shown(
            officer,
            agents.get(officer.agent_id or ""),
            absences.get(officer.id),
            deputy_of(session, officer, at=at) if officer.id in absences else None,
        )
        for officer in officers
    ]


def shown_one(session: Session, officer: Officer, at: datetime) -> Shown:
    """One officer with agent, absence and who stands in."""
    agent = session.get(Agent, officer.agent_id) if officer.agent_id else None
    absence = absence_of(session, officer.id, at=at)
    return Shown(officer, agent, absence, deputy_of(session, officer, at=at) if absence else None)


def coming_absences(session: Session, officer: Officer, at: datetime) -> Sequence[Absence]:
    """Absences that run or are planned, the next one first."""
    query = select(Absence).where(Absence.officer_id == officer.id, Absence.ends_at > at)
    return session.scalars(query.order_by(Absence.starts_at)).all()


def colleagues(session: Session, officer: Officer, limit: int = 200) -> Sequence[Officer]:
    """Who may stand in for an officer: colleagues of the line, those of the department first."""
    query = select(Officer).where(Officer.line == officer.line, Officer.id != officer.id)
    return session.scalars(
        query.order_by(Officer.department != officer.department, Officer.department, Officer.name).limit(limit)
    ).all()


def form_values(officer: Officer) -> Mapping[str, object]:
    """The values that the form of an officer shows; the number for reminders is never among them."""
    return {
        "name": officer.name,
        "department": officer.department,
        "title": officer.title,
        "duties": officer.duties,
        "number": PhoneNumber.parse(officer.number).national if officer.number else "",
        "role": officer.role.value,
        "deputy": officer.deputy_id or "",
    }


def post_values(agent: Agent | None) -> Mapping[str, object]:
    """The values that the form of an agent's post shows."""
    skills = sorted(f"{row.team}/{row.skill}" for row in agent.skills) if agent else []
    return {
        "softphone": agent.softphone or "" if agent else "",
        "has_phone": bool(agent and agent.phone),
        "skills": skills,
    }


def skill_names(line: Line) -> dict[tuple[str, str], str]:
    """What callers are told of a skill before they press its key, by team and skill; one without a key has no name."""
    entries = (entry for menu in line.menus.values() for entry in menu.keys.values())
    asked = ((entry.action, entry.label) for entry in entries if isinstance(entry.action, ToQueue))
    return {(action.team, action.skill): label for action, label in asked if action.skill}
