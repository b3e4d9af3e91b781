"""Colleagues as an agent who passes a caller on sees them: what they do, whether they are there, who stands in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentState
from ivr.directory.asking import deputy_of
from ivr.directory.rows import Absence, Officer
from ivr.lines.model import Line

# Fewer are in nearly every number.
FEWEST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Colleague:
    """An officer of a line, the agent as whom calls are taken (None: takes none), and where that one stands.

    `absence` is the one that runs now, `deputy` who stands in for an absent officer, itself never an absent one.
    """

    officer: Officer
    agent: Agent | None
    absence: Absence | None = None
    deputy: "Colleague | None" = None

    @property
    def can_be_rung(self) -> bool:
        """Whether a caller can be passed on to this person now."""
        return self.agent is not None and self.agent.state is AgentState.READY and self.absence is None


def colleagues(session: Session, line: Line, text: str, *, at: datetime, limit: int) -> list[Colleague]:
    """Officers with every word of `text` in duties, department, team, name, title or number: the ready ones first.

    A number is found by its digits. At most `limit` are looked up, however many the directory has.
    """
    query = select(Officer, Agent).outerjoin(Agent, Agent.id == Officer.agent_id).where(Officer.line == line.id)
    for word in text.split():
        query = query.where(_has(word, line))
    standing = case((Agent.state == AgentState.READY, 0), (Agent.id.is_not(None), 1), else_=2)
    rows = session.execute(query.order_by(standing, Officer.department, Officer.name, Officer.id).limit(limit))
    found: list[tuple[Officer, Agent | None]] = [(officer, agent) for officer, agent in rows]
    absences = _absences(session, [officer.id for officer, _ in found], at)
    return [_colleague(session, pair, absences, at) for pair in found]


def _colleague(
    session: Session, pair: tuple[Officer, Agent | None], absences: Mapping[str, Absence], at: datetime
) -> Colleague:
    officer, agent = pair
    absence = absences.get(officer.id)
    deputy = deputy_of(session, officer, at=at) if absence else None
    if deputy is None:
        return Colleague(officer, agent, absence)
    deputy_agent = session.get(Agent, deputy.agent_id) if deputy.agent_id else None
    return Colleague(officer, agent, absence, Colleague(deputy, deputy_agent))


def _has(word: str, line: Line) -> ColumnElement[bool]:
    columns = (Officer.duties, Officer.department, Officer.name, Officer.title)
    found = [func.lower(column).contains(word.lower(), autoescape=True) for column in columns]
    departments = [team.department for team in line.teams.values() if word in team.name]
    if departments:
        found.append(Officer.department.in_(departments))
    digits = word.replace("-", "")
    if digits.isdigit() and len(digits) >= FEWEST_DIGITS:
        # Numbers are kept as E.164, without the zero that is dialled within the country.
        found.append(Officer.number.contains(digits.removeprefix("0"), autoescape=True))
    return or_(*found)


def _absences(session: Session, officers: Sequence[str], at: datetime) -> dict[str, Absence]:
    """The absence of each that runs now; of several the one that lasts longest."""
    running = select(Absence).where(Absence.officer_id.in_(officers), Absence.starts_at <= at, Absence.ends_at > at)
    return {absence.officer_id: absence for absence in session.scalars(running.order_by(Absence.ends_at))}
