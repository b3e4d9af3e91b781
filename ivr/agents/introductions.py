"""How an agent is made known: by the line's text in the agent's name, or by the agent's own recording."""

from sqlalchemy import Connection, select

from ivr.agents.rows import Agent, Clip, ClipState
from ivr.calls.meeting import Introduction
from ivr.calls.rows import Call, Offer
from ivr.lines.announcement import announce
from ivr.lines.model import Line


def introduction_for(connection: Connection, offer_id: str, line: Line) -> Introduction:
    """The introduction of the agent of an offer, in one query; a clip counts only once accepted.

    To the customers of a client firm an agent's own recording is not played: it has the institution's name.
    """
    agent = connection.execute(
        select(Agent.name, Agent.department, Agent.title, Clip.url, Call.firm)
        .join(Offer, Offer.agent_id == Agent.id)
        .join(Call, Call.id == Offer.call_id)
        .outerjoin(Clip, (Clip.agent_id == Agent.id) & (Clip.state == ClipState.ACCEPTED))
        .where(Offer.id == offer_id)
        .order_by(Clip.accepted_at.desc())
        .limit(1)
    ).one()
    firm = line.firms.get(agent.firm) if line.announcement.of_firm else None
    announced = announce(line, department=agent.department, name=agent.name, title=agent.title, firm=firm)
    return Introduction(
        announced.text, announced.version, None if firm else agent.url, firm.spoken_name if firm else ""
    )
