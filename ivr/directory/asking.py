"""Who is in charge, who stands in for whom, and who is absent why: the questions put to the directory."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Select, case, exists, func, or_, select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.directory.rows import Absence, Officer, OfficerRole
from ivr.lines.model import Line

# An absent deputy's own deputy may still help; whoever comes after that knows nothing of the matter.
DEPUTIES = 2


def in_charge(session: Session, line: Line, *, team: str, at: datetime) -> Officer | None:
    """The officer to whom a matter of a team falls now; `team` is a team's id, or the name of a department.

    In this order: an officer whose duties name it, the deputy of one who is absent (or that deputy's own), the
    member of the team who is idle longest, the supervisor, also an absent one. None on a line without any of them.
    """
    named = _named(session, line, team)
    for officer in named:
        if absence_of(session, officer.id, at=at) is None:
            return officer
    for officer in named:
        deputy = deputy_of(session, officer, at=at)
        if deputy is not None:
            return deputy
    return _longest_idle(session, line, team=team, at=at) or supervisor_of(session, line, at=at)


def deputy_of(session: Session, officer: Officer, *, at: datetime) -> Officer | None:
    """Who stands in for an officer now: the deputy, or the deputy's own where that one is absent too."""
    for deputy in _deputies(session, officer):
        if absence_of(session, deputy.id, at=at) is None:
            return deputy
    return None


def supervisor_of(session: Session, line: Line, *, at: datetime) -> Officer | None:
    """The supervisor of a line who is there; with all of them absent the first one, who must be told anyway."""
    supervisors = session.scalars(
        select(Officer).where(Officer.line == line.id, Officer.role == OfficerRole.SUPERVISOR).order_by(Officer.id)
    ).all()
    there = (officer for officer in supervisors if absence_of(session, officer.id, at=at) is None)
    return next(there, supervisors[0] if supervisors else None)


def officer_of(session: Session, agent_id: str) -> Officer | None:
    """The officer who takes calls as this agent."""
    return session.scalars(select(Officer).where(Officer.agent_id == agent_id)).one_or_none()


def absence_of(session: Session, officer_id: str, *, at: datetime) -> Absence | None:
    """The absence that an officer is on at a moment; of several the one that lasts longest."""
    return session.scalars(
        select(Absence)
        .where(Absence.officer_id == officer_id, Absence.starts_at <= at, Absence.ends_at > at)
        .order_by(Absence.ends_at.desc())
        .limit(1)
    ).first()


def search(session: Session, text: str, *, line: str | None = None) -> Sequence[Officer]:
    """Officers with every word of `text` in their duties, department, name or title, whatever its case (K2)."""
    return session.scalars(found(text, line=line)).all()


def found(text: str, *, line: str | None = None) -> Select[Officer]:
    """The query behind `search`, by line, department and id."""
    query = select(Officer).order_by(Officer.line, Officer.department, Officer.id)
    for word in text.split():
        columns = (Officer.duties, Officer.department, Officer.name, Officer.title)
        query = query.where(or_(*(func.lower(column).contains(word.lower(), autoescape=True) for column in columns)))
    return query if line is None else query.where(Officer.line == line)


def _named(session: Session, line: Line, team: str) -> list[Officer]:
    """Officers whose duties name the team or department, or else who are all there is of such a department."""
    known = line.teams.get(team)
    names = {team, known.name} if known else {team}
    officers = session.scalars(
        select(Officer).where(Officer.line == line.id, Officer.role == OfficerRole.OFFICER).order_by(Officer.id)
    ).all()
    by_duty = [officer for officer in officers if names & set(officer.duty_words)]
    department = known.department if known else team
    return by_duty or [officer for officer in officers if officer.department == department]


def _deputies(session: Session, officer: Officer) -> Iterator[Officer]:
    """The deputies one after the other; a ring of deputies ends where it began."""
    seen, present = {officer.id}, officer
    for _ in range(DEPUTIES):
        if present.deputy_id is None or present.deputy_id in seen:
            return
        seen.add(present.deputy_id)
        present = session.get_one(Officer, present.deputy_id)
        yield present


def _longest_idle(session: Session, line: Line, *, team: str, at: datetime) -> Officer | None:
    """Members of the team who are there: the ready ones first, whoever is idle longest."""
    absent = exists().where(Absence.officer_id == Officer.id, Absence.starts_at <= at, Absence.ends_at > at)
    member = exists().where(AgentSkill.agent_id == Agent.id, AgentSkill.team == team, AgentSkill.skill == "")
    return session.scalars(
        select(Officer)
        .join(Agent, Agent.id == Officer.agent_id)
        .where(Officer.line == line.id, member, ~absent)
        .order_by(case((Agent.state == AgentState.READY, 0), else_=1), Agent.idle_since, Officer.id)
        .limit(1)
    ).first()
