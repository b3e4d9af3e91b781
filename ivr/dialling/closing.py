"""How an attempt ends: what it means for its agent and for the callback, and what is promised then."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.returning import Ending, returning
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK, moved
from ivr.callbacks.closing import Result, Tried, attempt_over
from ivr.charters.owing import promise_judging
from ivr.dialling.known import CONFIRMED, NOT_DIALLED, OTHER, Known
from ivr.dialling.moves import ATTEMPT_MOVES, AttemptEvent
from ivr.dialling.promising import promise_about
from ivr.dialling.rows import Attempt, AttemptOutcome
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all

# A final state of the agent's telephone before anybody was dialled.
OUTCOME_OF_AGENT: Mapping[str, AttemptOutcome] = {
    "completed": AttemptOutcome.AGENT_DECLINED,
    "busy": AttemptOutcome.AGENT_MISSED,
    "no-answer": AttemptOutcome.AGENT_MISSED,
    "canceled": AttemptOutcome.AGENT_MISSED,
    "failed": AttemptOutcome.AGENT_FAILED,
}
# A final state of the customer's telephone where nobody said who it is.
OUTCOME_OF_CUSTOMER: Mapping[str, AttemptOutcome] = {
    "completed": AttemptOutcome.VOICEMAIL,
    "busy": AttemptOutcome.BUSY,
    "no-answer": AttemptOutcome.NO_ANSWER,
    "failed": AttemptOutcome.FAILED,
}
# What the agent is made to rest for: another one is given the callback.
_RESTED = {
    AttemptOutcome.AGENT_MISSED: "missed",
    AttemptOutcome.AGENT_DECLINED: "declined",
    AttemptOutcome.AGENT_FAILED: "failed",
}
# One agent is not asked for one callback again and again: each further time a minute later, up to three.
PAUSE, MOST_PAUSES = timedelta(minutes=1), 3
_UNREACHED = {
    AttemptOutcome.BUSY,
    AttemptOutcome.NO_ANSWER,
    AttemptOutcome.VOICEMAIL,
    AttemptOutcome.WRONG_PERSON,
    AttemptOutcome.FAILED,
}


def outcome_of(known: Known) -> AttemptOutcome:
    """How an attempt ended whose customer's telephone cannot ring any more, in the order of what proves most."""
    status = str(known.customer.ended.detail.get("status")) if known.customer.ended else ""
    if known.met:
        return AttemptOutcome.REACHED
    if known.told(OTHER):
        return AttemptOutcome.WRONG_PERSON
    if status in OUTCOME_OF_CUSTOMER and not known.apologised:
        # Who picked up and was not greeted was let down by us.
        is_failed = known.told(CONFIRMED) or (status == "completed" and known.last_step is None)
        return AttemptOutcome.FAILED if is_failed else OUTCOME_OF_CUSTOMER[status]
    if not known.wanted or known.told(NOT_DIALLED):
        return AttemptOutcome.WITHDRAWN
    return AttemptOutcome.AGENT_DECLINED


def close(session: Session, known: Known, outcome: AttemptOutcome, *, line: Line, at: datetime) -> None:
    """End an attempt: free its agent in the way the outcome deserves, and tell the callback and the judges."""
    attempt = known.attempt
    attempt.state = moved(ATTEMPT_MOVES, attempt.state, AttemptEvent.CLOSE)
    attempt.outcome, attempt.closed_at = outcome, at
    agent = session.get_one(Agent, attempt.agent_id, with_for_update=ROW_LOCK)
    _free(session, attempt, agent, line=line, at=at)
    if outcome in _RESTED and (pause := _pause(session, attempt)):
        known.callback.not_before = max(known.callback.not_before or at, at + pause)
    result = Result.UNREACHED if outcome in _UNREACHED else Result.NOT_TRIED
    if outcome is AttemptOutcome.REACHED:
        result = Result.REACHED
    attempt_over(session, known.callback, Tried(attempt.id, result, outcome.value), line=line, at=at)
    promise_judging(session, "attempt", attempt.id, at=at)


def _pause(session: Session, attempt: Attempt) -> timedelta:
    """How long a callback rests that this agent has left before; the first time the next agent is rung at once."""
    same = (Attempt.callback_id == attempt.callback_id) & (Attempt.agent_id == attempt.agent_id)
    left = select(func.count()).where(same, Attempt.outcome.in_(_RESTED), Attempt.id != attempt.id)
    return PAUSE * min(session.scalar(left) or 0, MOST_PAUSES)


def _free(session: Session, attempt: Attempt, agent: Agent, *, line: Line, at: datetime) -> None:
    if attempt.outcome is AttemptOutcome.REACHED:
        move_agent(agent, AgentEvent.END, at)
        following = promise_about("free-dialler", attempt, at + timedelta(seconds=line.wrap_up_seconds))
    elif attempt.absence is not None:
        move_agent(agent, AgentEvent.RETURN, at, reason=attempt.absence or None)
        return
    elif attempt.outcome in _RESTED:
        move_agent(agent, AgentEvent.MISS, at, reason=_RESTED[attempt.outcome])
        following = promise_about("free-dialler", attempt, at + timedelta(seconds=line.rest_seconds))
    else:
        move_agent(agent, AgentEvent.SPARE, at)
        following = Promise("route", f"route:spared:{attempt.id}", at, {"line": line.id})
    promise_all(session, [following])


def free_again(session: Session, attempt_id: str, at: datetime) -> str | None:
    """Make an agent ready again after wrap-up or rest, or away again; returns the line to route, or None."""
    attempt = session.get_one(Attempt, attempt_id, with_for_update=ROW_LOCK)
    agent = session.get_one(Agent, attempt.agent_id, with_for_update=ROW_LOCK)
    reason = _RESTED.get(attempt.outcome) if attempt.outcome else None
    event = returning(agent, Ending(attempt.outcome is AttemptOutcome.REACHED, reason, attempt.closed_at))
    if event is None:
        return None
    if event is AgentEvent.FINISH:
        attempt.wrapped_at = at
    if attempt.absence is not None:
        move_agent(agent, AgentEvent.LEAVE, at, reason=attempt.absence or None)
        return None
    move_agent(agent, event, at)
    return agent.line
