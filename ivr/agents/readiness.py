"""Whether anybody is ready for those who hold, or who asked to be called."""

from sqlalchemy import ColumnElement, exists, func

from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.callbacks.rows import Callback
from ivr.calls.rows import Waiting


def somebody_is_ready(wanting: type[Waiting] | type[Callback]) -> ColumnElement[bool]:
    """The condition that an agent of the line, team and skill that a row asks for is ready."""
    fits = (AgentSkill.team == wanting.team) & (AgentSkill.skill == func.coalesce(wanting.skill, ""))
    ready = (Agent.line == wanting.line) & (Agent.state == AgentState.READY)
    return exists().where(AgentSkill.agent_id == Agent.id, fits, ready)
