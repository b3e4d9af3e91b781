"""Promises that ring somebody: an agent for an offer, or an agent who wants to record the announcement."""

from datetime import timedelta

from sqlalchemy import update

from ivr.addresses import Address
from ivr.agents.rows import Agent
from ivr.calls.facts import facts_of
from ivr.calls.following import follow
from ivr.calls.known import Followed
from ivr.calls.legs import read_leg
from ivr.calls.offers import OfferOutcome, close
from ivr.calls.rows import Call, Offer, OfferPurpose, OfferState
from ivr.calls.steps import CALLER, IN_QUEUE, last_step
from ivr.orders import Accepted, Order, PlaceCall, Receipt, Rejected
from ivr.promises import Promise, promise_all
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
    if not known.wants(offer):
        _over(job, offer, OfferOutcome.WITHDRAWN)
        return None
    agent = job.session.get_one(Agent, offer.agent_id)
    line = job.line(call.line)
    ids = {"call": call.id, "line": call.line, "offer": offer.id}
    picked_up = {**ids, "step": 1, "softphone": 1 if agent.softphone else None}
    if offer.purpose is OfferPurpose.CONSULT:
        answer_url = job.house.url(Address.AGENT_ASKED, **picked_up)
    else:
        answer_url = job.house.url(
            Address.AGENT, **picked_up, firm=call.firm or None, team=waiting.team, waited=_waited(known, job)
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
    if isinstance(receipt, Accepted):
        _keep_leg(job, receipt.sid)
        return None
    if isinstance(receipt, Rejected) and not receipt.permanent:
        return Later(job.at + back_off(job))
    _, offer = known_offer(job)
    if offer.state is OfferState.OPEN:
        _over(job, offer, OfferOutcome.FAILED)
    return None


def _keep_leg(job: Job, sid: str) -> None:
    """Keep the leg's id, without the call's lock: this happens once for every agent that is rung."""
    job.session.execute(update(Offer).where(Offer.id == job.text("offer"), Offer.leg_sid.is_(None)).values(leg_sid=sid))
    offer = job.session.get_one(Offer, job.text("offer"))
    facts = facts_of(job.session, offer.call_id)
    step, ended = last_step(facts), read_leg(CALLER, facts).ended
    if offer.state is OfferState.OVER or ended or step is None or step.kind != IN_QUEUE:
        # Whoever follows the call may have looked before there was a leg to end.
        promise_all(job.session, [Promise("follow", f"follow:{offer.id}:placed", job.at, {"call": offer.call_id})])


def _waited(known: Followed, job: Job) -> int:
    """Seconds in this stay in the queue, by what the last turn of waiting told."""
    step = known.last_step
    if step is None:
        return 0
    return int(step.detail.get("waited", 0)) + int((job.at - step.received_at).total_seconds())


def _over(job: Job, offer: Offer, outcome: OfferOutcome) -> None:
    line = job.line(job.session.get_one(Call, offer.call_id).line)
    close(job.session, offer, outcome, line=line, at=job.at)
    follow(job.session, offer.call_id, line=line, at=job.at)


def ring_for_clip(job: Job) -> Order | None:
    """Ring an agent's own registered telephone to record the announcement or hear it; never twice for one wish."""
    if job.in_doubt:
        return None
    agent = job.session.get_one(Agent, job.text("agent"))
    heard = {"clip": job.text("clip")} if "clip" in job.args else {}
    url = job.house.url(Address.CLIP, call=job.text("session"), line=agent.line, step=1, agent=agent.id, **heard)
    return PlaceCall(
        to=agent.destination,
        shown=job.line(agent.line).numbers[0],
        answer_url=url,
        status_url=None,
        seconds=CLIP_RING_SECONDS,
    )


def rung_for_clip(job: Job, receipt: Receipt) -> Later | None:
    """An order that was not processed is given again; any other outcome is the agent's to see."""
    if isinstance(receipt, Rejected) and not receipt.permanent:
        return Later(job.at + back_off(job))
    return None
