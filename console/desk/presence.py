"""An open desk makes itself heard; in the demo, agents whom nobody plays step aside for who sits at one."""

from datetime import datetime

from flask import Response, jsonify
from sqlalchemy.orm import Session

from console.desk.room import blueprint
from console.desk.showing import own_agent
from console.office import office
from console.visitor import allowed, visitor
from ivr.accounts.rows import Role
from ivr.agents.aside import step_aside
from ivr.agents.rows import Agent
from ivr.desks.presence import Seat, beat, open_desks, stand_up


@blueprint.post("/beat")
@allowed(Role.AGENT)
def heard() -> Response:
    """The desk is open; answers with the present moment, by which the page sets its clock."""
    here = office()
    with here.store.transaction() as session:
        is_promised = sit_down(session, own_agent(session), here.clock())
    if is_promised:
        here.ring_bell()
    return jsonify(now=here.clock().isoformat(timespec="milliseconds"))


@blueprint.post("/close")
@allowed(Role.AGENT)
def closed() -> Response:
    """The page was left: unless it, or another tab, is heard of again soon, nobody sits here."""
    here = office()
    with here.store.transaction() as session:
        stand_up(session, _seat(own_agent(session)), at=here.clock())
    return Response(status=204)


def sit_down(session: Session, agent: Agent, at: datetime) -> bool:
    """Note that the desk is open; returns whether anything was promised that should be looked at now."""
    beat(session, _seat(agent), at=at)
    return office().is_demo and step_aside(session, agent.line, open_desks(session, agent.line, at=at), at=at)


def _seat(agent: Agent) -> Seat:
    return Seat(agent.id, agent.line, visitor().session_id)
