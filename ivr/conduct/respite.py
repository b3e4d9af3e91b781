"""The rest of an agent after a call that had to be ended: away, and not rung until it is over."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent, AgentState
from ivr.base import ROW_LOCK
from ivr.calls.facts import facts_of
from ivr.calls.offers import promise_of
from ivr.calls.rows import Offer
from ivr.conduct.reading import Cause, ended_for
from ivr.lines.model import Line
from ivr.promises import promise_all

RESPITE = "respite"
EARNING = {Cause.ABUSE.value, Cause.HARASSMENT.value}


def rest_if_earned(session: Session, offer_id: str, *, line: Line, at: datetime) -> bool:
    """Take an agent who has just become ready out of routing, if the talk was ended for abuse or harassment."""
    offer = session.get_one(Offer, offer_id)
    ended = ended_for(facts_of(session, offer.call_id), offer.id)
    if not line.conduct.respite_seconds or ended is None or ended.detail.get("cause") not in EARNING:
        return False
    agent = session.get_one(Agent, offer.agent_id, with_for_update=ROW_LOCK)
    if agent.state is not AgentState.READY:
        return False
    move_agent(agent, AgentEvent.LEAVE, at, reason=RESPITE)
    # Counted from now by the rule of now: a rule that changes meanwhile is for later rests.
    promise = promise_of("respite", offer, at + timedelta(seconds=line.conduct.respite_seconds))
    promise_all(session, [replace(promise, args={**promise.args, "began": _moment(at)})])
    return True


def end_respite(session: Session, offer_id: str, *, began: int, at: datetime) -> bool:
    """Make an agent ready again whose rest, the one that `began` then, is over.

    One who came back earlier, or rests anew, is left alone. `began` is in microseconds, as the promise keeps it.
    """
    offer = session.get_one(Offer, offer_id)
    agent = session.get_one(Agent, offer.agent_id, with_for_update=ROW_LOCK)
    if agent.state is not AgentState.AWAY or agent.reason != RESPITE or _moment(agent.state_since) != began:
        return False
    move_agent(agent, AgentEvent.COME, at)
    return True


def _moment(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)
