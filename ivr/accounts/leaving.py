"""An agent who signs out takes no more calls; one in a call finishes it first."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from ivr.agents.presence import leave
from ivr.agents.rows import Agent, AgentState
from ivr.base import ROW_LOCK, Refused

REASON = "signed-out"


class Leaving(StrEnum):
    """What signing out means to the agent's calls: there is none, it goes on at the telephone, or it would be cut."""

    FREE = "free"
    GOES_ON = "goes-on"
    BOUND = "bound"


def leave_work(session: Session, agent_id: str, *, at: datetime) -> Leaving:
    """Take the agent out of routing where no call is there.

    A softphone lives in the page that is left: who is rung or talks there is `BOUND` and must not sign out.
    """
    agent = session.get_one(Agent, agent_id, with_for_update=ROW_LOCK)
    if agent.state is AgentState.AWAY:
        return Leaving.FREE
    try:
        leave(session, agent, reason=REASON, at=at)
    except Refused:
        return Leaving.BOUND if agent.softphone else Leaving.GOES_ON
    return Leaving.FREE
