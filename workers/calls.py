"""Promises about calls: follow the facts, route, bring caller and agent together, end what is left over."""

from datetime import timedelta

from ivr.addresses import Address
from ivr.agents.routing import match
from ivr.calls.facts import Told
from ivr.calls.following import TIME_TO_BE_TOLD, Followed, follow, load
from ivr.calls.legs import LegState
from ivr.calls.offers import OfferOutcome, accept, bring_back, close, hang_up_promise
from ivr.calls.rows import Call, Offer, OfferState
from ivr.identifiers import room_of
from ivr.orders import Accepted, EndCall, Found, HoldParty, MoveCall, Order, Receipt, Rejected, TakeFromQueue, Unknown
from ivr.promises import Promise, promise_all
from workers.job import Job, Later, back_off, known_offer

# An agent on a telephone who has picked up gets this long to press a key.
TIME_TO_DECIDE = timedelta(seconds=25)
# What we send a caller to is numbered above the wait steps that may still be under way.
STEPS_AHEAD = 10
TRIES_TO_END = 6


def follow_call(job: Job) -> None:
    """Bring a call into line with everything told about it."""
    call = job.session.get(Call, job.text("call"))
    if call is not None:
        follow(job.session, call.id, line=job.line(call.line), at=job.at)


def route(job: Job) -> None:
    """Give waiting calls of a line to ready agents."""
    for offer in match(job.session, job.text("line"), job.at):
        ids = {"offer": offer.id, "call": offer.call_id}
        seconds = job.line(job.text("line")).ring.offer_seconds
        # Should no ringing ever be told, the offer still does not stay open for ever.
        latest = job.at + timedelta(seconds=seconds) + TIME_TO_DECIDE
        promise_all(
            job.session,
            [
                Promise("place", f"place:{offer.id}", job.at, ids),
                Promise("lapse", f"lapse:{offer.id}:made", latest, ids),
            ],
        )


def lapse(job: Job) -> Order | None:
    """The time of an offer is over: on to the next agent, unless this one has picked up or accepted."""
    known, offer = known_offer(job)
    if offer.state is not OfferState.OPEN or _accepted(known, offer):
        return None
    leg = known.leg_of(offer)
    if leg.state is LegState.ANSWERED and leg.pick_up is not None:
        decided_by = leg.pick_up.received_at + TIME_TO_DECIDE
        if job.at < decided_by:
            key = f"lapse:{offer.id}:picked-up"
            promise_all(job.session, [Promise("lapse", key, decided_by, job.args)])
            return None
    line = job.line(known.call.line)
    close(job.session, offer, OfferOutcome.MISSED, line=line, at=job.at)
    follow(job.session, known.call.id, line=line, at=job.at)
    return None


def bridge(job: Job) -> Order | None:
    """An agent accepted: take the caller out of the queue to the announcement, or tell the agent it is too late."""
    known, offer = known_offer(job)
    if offer.state is OfferState.ACCEPTED and not (job.in_doubt and not _announced(known, offer)):
        return None
    fresh = offer.state is OfferState.OPEN and known.in_queue
    if not (fresh or offer.state is OfferState.ACCEPTED) or known.waiting is None or known.last_step is None:
        return _dismissal(job, known, offer)
    if fresh:
        accept(job.session, offer, job.at)
        follow(job.session, known.call.id, line=job.line(known.call.line), at=job.at)
    step = (known.last_step.sequence or 0) + STEPS_AHEAD
    url = job.house.url(Address.MEET, call=known.call.id, line=known.call.line, step=step, offer=offer.id)
    return TakeFromQueue(known.waiting.queue_sid or "", known.call.carrier_sid, url)


def bridged(job: Job, receipt: Receipt) -> Later | None:
    """The caller is on the way; or had left, and the agent is told and spared when the leg has ended."""
    match receipt:
        case Rejected(permanent=True):
            known, offer = known_offer(job)
            if offer.state is OfferState.ACCEPTED and not _announced(known, offer):
                promise_all(
                    job.session,
                    [_promise("dismiss", offer, job), hang_up_promise(offer, job.at + TIME_TO_BE_TOLD)],
                )
            return None
        case Rejected() | Unknown():
            return Later(job.at + back_off(job), in_doubt=True)
        case Accepted() | Found():
            return None


def dismiss(job: Job) -> Order | None:
    """Tell an agent who accepted in vain, and end that leg."""
    known, offer = known_offer(job)
    return _dismissal(job, known, offer)


def _dismissal(job: Job, known: Followed, offer: Offer) -> Order | None:
    leg = known.leg_of(offer)
    sid = offer.leg_sid or leg.sid
    if sid is None or leg.state is LegState.ENDED or known.met(offer):
        return None
    url = job.house.url(Address.AGENT_GONE, call=known.call.id, line=known.call.line, step=STEPS_AHEAD, offer=offer.id)
    return MoveCall(sid, url)


def rejoin(job: Job) -> Order | None:
    """The agent's leg ended during the talk: take the caller out of the empty room."""
    known = load(job.session, job.text("call"))
    if known.caller_gone or known.waiting is None or known.last_step is None:
        return None
    url = job.house.url(
        Address.AGAIN,
        call=known.call.id,
        line=known.call.line,
        step=(known.last_step.sequence or 0) + STEPS_AHEAD,
        team=known.waiting.team,
    )
    return MoveCall(known.call.carrier_sid, url)


def hold(job: Job) -> Order | None:
    """Let the caller of a talk hear music, kept until `resume`."""
    return _hold_order(job, job.house.public_base_url + job.line(_call_of(job).line).waiting.music_address)


def resume(job: Job) -> Order | None:
    """Bring the caller back from hold."""
    return _hold_order(job, None)


def _hold_order(job: Job, music_url: str | None) -> Order | None:
    call = _call_of(job)
    return HoldParty(room_of(call.id), call.carrier_sid, music_url) if call.ended_at is None else None


def _call_of(job: Job) -> Call:
    return job.session.get_one(Call, job.text("call"))


def hang_up(job: Job) -> Order | None:
    """End an agent's leg that has no talk any more."""
    known, offer = known_offer(job)
    leg = known.leg_of(offer)
    sid = offer.leg_sid or leg.sid
    return EndCall(sid) if sid and leg.state is not LegState.ENDED else None


def try_again(job: Job, receipt: Receipt) -> Later | None:
    """Repeat an order that may be repeated without harm, a limited number of times."""
    if isinstance(receipt, Unknown) or (isinstance(receipt, Rejected) and not receipt.permanent):
        return Later(job.at + back_off(job)) if job.attempts < TRIES_TO_END else None
    return None


def bring_agent_back(job: Job) -> None:
    """Wrap-up or rest is over: the agent is ready, and the line is routed."""
    line = bring_back(job.session, job.text("offer"), job.at)
    if line is not None:
        promise_all(job.session, [Promise("route", f"route:back:{job.text('offer')}", job.at, {"line": line})])


def _accepted(known: Followed, offer: Offer) -> bool:
    return any(fact.leg == offer.id and _is_acceptance(fact) for fact in known.facts)


def _is_acceptance(fact: Told) -> bool:
    """Pressing the key, or on a softphone answering at all (its document says whether the offer was open)."""
    return fact.kind == "accepted" or (fact.kind == "leg-document" and "open" in fact.detail)


def _announced(known: Followed, offer: Offer) -> bool:
    return any(fact.kind == "announced" and fact.detail.get("offer") == offer.id for fact in known.facts)


def _promise(kind: str, offer: Offer, job: Job) -> Promise:
    return Promise(kind, f"{kind}:{offer.id}", job.at, {"offer": offer.id, "call": offer.call_id})
