"""Who is rung next: whoever waits longest, holding or to be called, is given the agent who is idle longest."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.readiness import somebody_is_ready, somebody_may_help, teams_for
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.base import ROW_LOCK
from ivr.callbacks.rows import Callback, Origin
from ivr.calls.rows import Offer, OfferPurpose, Waiting, WaitingState
from ivr.deadlines import WorkingTime
from ivr.dialling.hours import may_dial
from ivr.dialling.rows import Attempt
from ivr.dialling.starting import open_attempt
from ivr.dialling.waiting import is_due, is_taken
from ivr.health.crowd import IN_TIME, behind
from ivr.lines.model import Line

# So many of either kind are looked at in one pass; the next pass comes with the next agent or turn of waiting. Only
# those for whom somebody is ready are looked at, so that a team with nobody there never hides another.
PASS_SIZE = 50


def match(session: Session, working: WorkingTime, at: datetime) -> list[Offer | Attempt]:
    """Give those who wait on a line to ready agents, in the order in which they first arrived.

    A customer who asked to be called keeps that place among the callers who hold; an appointment whose time has
    come goes before them (K1). Returns the offers and attempts made; the offers are still unplaced. Each agent is
    claimed under a row lock and the version counter, so that nobody takes an agent twice. Who has waited for a team
    as long as its file says may be given to an agent of the teams that help it out, once its own has nobody ready.
    """
    line = working.line
    holding: list[Waiting | Callback] = [*_holding(session, line, at)]
    made: list[Offer | Attempt] = []
    exhausted: set[tuple[Sequence[str], str | None]] = set()
    for place in sorted([*holding, *_to_be_called(session, working, at)], key=_turn):
        need = ((place.team, *_helping_teams(place, line, at)), place.skill)
        agent = None if need in exhausted else _next_agent(session, place, need[0])
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


def _holding(session: Session, line: Line, at: datetime) -> Sequence[Waiting]:
    helped = any(team.overflow for team in line.teams.values())
    ready = somebody_is_ready(Waiting)
    return session.scalars(
        select(Waiting)
        .where(Waiting.line == line.id, Waiting.state == WaitingState.WAITING, Waiting.agent_id.is_(None))
        .where(ready | somebody_may_help(line, at) if helped else ready)
        .order_by(Waiting.since, Waiting.call_id)
        .limit(PASS_SIZE)
        .with_for_update(key_share=True)
    ).all()


def _to_be_called(session: Session, working: WorkingTime, at: datetime) -> Sequence[Callback]:
    """The customers who may be rung now; nobody stands in it twice. While workers are behind, only appointments."""
    if working.line.callbacks.serve != "queue" or not may_dial(working, at):
        return ()
    due = session.scalars(
        select(Callback)
        .where(is_due(working.line.id, at), ~is_taken(), somebody_is_ready(Callback))
        .order_by(Callback.origin != Origin.BOOKING, Callback.since, Callback.id)
        .limit(PASS_SIZE)
        .with_for_update(key_share=True)
    ).all()
    if due and behind(session, at) > IN_TIME:
        # Who holds goes first; an appointment stands.
        due = [callback for callback in due if callback.origin is Origin.BOOKING]
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


def _helping_teams(place: Waiting | Callback, line: Line, at: datetime) -> Sequence[str]:
    return teams_for(place, line, at) if isinstance(place, Waiting) else ()


def _next_agent(session: Session, place: Waiting | Callback, teams: Sequence[str]) -> Agent | None:
    """The agent of the first team, its own, who is idle longest; else of all that help it out."""
    own, *others = teams
    agent = _longest_idle(session, place, [own])
    return agent or (_longest_idle(session, place, others) if others else None)


def _longest_idle(session: Session, place: Waiting | Callback, teams: Sequence[str]) -> Agent | None:
    """The ready agent of the teams (and skill) who has been idle longest, locked for this transaction."""
    session.flush()
    member = exists().where(
        AgentSkill.agent_id == Agent.id,
        AgentSkill.team.in_(teams),
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
