"""Who is rung next: the caller who waits longest is given the fitting agent who is idle longest."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.base import ROW_LOCK
from ivr.calls.rows import Offer, OfferPurpose, Waiting, WaitingState

# So many callers are looked at in one pass; the next pass comes with the next agent or turn of waiting. Only
# callers for whom somebody is ready are looked at, so that a team with nobody there never hides another.
PASS_SIZE = 50


def match(session: Session, line: str, at: datetime) -> list[Offer]:
    """Give waiting calls of a line to ready agents, oldest first; returns the offers made, still unplaced.

    Each agent is claimed under a row lock and the version counter, so two calls never take one agent.
    """
    waiting = session.scalars(
        select(Waiting)
        .where(Waiting.line == line, Waiting.state == WaitingState.WAITING, Waiting.agent_id.is_(None))
        .where(_somebody_is_ready())
        .order_by(Waiting.since, Waiting.call_id)
        .limit(PASS_SIZE)
        .with_for_update(key_share=True)
    ).all()
    made: list[Offer] = []
    exhausted: set[tuple[str, str | None]] = set()
    for place in waiting:
        need = (place.team, place.skill)
        if need in exhausted:
            continue
        agent = _longest_idle(session, place)
        if agent is None:
            exhausted.add(need)
            continue
        move_agent(agent, AgentEvent.OFFER, at)
        place.state = WaitingState.OFFERED
        made.append(_offer(session, place, agent.id, at))
    return made


def claim(session: Session, place: Waiting, agent_id: str, *, purpose: OfferPurpose, at: datetime) -> Offer | None:
    """Give a caller to just this agent, if ready; returns the offer, still unplaced, or None.

    A caller who comes back is given to an agent who is still wrapping up the talk with that very caller, too.
    """
    agent = session.get_one(Agent, agent_id, with_for_update=ROW_LOCK)
    if agent.state is AgentState.READY:
        move_agent(agent, AgentEvent.OFFER, at)
    elif purpose is OfferPurpose.RETURN and (talk := _wrapping_up(session, place, agent)):
        talk.wrapped_at = at
        move_agent(agent, AgentEvent.RECALL, at)
    else:
        return None
    offer = _offer(session, place, agent_id, at)
    offer.purpose = purpose
    session.flush()
    return offer


def _wrapping_up(session: Session, place: Waiting, agent: Agent) -> Offer | None:
    """The talk with this caller that the agent is wrapping up just now."""
    if agent.state is not AgentState.WRAPPING:
        return None
    mine = (Offer.call_id == place.call_id) & (Offer.agent_id == agent.id)
    return session.scalars(select(Offer).where(mine, Offer.closed_at == agent.state_since)).first()


def _somebody_is_ready() -> ColumnElement[bool]:
    fits = (AgentSkill.team == Waiting.team) & (AgentSkill.skill == func.coalesce(Waiting.skill, ""))
    ready = (Agent.line == Waiting.line) & (Agent.state == AgentState.READY)
    return exists().where(AgentSkill.agent_id == Agent.id, fits, ready)


def _longest_idle(session: Session, place: Waiting) -> Agent | None:
    """The ready agent of the team (and skill) who has been idle longest, locked for this transaction."""
    session.flush()
    member = exists().where(
        AgentSkill.agent_id == Agent.id,
        AgentSkill.team == place.team,
        AgentSkill.skill == (place.skill or ""),
    )
    return session.scalars(
        select(Agent)
        .where(Agent.line == place.line, Agent.state == AgentState.READY, member)
        .order_by(Agent.idle_since, Agent.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
    ).first()


def _offer(session: Session, place: Waiting, agent_id: str, at: datetime) -> Offer:
    count = session.scalar(select(func.count()).select_from(Offer).where(Offer.call_id == place.call_id)) or 0
    offer = Offer(
        id=f"{place.call_id}-{count + 1}",
        call_id=place.call_id,
        ordinal=count + 1,
        agent_id=agent_id,
        team=place.team,
        skill=place.skill,
        made_at=at,
    )
    session.add(offer)
    return offer
