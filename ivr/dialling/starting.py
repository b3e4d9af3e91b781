"""Starting an attempt: callback and agent are claimed together, and the agent's telephone is about to ring."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent, AgentState
from ivr.base import Refused
from ivr.callbacks.moves import CallbackEvent, move_callback
from ivr.callbacks.rows import Callback, CallbackState
from ivr.calls.rows import Offer
from ivr.conduct.respite import RESPITE
from ivr.deadlines import WorkingTime
from ivr.dialling.hours import may_dial
from ivr.dialling.promising import promise_about
from ivr.dialling.rows import Attempt
from ivr.dialling.waiting import is_taken
from ivr.promises import promise_all


def start_attempt(session: Session, callback: Callback, agent: Agent, *, working: WorkingTime, at: datetime) -> Attempt:
    """Let a ready agent, or one who is away and dials all the same, ring the customer of a waiting callback.

    Callback and agent are locked by whoever calls, in this order. Raises `Refused`, saying what is in the way.
    """
    _check(session, callback, agent, working=working, at=at)
    attempt = open_attempt(session, callback, agent, at=at)
    session.flush()
    return attempt


def open_attempt(session: Session, callback: Callback, agent: Agent, *, at: datetime) -> Attempt:
    """Claim both and promise to ring the agent, without asking whether the customer may be rung now."""
    count = session.scalar(select(func.count()).where(Attempt.callback_id == callback.id)) or 0
    absence = _absence(session, agent)
    move_callback(callback, CallbackEvent.DIAL)
    move_agent(agent, AgentEvent.DIAL if agent.state is AgentState.AWAY else AgentEvent.OFFER, at)
    attempt = Attempt(
        id=f"{callback.id}-{count + 1}",
        callback_id=callback.id,
        ordinal=count + 1,
        line=callback.line,
        number_index=callback.number_index,
        agent_id=agent.id,
        absence=absence,
        made_at=at,
    )
    session.add(attempt)
    promise_all(session, [promise_about("ring-agent", attempt, at)])
    return attempt


def _absence(session: Session, agent: Agent) -> str | None:
    """The reason to be away again for; None for an agent who is ready, or whom we made rest: dialling ends a rest."""
    if agent.state is not AgentState.AWAY:
        return None
    rests = (
        exists().where(ended.agent_id == agent.id, ended.closed_at == agent.state_since) for ended in (Offer, Attempt)
    )
    resting = agent.reason == RESPITE or session.scalar(select(or_(*rests)))
    return None if resting else agent.reason or ""


def _check(session: Session, callback: Callback, agent: Agent, *, working: WorkingTime, at: datetime) -> None:
    if callback.state is not CallbackState.WAITING:
        raise Refused(f"callback {callback.id} is {callback.state.value}: only a waiting one can be dialled")
    if agent.line != callback.line:
        raise Refused(f"{agent.id} takes calls of another line: choose an agent of {callback.line}")
    if agent.state not in {AgentState.READY, AgentState.AWAY}:
        raise Refused(f"{agent.id} is {agent.state.value}: try again when the agent is ready or away")
    if not may_dial(working, at):
        raise Refused(f"{callback.line} is closed, or it is before 08:00 or after 21:00: nobody is dialled now")
    if session.scalar(select(is_taken()).where(Callback.id == callback.id)):
        raise Refused("the customer is on the telephone with us, or being rung: try again in a moment")
