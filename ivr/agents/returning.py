"""How an agent becomes ready again: after the wrap-up of a talk, or the rest after a telephone that rang in vain."""

from dataclasses import dataclass
from datetime import datetime

from ivr.agents.moves import AgentEvent
from ivr.agents.rows import Agent, AgentState


@dataclass(frozen=True, slots=True)
class Ending:
    """What an agent was last rung for came to: a talk or not, the word kept as the agent's reason, and when."""

    talked: bool
    reason: str | None
    at: datetime | None


def returning(agent: Agent, ending: Ending) -> AgentEvent | None:
    """The move that makes an agent ready again after this ending; None where something newer holds."""
    if agent.state_since != ending.at:
        return None
    if agent.state is AgentState.WRAPPING and ending.talked:
        return AgentEvent.FINISH
    if agent.state is AgentState.AWAY and agent.reason is not None and agent.reason == ending.reason:
        return AgentEvent.COME
    return None
