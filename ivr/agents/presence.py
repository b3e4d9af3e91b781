"""What an agent decides about being there: come, leave, leave after the present work, finish the wrap-up early."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent, AgentState
from ivr.base import Refused
from ivr.calls.offers import promise_of
from ivr.calls.rows import Offer
from ivr.conduct.respite import rest_if_earned
from ivr.desks.presence import AT_WORK, forget_silent_desks
from ivr.dialling.rows import Attempt
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all


def come(session: Session, agent: Agent, *, at: datetime) -> None:
    """Let an agent take calls; the row is locked by whoever calls. Raises `Refused` from any state but away."""
    if agent.state is not AgentState.AWAY:
        raise Refused(f"{agent.id} is {agent.state.value}: only who is away can come")
    agent.leaving = None
    move_agent(agent, AgentEvent.COME, at)
    forget_silent_desks(session, agent.id, at=at)
    _route(session, agent, at)


def leave(session: Session, agent: Agent, *, reason: str, at: datetime) -> None:
    """Take an agent out of routing, out of the wrap-up too. Raises `Refused` where a call is with the agent."""
    wrapped = _wrapped_up(session, agent) if agent.state is AgentState.WRAPPING else None
    move_agent(agent, AgentEvent.LEAVE, at, reason=reason)
    _note_wrapped(session, wrapped, at)
    _route(session, agent, at)


def wish_to_leave(agent: Agent, reason: str | None) -> None:
    """Let an agent be away for this reason as soon as the present work is over; None takes the wish back.

    Raises `Refused` where there is no work: who is ready can leave at once.
    """
    if reason is not None and agent.state not in AT_WORK:
        raise Refused(f"{agent.id} is {agent.state.value}: there is no work to be finished before")
    agent.leaving = reason


def finish(session: Session, agent: Agent, *, line: Line, at: datetime) -> None:
    """End the wrap-up early: the agent is ready, or away where that was wished for or a rest is earned.

    Raises `Refused` where the agent wraps nothing up.
    """
    if agent.state is not AgentState.WRAPPING:
        raise Refused(f"{agent.id} is {agent.state.value}: there is nothing to wrap up")
    wrapped = _wrapped_up(session, agent)
    absence = wrapped.absence if isinstance(wrapped, Attempt) else None
    if absence is not None:
        move_agent(agent, AgentEvent.LEAVE, at, reason=absence or None)
    else:
        move_agent(agent, AgentEvent.FINISH, at)
    _note_wrapped(session, wrapped, at)
    if not (isinstance(wrapped, Offer) and rest_if_earned(session, wrapped.id, line=line, at=at)):
        _route(session, agent, at)


def _wrapped_up(session: Session, agent: Agent) -> Offer | Attempt | None:
    """The talk that an agent is wrapping up: what was closed when the wrap-up began."""
    offers = select(Offer).where(Offer.agent_id == agent.id, Offer.closed_at == agent.state_since)
    attempts = select(Attempt).where(Attempt.agent_id == agent.id, Attempt.closed_at == agent.state_since)
    return session.scalars(offers).first() or session.scalars(attempts).first()


def _note_wrapped(session: Session, wrapped: Offer | Attempt | None, at: datetime) -> None:
    if wrapped is None:
        return
    wrapped.wrapped_at = at
    if isinstance(wrapped, Offer):
        promise_all(session, [promise_of("figure", wrapped, at)])


def _route(session: Session, agent: Agent, at: datetime) -> None:
    key = f"route:moved:{agent.id}:{at.isoformat()}"
    promise_all(session, [Promise("route", key, at, {"line": agent.line})])
