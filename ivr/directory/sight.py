"""What an agent may see of callbacks and cases: the own ones, and those of the own teams that nobody has."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from ivr.agents.rows import AgentSkill
from ivr.callbacks.rows import Callback
from ivr.cases.rows import Case

Matter = Callback | Case


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks: an officer of the directory (None for nobody there), and the teams whose calls that one takes."""

    officer_id: str | None
    teams: frozenset[str]

    def of(self, table: type[Callback] | type[Case]) -> ColumnElement[bool]:
        """What holds of the rows that can be seen."""
        free = and_(table.officer_id.is_(None), table.team.in_(sorted(self.teams)))
        return or_(table.officer_id == self.officer_id, free) if self.officer_id else free

    def includes(self, matter: Matter) -> bool:
        """Can this one be seen?"""
        return matter.team in self.teams if matter.officer_id is None else matter.officer_id == self.officer_id


def sight_of(session: Session, *, officer_id: str | None, agent_id: str | None) -> Sight:
    """What somebody may see who is this officer and takes calls as this agent."""
    teams = select(AgentSkill.team).where(AgentSkill.agent_id == agent_id, AgentSkill.skill == "")
    return Sight(officer_id, frozenset(session.scalars(teams)) if agent_id else frozenset())
