"""The moves an agent can make."""

#              come                 offer                 take               end
#     AWAY ----------->  READY  -----------> OFFERED -----------> TALKING ----------> WRAPPING
#      ^  <------------    ^  <----------------'  |                  |                    |
#      |      leave        |      spare           |       spare      |       finish       |
#      |                   '------------------------------<----------'<-------------------'
#      '<-------------------------- miss ---------'<------ miss ------'
#
# An agent to whom a caller comes back is rung out of the wrap-up of that very talk: recall. One who is away may
# dial a callback all the same, from AWAY to OFFERED: dial; from OFFERED or TALKING back to the absence: return.
# Who wished to be away after the present work comes to READY and leaves at once.

from datetime import datetime
from enum import StrEnum

from ivr.agents.rows import Agent, AgentState
from ivr.base import Moves, moved


class AgentEvent(StrEnum):
    """What can happen to an agent."""

    COME = "come"
    LEAVE = "leave"
    OFFER = "offer"
    MISS = "miss"
    SPARE = "spare"
    TAKE = "take"
    END = "end"
    FINISH = "finish"
    RECALL = "recall"
    DIAL = "dial"
    RETURN = "return"


AGENT_MOVES: Moves[AgentState, AgentEvent] = {
    (AgentState.AWAY, AgentEvent.COME): AgentState.READY,
    (AgentState.READY, AgentEvent.LEAVE): AgentState.AWAY,
    (AgentState.WRAPPING, AgentEvent.LEAVE): AgentState.AWAY,
    (AgentState.READY, AgentEvent.OFFER): AgentState.OFFERED,
    (AgentState.OFFERED, AgentEvent.MISS): AgentState.AWAY,
    (AgentState.TALKING, AgentEvent.MISS): AgentState.AWAY,
    (AgentState.OFFERED, AgentEvent.SPARE): AgentState.READY,
    (AgentState.TALKING, AgentEvent.SPARE): AgentState.READY,
    (AgentState.OFFERED, AgentEvent.TAKE): AgentState.TALKING,
    (AgentState.TALKING, AgentEvent.END): AgentState.WRAPPING,
    (AgentState.WRAPPING, AgentEvent.FINISH): AgentState.READY,
    (AgentState.WRAPPING, AgentEvent.RECALL): AgentState.OFFERED,
    (AgentState.AWAY, AgentEvent.DIAL): AgentState.OFFERED,
    (AgentState.OFFERED, AgentEvent.RETURN): AgentState.AWAY,
    (AgentState.TALKING, AgentEvent.RETURN): AgentState.AWAY,
}

# A spared agent keeps the place in the row of the idle: the call that went away was not theirs to lose.
_STARTS_IDLE = {AgentEvent.COME, AgentEvent.FINISH}
# Who is away now has no wish to be so later.
_FULFILS = {AgentEvent.LEAVE, AgentEvent.RETURN}


def move_agent(agent: Agent, event: AgentEvent, at: datetime, *, reason: str | None = None) -> None:
    """Move an agent; raises `Refused` when the table does not allow it. `reason` explains an absence."""
    agent.state = moved(AGENT_MOVES, agent.state, event)
    agent.state_since = at
    agent.reason = reason
    if event in _STARTS_IDLE:
        agent.idle_since = at
    if agent.state is AgentState.READY and agent.leaving is not None:
        agent.state, agent.reason = moved(AGENT_MOVES, agent.state, AgentEvent.LEAVE), agent.leaving
        agent.leaving = None
    elif event in _FULFILS:
        agent.leaving = None
