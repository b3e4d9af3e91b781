"""Promises of a dialled callback: ring the agent, ring the customer, follow the facts, free the agent."""

from datetime import timedelta

from sqlalchemy import select

from ivr.addresses import Address
from ivr.agents.rows import Agent
from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.rows import Callback, Origin
from ivr.calls.facts import Told, tell
from ivr.calls.steps import CALLER
from ivr.dialling.closing import close, free_again
from ivr.dialling.engaged import is_with_us
from ivr.dialling.following import follow_attempt
from ivr.dialling.hours import may_dial
from ivr.dialling.known import AGENT, DIALLED, NOT_DIALLED, Known, load
from ivr.dialling.promising import AGENT_RINGS, CUSTOMER_RINGS, NOTHING_TOLD, promise_about
from ivr.dialling.rows import Attempt, AttemptOutcome, AttemptState
from ivr.identifiers import callback_id
from ivr.orders import Accepted, Order, PlaceCall, Receipt, Rejected, Unknown
from ivr.promises import Promise, promise_all
from workers.job import Job, Later, back_off

RINGS = {AGENT: AGENT_RINGS, CALLER: CUSTOMER_RINGS}


def follow(job: Job) -> None:
    """Bring an attempt into line with everything told about it."""
    follow_known(job, job.text("attempt"))


def follow_known(job: Job, attempt_id: str) -> Known:
    """Follow an attempt by the rules of its line."""
    line = job.line(job.session.get_one(Attempt, attempt_id).line)
    return follow_attempt(job.session, attempt_id, line=line, at=job.at)


def ring_agent(job: Job) -> Order | None:
    """Ring the agent of an attempt while it makes sense; after an order without an answer nobody is rung again."""
    known = follow_known(job, job.text("attempt"))
    if known.attempt.state is not AttemptState.OPEN or job.in_doubt:
        return None
    line = known.attempt.line
    if not known.wanted or not may_dial(job.working_time(line), job.at):
        # Every order so far was refused, so that this telephone never rang.
        close(job.session, known, AttemptOutcome.WITHDRAWN, line=job.line(line), at=job.at)
        return None
    agent = job.session.get_one(Agent, known.attempt.agent_id)
    return _place(job, known, AGENT, to=agent.destination, softphone=1 if agent.softphone else None)


def ring_customer(job: Job) -> Order | None:
    """Ring the customer, unless nobody wishes it any more; never twice for one attempt."""
    known = follow_known(job, job.text("attempt"))
    if known.attempt.state is not AttemptState.ACCEPTED or known.agent.ended or job.in_doubt:
        return None
    if reason := _obstacle(job, known):
        _tell(job, known, NOT_DIALLED, CALLER, reason=reason)
        follow_known(job, known.attempt.id)
        return None
    return _place(job, known, CALLER, to=known.callback.number.e164)


def _obstacle(job: Job, known: Known) -> str | None:
    """Why the customer must not be rung just now."""
    if not known.wanted:
        return "unwanted"
    if not may_dial(job.working_time(known.attempt.line), job.at):
        return "closed"
    return "calling" if job.session.scalar(select(is_with_us(known.attempt.number_index))) else None


def _place(job: Job, known: Known, leg: str, *, to: str, softphone: int | None = None) -> PlaceCall:
    """The order to ring one of the two; from now on this telephone may ring, and is given up if nothing is told."""
    line, seconds = job.line(known.attempt.line), RINGS[leg]
    _tell(job, known, DIALLED, leg)
    given_up_at = job.at + timedelta(seconds=seconds) + NOTHING_TOLD
    promise_all(job.session, [promise_about("lapse-attempt", known.attempt, given_up_at, leg=leg)])
    ids = {"call": known.attempt.id, "line": line.id}
    entry = Address.AGENT_DIAL if leg == AGENT else Address.DIAL_GREET
    return PlaceCall(
        to=to,
        shown=line.numbers[0],
        answer_url=job.house.url(entry, **ids, step=1, softphone=softphone),
        status_url=job.house.url(Address.DIAL_STATUS, **ids, leg=leg),
        seconds=seconds,
    )


def _tell(job: Job, known: Known, kind: str, leg: str, **detail: str) -> None:
    fact = Told(known.attempt.id, f"{kind}:{leg}", kind, leg, job.at, detail=dict(detail))
    tell(job.session.connection(), fact)


def agent_rung(job: Job, receipt: Receipt) -> Later | None:
    """The agent's telephone rings, or could not be rung."""
    return _settle(job, receipt, AGENT)


def customer_rung(job: Job, receipt: Receipt) -> Later | None:
    """The customer's telephone rings, or could not be rung."""
    return _settle(job, receipt, CALLER)


def _settle(job: Job, receipt: Receipt, leg: str) -> Later | None:
    """An order that was not processed is given again; of one that nobody answered, the carrier's events tell."""
    if isinstance(receipt, Unknown):
        return None
    if isinstance(receipt, Rejected) and not receipt.permanent:
        return Later(job.at + min(back_off(job), NOTHING_TOLD))
    known = load(job.session, job.text("attempt"))
    if isinstance(receipt, Accepted):
        _keep_leg(known.attempt, leg, receipt.sid)
    else:
        tell_failed(job, known.attempt.id, leg, why="refused")
    follow_known(job, known.attempt.id)
    return None


def _keep_leg(attempt: Attempt, leg: str, sid: str) -> None:
    if leg == AGENT:
        attempt.agent_sid = attempt.agent_sid or sid
    else:
        attempt.customer_sid = attempt.customer_sid or sid


def tell_failed(job: Job, attempt_id: str, leg: str, *, why: str) -> None:
    """Of a telephone that was never heard of, or could not be rung, the end is told by ourselves."""
    detail = {"status": "failed", "why": why}
    tell(job.session.connection(), Told(attempt_id, f"{leg}:{why}", "leg-ended", leg, job.at, detail=detail))


def free(job: Job) -> None:
    """Wrap-up or rest is over: the agent is ready or away again, and the line is routed."""
    line = free_again(job.session, job.text("attempt"), job.at)
    if line is not None:
        promise_all(job.session, [Promise("route", f"route:back:{job.text('attempt')}", job.at, {"line": line})])


def ask_again(job: Job) -> None:
    """The talk was cut off and the customer wishes to be called again: a new callback at the old place.

    It has no call of its own, and so its own receipt number: two promises are told apart by it.
    """
    attempt = job.session.get_one(Attempt, job.text("attempt"))
    cut = job.session.get_one(Callback, attempt.callback_id)
    wish = Wish(
        id=callback_id(attempt.id),
        line=job.line(cut.line),
        team=cut.team,
        skill=cut.skill,
        origin=Origin.WAITING if cut.origin is Origin.BOOKING else cut.origin,
        number=cut.number,
        since=cut.since,
        customer=cut.customer,
        content=cut.content,
    )
    ask_callback(job.session, wish, calendar=job.house.calendar, at=job.at)
