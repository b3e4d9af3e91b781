"""Promises about calls: follow the facts, route, bring caller and agent together, end what is left over."""

from ivr.addresses import Address
from ivr.agents.routing import match
from ivr.calls.facts import Told, tell
from ivr.calls.following import TIME_TO_BE_TOLD, follow
from ivr.calls.known import Followed
from ivr.calls.legs import LegState
from ivr.calls.offers import TIME_TO_DECIDE, OfferOutcome, accept, bring_back, close, promise_of, ringing_promises
from ivr.calls.rows import Call, Offer, OfferPurpose, OfferState
from ivr.calls.steps import CALLER, JOINING, STEPS_AHEAD, accepted
from ivr.conduct.language import language_of
from ivr.conduct.respite import rest_if_earned
from ivr.desks.presence import put_lost_away
from ivr.dialling.waiting import look_again
from ivr.orders import Accepted, EndCall, Found, MoveCall, Order, Receipt, Rejected, TakeFromQueue, Unknown
from ivr.promises import Promise, promise_all
from ivr.transfers.following import TIME_TO_MEET
from workers.job import Job, Later, known_offer, soon


def follow_call(job: Job) -> None:
    """Bring a call into line with everything told about it."""
    call = job.session.get(Call, job.text("call"))
    if call is not None:
        follow(job.session, call.id, line=job.line(call.line), at=job.at)


def route(job: Job) -> None:
    """Give those who hold on a line, and those who asked to be called, to ready agents."""
    working = job.working_time(job.text("line"))
    put_lost_away(job.session, working.line.id, at=job.at)
    for made in match(job.session, working, job.at):
        if isinstance(made, Offer):
            promise_all(job.session, ringing_promises(made, line=working.line, at=job.at))
    if due_at := look_again(job.session, working, job.at):
        key = f"route:callbacks:{working.line.id}:{due_at.isoformat()}"
        promise_all(job.session, [Promise("route", key, due_at, {"line": working.line.id})])


def lapse(job: Job) -> Order | None:
    """The time of an offer is over: on to the next agent, unless this one has picked up or accepted."""
    known, offer = known_offer(job)
    leg, line = known.leg_of(offer), job.line(known.call.line)
    if offer.state is OfferState.OVER:
        # A leg whose order was never answered may ring although its offer was given up.
        follow(job.session, known.call.id, line=line, at=job.at)
    if offer.state is not OfferState.OPEN or any(accepted(fact, offer.id) for fact in known.facts):
        return None
    if leg.state is LegState.ANSWERED and leg.pick_up is not None:
        decided_by = leg.pick_up.received_at + TIME_TO_DECIDE
        if job.at < decided_by:
            promise_all(job.session, [promise_of("lapse", offer, decided_by, about="picked-up")])
            return None
    if known.wants(offer):
        rang = leg.state in {LegState.RINGING, LegState.ANSWERED} and not leg.went_unserved
        close(job.session, offer, OfferOutcome.MISSED if rang else OfferOutcome.FAILED, line=line, at=job.at)
    follow(job.session, known.call.id, line=line, at=job.at)
    return None


def bridge(job: Job) -> Order | None:
    """An agent accepted: take the caller out of the queue to the announcement, or tell the agent it is too late."""
    known, offer = known_offer(job)
    if offer.state is OfferState.ACCEPTED and not (job.in_doubt and not _announced(known, offer)):
        return None
    fresh = offer.state is OfferState.OPEN and known.in_queue
    if not (fresh or offer.state is OfferState.ACCEPTED) or known.waiting is None or known.last_step is None:
        return dismissal(job, known, offer)
    if fresh:
        accept(job.session, offer, job.at)
        promise_all(job.session, [promise_of("dismiss", offer, job.at + TIME_TO_MEET, about="unmet")])
        follow(job.session, known.call.id, line=job.line(known.call.line), at=job.at)
    step = (known.last_step.sequence or 0) + STEPS_AHEAD
    url = job.house.url(
        Address.MEET,
        call=known.call.id,
        line=known.call.line,
        step=step,
        language=language_of(known.facts, job.line(known.call.line)),
        offer=offer.id,
    )
    return TakeFromQueue(known.waiting.queue_sid or "", known.call.carrier_sid, url)


def bridged(job: Job, receipt: Receipt) -> Later | None:
    """The caller is on the way; or had left the queue, and the agent is told and spared when the leg has ended."""
    known, offer = known_offer(job)
    if offer.state is not OfferState.ACCEPTED:
        # The order told an agent that it was too late, and taught nothing about the caller.
        return try_again(job, receipt)
    match receipt:
        case Accepted() | Found():
            _tell_place(job, known, offer, "dequeued")
        case Rejected(permanent=True):
            if receipt.gone:
                _tell_place(job, known, offer, "not-in-queue")
            if not _announced(known, offer):
                promises = [
                    promise_of("dismiss", offer, job.at),
                    promise_of("hang-up", offer, job.at + TIME_TO_BE_TOLD),
                ]
                promise_all(job.session, promises)
        case Rejected() | Unknown():
            return Later(job.at + soon(job), in_doubt=True)
    return None


def _tell_place(job: Job, known: Followed, offer: Offer, kind: str) -> None:
    """Keep what the order taught us about the caller's place; the caller's own next step overrides it."""
    if known.last_step is None or known.met(offer) or _announced(known, offer):
        return
    fact = Told(
        subject=known.call.id,
        key=f"{kind}:{offer.id}",
        kind=kind,
        leg=CALLER,
        received_at=job.at,
        sequence=known.last_step.sequence,
        detail={"offer": offer.id},
    )
    tell(job.session.connection(), fact)


def dismiss(job: Job) -> Order | None:
    """Tell an agent who waits in vain why, and end that leg."""
    known, offer = known_offer(job)
    return dismissal(job, known, offer)


def dismissal(job: Job, known: Followed, offer: Offer) -> Order | None:
    """The order that tells an agent so, unless that one is gone, or talks with the caller."""
    leg = known.leg_of(offer)
    sid = offer.leg_sid or leg.sid
    left = known.away(offer) and known.caller_gone
    if sid is None or leg.state is LegState.ENDED or (known.met(offer) and not left):
        return None
    promise_all(job.session, [promise_of("hang-up", offer, job.at + TIME_TO_BE_TOLD)])
    late = 1 if known.in_queue else None
    ids = {"call": known.call.id, "line": known.call.line, "offer": offer.id}
    if offer.purpose is OfferPurpose.CONSULT and not (known.caller_gone or known.unmet(offer)):
        return MoveCall(sid, job.house.url(Address.AGENT_RELEASED, **ids, step=STEPS_AHEAD))
    return MoveCall(sid, job.house.url(Address.AGENT_GONE, **ids, step=STEPS_AHEAD, late=late))


def rejoin(job: Job) -> Order | None:
    """The agent has left during the talk: take the caller out of the empty room, if still in it."""
    known, offer = known_offer(job)
    step = known.last_step
    in_that_room = step is not None and step.kind == JOINING and step.detail.get("offer") == offer.id
    if known.caller_gone or known.waiting is None or step is None or not in_that_room:
        return None
    url = job.house.url(
        Address.AGAIN,
        call=known.call.id,
        line=known.call.line,
        step=(step.sequence or 0) + STEPS_AHEAD,
        language=language_of(known.facts, job.line(known.call.line)),
        team=known.waiting.team,
    )
    return MoveCall(known.call.carrier_sid, url)


def hang_up(job: Job) -> Order | None:
    """End an agent's leg that has no talk any more."""
    known, offer = known_offer(job)
    leg = known.leg_of(offer)
    sid = offer.leg_sid or leg.sid
    return EndCall(sid) if sid and leg.state is not LegState.ENDED else None


def try_again(job: Job, receipt: Receipt) -> Later | None:
    """Repeat an order that may be repeated without harm; preparing it ends this when it has become moot."""
    if isinstance(receipt, Unknown) or (isinstance(receipt, Rejected) and not receipt.permanent):
        return Later(job.at + soon(job))
    return None


def bring_agent_back(job: Job) -> None:
    """Wrap-up or rest is over: the agent is ready, and the line is routed."""
    line = bring_back(job.session, job.text("offer"), job.at)
    if line is not None and not rest_if_earned(job.session, job.text("offer"), line=job.line(line), at=job.at):
        promise_all(job.session, [Promise("route", f"route:back:{job.text('offer')}", job.at, {"line": line})])


def _announced(known: Followed, offer: Offer) -> bool:
    return any(fact.kind == "announced" and fact.detail.get("offer") == offer.id for fact in known.facts)
