"""In the demo, colleagues whom nobody plays step aside while somebody sits at a desk, and come back afterwards."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.agents.presence import come, leave
from ivr.agents.rows import Agent, AgentState

REASON: Final = "demo"


def step_aside(session: Session, line: str, at_desks: Collection[str], *, at: datetime) -> bool:
    """Let the agents of a line without a desk leave while somebody is at one, and return when the last is closed.

    `at_desks` are the agents whose desk is open. Changes nothing when called again; True where somebody moved.
    """
    stands = Agent.state == AgentState.READY
    if not at_desks:
        stands = (Agent.state == AgentState.AWAY) & (Agent.reason == REASON)
    wanted = select(Agent).where(Agent.line == line, stands, Agent.id.not_in(at_desks)).order_by(Agent.id)
    agents = session.scalars(wanted.with_for_update(key_share=True)).all()
    for agent in agents:
        if at_desks:
            leave(session, agent, reason=REASON, at=at)
        else:
            come(session, agent, at=at)
    return bool(agents)
