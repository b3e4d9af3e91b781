"""Promises that ring somebody: an agent for an offer, or an agent who wants to record the announcement."""

from datetime import timedelta

from ivr.addresses import Address
from ivr.agents.rows import Agent
from ivr.calls.following import follow
from ivr.calls.offers import OfferOutcome, close, hang_up_promise
from ivr.calls.rows import Call, Offer, OfferState
from ivr.orders import Accepted, Order, PlaceCall, Receipt, Rejected
from ivr.promises import Promise, promise_all
from workers.checks import INTERVAL
from workers.job import Job, Later, back_off, known_offer

# We end the ringing ourselves; the carrier's own limit is only there for the day we cannot.
CARRIER_LIMIT = timedelta(seconds=20)
CLIP_RING_SECONDS = 30


def place(job: Job) -> Order | None:
    """Ring the agent of an offer. After an order without an answer nobody is rung again for this offer."""
    known, offer = known_offer(job)
    call, waiting = known.call, known.waiting
    if offer.state is not OfferState.OPEN or waiting is None:
        return None
    if job.in_doubt:
        _over(job, offer, OfferOutcome.FAILED)
        return None
    if known.caller_gone or not known.in_queue:
        _over(job, offer, OfferOutcome.WITHDRAWN)
        return None
    agent = job.session.get_one(Agent, offer.agent_id)
    line = job.line(call.line)
    ids = {"call": call.id, "line": call.line, "offer": offer.id}
    answer_url = job.house.url(
        Address.AGENT,
        **ids,
        step=1,
        team=waiting.team,
        waited=int((job.at - waiting.since).total_seconds()),
        softphone=1 if agent.softphone else None,
    )
    return PlaceCall(
        to=agent.destination,
        shown=line.numbers[0],
        answer_url=answer_url,
        status_url=job.house.url(Address.STATUS, **ids),
        seconds=int(line.ring.offer_seconds + CARRIER_LIMIT.total_seconds()),
    )


def placed(job: Job, receipt: Receipt) -> Later | None:
    """The agent rings; or could not be rung, and the next one is."""
    known, offer = known_offer(job)
    if isinstance(receipt, Accepted):
        offer.leg_sid = offer.leg_sid or receipt.sid
        check = {"call": offer.call_id, "leg": offer.id}
        promises = [Promise("check-leg", f"check-leg:{offer.call_id}:{offer.id}", job.at + INTERVAL, check)]
        if offer.state is OfferState.OVER or known.caller_gone:
            promises.append(hang_up_promise(offer, job.at))
        promise_all(job.session, promises)
        return None
    if isinstance(receipt, Rejected) and not receipt.permanent:
        return Later(job.at + back_off(job))
    if offer.state is OfferState.OPEN:
        _over(job, offer, OfferOutcome.FAILED)
    return None


def _over(job: Job, offer: Offer, outcome: OfferOutcome) -> None:
    line = job.line(job.session.get_one(Call, offer.call_id).line)
    close(job.session, offer, outcome, line=line, at=job.at)
    follow(job.session, offer.call_id, line=line, at=job.at)


def ring_for_clip(job: Job) -> Order | None:
    """Ring an agent's own registered telephone to record the announcement; never twice for one wish."""
    if job.in_doubt:
        return None
    agent = job.session.get_one(Agent, job.text("agent"))
    url = job.house.url(Address.CLIP, call=job.text("session"), line=agent.line, step=1, agent=agent.id)
    return PlaceCall(
        to=agent.destination,
        shown=job.line(agent.line).numbers[0],
        answer_url=url,
        status_url=None,
        seconds=CLIP_RING_SECONDS,
    )
