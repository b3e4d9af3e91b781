"""How an agent is made known: by the line's text in the agent's name, or by the agent's own recording."""

from sqlalchemy import Connection, select

from ivr.agents.rows import Agent, Clip, ClipState
from ivr.calls.meeting import Introduction
from ivr.calls.rows import Offer
from ivr.lines.announcement import announce
from ivr.lines.model import Line


def introduction_for(connection: Connection, offer_id: str, line: Line) -> Introduction:
    """The introduction of the agent of an offer, in one query; a clip counts only once accepted."""
    agent = connection.execute(
        select(Agent.name, Agent.department, Agent.title, Clip.url)
        .join(Offer, Offer.agent_id == Agent.id)
        .outerjoin(Clip, (Clip.agent_id == Agent.id) & (Clip.state == ClipState.ACCEPTED))
        .where(Offer.id == offer_id)
        .order_by(Clip.accepted_at.desc())
        .limit(1)
    ).one()
    announced = announce(line, department=agent.department, name=agent.name, title=agent.title)
    return Introduction(announced.text, announced.version, agent.url)
