"""Who is rung next: whoever waits longest, holding or to be called, is given the agent who is idle longest."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.readiness import somebody_is_ready
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.base import ROW_LOCK
from ivr.callbacks.rows import Callback, Origin
from ivr.calls.rows import Offer, OfferPurpose, Waiting, WaitingState
from ivr.deadlines import WorkingTime
from ivr.dialling.hours import may_dial
from ivr.dialling.rows import Attempt
from ivr.dialling.starting import open_attempt
from ivr.dialling.waiting import is_due, is_taken

# So many of either kind are looked at in one pass; the next pass comes with the next agent or turn of waiting. Only
# those for whom somebody is ready are looked at, so that a team with nobody there never hides another.
PASS_SIZE = 50


def match(session: Session, working: WorkingTime, at: datetime) -> list[Offer | Attempt]:
    """Give those who wait on a line to ready agents, in the order in which they first arrived.

    A customer who asked to be called keeps that place among the callers who hold; an appointment whose time has
    come goes before them (K1). Returns the offers and attempts made; the offers are still unplaced. Each agent is
    claimed under a row lock and the version counter, so that nobody takes an agent twice.
    """
    holding: list[Waiting | Callback] = [*_holding(session, working.line.id)]
    made: list[Offer | Attempt] = []
    exhausted: set[tuple[str, str | None]] = set()
    for place in sorted([*holding, *_to_be_called(session, working, at)], key=_turn):
        need = (place.team, place.skill)
        agent = None if need in exhausted else _longest_idle(session, place)
        if agent is None:
            exhausted.add(need)
        elif isinstance(place, Waiting):
            move_agent(agent, AgentEvent.OFFER, at)
            place.state = WaitingState.OFFERED
            made.append(_offer(session, place, agent.id, at))
        else:
            made.append(open_attempt(session, place, agent, at=at))
    return made


def _turn(place: Waiting | Callback) -> tuple[bool, datetime, str]:
    """Appointments first, then by original arrival."""
    if isinstance(place, Waiting):
        return True, place.since, place.call_id
    return place.origin is not Origin.BOOKING, place.since, place.id


def _holding(session: Session, line: str) -> Sequence[Waiting]:
    return session.scalars(
        select(Waiting)
        .where(Waiting.line == line, Waiting.state == WaitingState.WAITING, Waiting.agent_id.is_(None))
        .where(somebody_is_ready(Waiting))
        .order_by(Waiting.since, Waiting.call_id)
        .limit(PASS_SIZE)
        .with_for_update(key_share=True)
    ).all()


def _to_be_called(session: Session, working: WorkingTime, at: datetime) -> Sequence[Callback]:
    """The customers who may be rung now; nobody stands in it twice."""
    if working.line.callbacks.serve != "queue" or not may_dial(working, at):
        return ()
    due = session.scalars(
        select(Callback)
        .where(is_due(working.line.id, at), ~is_taken(), somebody_is_ready(Callback))
        .order_by(Callback.origin != Origin.BOOKING, Callback.since, Callback.id)
        .limit(PASS_SIZE)
        .with_for_update(key_share=True)
    ).all()
    first = {callback.number_index: callback for callback in reversed(due)}
    return list(first.values())


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


def _longest_idle(session: Session, place: Waiting | Callback) -> Agent | None:
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
