"""Following an attempt: from everything told so far, bring attempt, agent and callback into line.

It may run at any time and any number of times: it looks at the whole set of facts, never at the order.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK, moved
from ivr.callbacks.closing import customer_reached
from ivr.calls.legs import LegState
from ivr.calls.steps import CALLER
from ivr.dialling.closing import OUTCOME_OF_AGENT, close, outcome_of
from ivr.dialling.known import AGENT, NOT_DIALLED, Known, load
from ivr.dialling.moves import ATTEMPT_MOVES, AttemptEvent
from ivr.dialling.promising import CHECK_EVERY, promise_about
from ivr.dialling.rows import AttemptOutcome, AttemptState
from ivr.lines.model import Line
from ivr.promises import promise_all

# The room ends with its customer; the agent's leg gets this long to end by itself before it is ended.
ROOM_CLOSES_WITHIN = timedelta(seconds=5)
# Who is told why there is no talk hears it out.
TIME_TO_BE_TOLD = timedelta(seconds=12)
# Of two who hang up together one is told first: nobody is asked whether the talk was cut off.
TIME_TO_LEAVE_TOGETHER = timedelta(seconds=1)


def follow_attempt(session: Session, attempt_id: str, *, line: Line, at: datetime) -> Known:
    """Apply what follows from the facts of an attempt; promises what has to be done outside."""
    known = load(session, attempt_id)
    if known.attempt.state is AttemptState.OPEN:
        _follow_open(session, known, line, at)
    if known.attempt.state is AttemptState.ACCEPTED:
        _follow_accepted(session, known, line, at)
    for leg in (AGENT, CALLER):
        _ask_after(session, known, leg, at)
    return known


def _follow_open(session: Session, known: Known, line: Line, at: datetime) -> None:
    if known.rejected:
        close(session, known, AttemptOutcome.AGENT_DECLINED, line=line, at=at)
    elif known.agent.ended is not None:
        status = str(known.agent.ended.detail.get("status"))
        outcome = OUTCOME_OF_AGENT.get(status, AttemptOutcome.AGENT_FAILED)
        if known.agent.went_unserved:
            outcome = AttemptOutcome.AGENT_FAILED
        close(session, known, outcome if known.wanted else AttemptOutcome.WITHDRAWN, line=line, at=at)
    elif not known.wanted:
        if not known.dialled(AGENT):
            close(session, known, AttemptOutcome.WITHDRAWN, line=line, at=at)
        else:
            _let_agent_go(session, known, at)
    elif known.accepted:
        attempt = known.attempt
        attempt.state = moved(ATTEMPT_MOVES, attempt.state, AttemptEvent.ACCEPT)
        move_agent(session.get_one(Agent, attempt.agent_id, with_for_update=ROW_LOCK), AgentEvent.TAKE, at)
        promise_all(session, [promise_about("ring-customer", attempt, at)])


def _follow_accepted(session: Session, known: Known, line: Line, at: datetime) -> None:
    if known.met is not None:
        customer_reached(session, known.callback, known.attempt.id, at=known.met.received_at)
    agent_over, customer_over = known.is_over(AGENT), known.is_over(CALLER)
    if agent_over and customer_over:
        close(session, known, outcome_of(known), line=line, at=at)
    elif agent_over:
        _let_customer_go(session, known, at)
    elif customer_over and _is_decided(known):
        _let_agent_go(session, known, at)
    elif not known.wanted and not known.picked_up(CALLER):
        _end(session, known, CALLER, at)


def _is_decided(known: Known) -> bool:
    """Whether the customer's telephone has rung its last, or will not be rung at all."""
    return known.dialled(CALLER) or known.told(NOT_DIALLED) or not known.wanted


def _let_agent_go(session: Session, known: Known, at: datetime) -> None:
    """An agent who waits for nobody is told why; a telephone that still rings stops ringing."""
    if not known.picked_up(AGENT):
        _end(session, known, AGENT, at)
    elif known.met:
        _end(session, known, AGENT, at + ROOM_CLOSES_WITHIN)
    elif known.sid(AGENT):
        promise_all(session, [promise_about("tell-dialler", known.attempt, at)])
        _end(session, known, AGENT, at + TIME_TO_BE_TOLD)


def _let_customer_go(session: Session, known: Known, at: datetime) -> None:
    """A customer whom no agent waits for is never left in silence; a telephone that still rings stops ringing."""
    if not known.picked_up(CALLER):
        _end(session, known, CALLER, at)
    elif known.sid(CALLER):
        due_at = at + TIME_TO_LEAVE_TOGETHER if known.met else at
        promise_all(session, [promise_about("tell-customer", known.attempt, due_at)])


def _end(session: Session, known: Known, leg: str, at: datetime) -> None:
    """Promise to end a leg that is known to the carrier; of one that is not, its receipt or its end will be told."""
    if known.sid(leg):
        promise_all(session, [promise_about("end-dialled-leg", known.attempt, at, leg=leg)])


def _ask_after(session: Session, known: Known, leg: str, at: datetime) -> None:
    """A leg is asked about until its end is known; one that lives on when all is over is ended."""
    if not known.sid(leg) or known.leg(leg).state is LegState.ENDED:
        return
    promise_all(session, [promise_about("check-dialled-leg", known.attempt, at + CHECK_EVERY, leg=leg)])
    if known.attempt.state is AttemptState.OVER:
        promise_all(session, [promise_about("end-dialled-leg", known.attempt, at + TIME_TO_BE_TOLD, leg=leg)])
