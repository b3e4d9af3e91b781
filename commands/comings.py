"""Agents of a simulation who come and go, in virtual time."""

from datetime import datetime, timedelta
from functools import partial

from commands.world import World
from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK, Refused
from ivr.promises import Promise, promise_all

TRY_AGAIN = timedelta(seconds=20)


def come_or_go(world: World, agent_id: str, event: AgentEvent, *, until: datetime | None = None) -> None:
    """As `charterline agents ready` and `away` do it; who cannot leave now, as in a talk, tries again until `until`."""
    at = world.now()
    try:
        with world.store.transaction() as session:
            agent = session.get_one(Agent, agent_id, with_for_update=ROW_LOCK)
            move_agent(agent, event, at)
            key = f"route:moved:{agent_id}:{at.isoformat()}"
            promise_all(session, [Promise("route", key, at, {"line": agent.line})])
    except Refused:
        if event is AgentEvent.LEAVE and (until is None or at + TRY_AGAIN < until):
            world.carrier.network.at(at + TRY_AGAIN, partial(come_or_go, world, agent_id, event, until=until))
    world.worker.ring()
