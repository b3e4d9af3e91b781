"""Who is rung next: the caller who waits longest is given the fitting agent who is idle longest."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.calls.rows import Offer, Waiting, WaitingState

# So many callers are looked at in one pass; the next pass comes with the next agent or turn of waiting. Only
# callers for whom somebody is ready are looked at, so that a team with nobody there never hides another.
PASS_SIZE = 50


def match(session: Session, line: str, at: datetime) -> list[Offer]:
    """Give waiting calls of a line to ready agents, oldest first; returns the offers made, still unplaced.

    Each agent is claimed under a row lock and the version counter, so two calls never take one agent.
    """
    waiting = session.scalars(
        select(Waiting)
        .where(Waiting.line == line, Waiting.state == WaitingState.WAITING, _somebody_is_ready())
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
        made.append(_offer(session, place.call_id, agent.id, at))
    return made


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


def _offer(session: Session, call_id: str, agent_id: str, at: datetime) -> Offer:
    count = session.scalar(select(func.count()).select_from(Offer).where(Offer.call_id == call_id)) or 0
    offer = Offer(id=f"{call_id}-{count + 1}", call_id=call_id, ordinal=count + 1, agent_id=agent_id, made_at=at)
    session.add(offer)
    return offer
