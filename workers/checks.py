"""Promises to ask the carrier about a leg whose end we were never told, or whose coming into a room."""

from dataclasses import replace

from ivr.calls.facts import TAKES_BACK, Told, facts_of, tell
from ivr.calls.following import follow
from ivr.calls.known import Followed
from ivr.calls.legs import STATUS_KINDS, LegState, read_leg
from ivr.calls.offers import CHECK_EVERY, promise_of
from ivr.calls.rows import Call, Offer, OfferState
from ivr.calls.steps import CALLER, UNMET, joined
from ivr.identifiers import room_of
from ivr.orders import AskCall, FindTalk, Found, Order, Receipt, Rejected
from ivr.promises import Promise, promise_all
from workers.job import Job, Later, back_off, known_offer, soon


def check_leg(job: Job) -> Order | Later | None:
    """Ask, unless the end has been told."""
    call = job.session.get(Call, job.text("call"))
    if call is None:
        return None
    leg = read_leg(job.text("leg"), facts_of(job.session, call.id))
    if leg.state is LegState.ENDED:
        return None
    if job.text("leg") == CALLER:
        return AskCall(call.carrier_sid)
    offer = job.session.get_one(Offer, job.text("leg"))
    sid = offer.leg_sid or leg.sid
    if sid is None:
        return Later(job.at + CHECK_EVERY) if offer.state is not OfferState.OVER else None
    return AskCall(sid)


def leg_checked(job: Job, receipt: Receipt) -> Later | None:
    """An end that was lost is told now; a leg still there is asked about again."""
    call, leg = job.text("call"), job.text("leg")
    if end_told(job, receipt, subject=call, leg=leg) is not None:
        promise_all(job.session, [Promise("follow", f"follow:{leg}:asked:{call}", job.at, {"call": call})])
        return None
    if isinstance(receipt, Found):
        key = f"follow:{leg}:checked:{job.attempts}:{call}"
        promise_all(job.session, [Promise("follow", key, job.at, {"call": call})])
        return Later(job.at + CHECK_EVERY)
    return Later(job.at + min(back_off(job), CHECK_EVERY))


def check_room(job: Job) -> Order | None:
    """Ask whether the caller came into the room, unless that was told, or the caller is not to be there any more."""
    known, offer = known_offer(job)
    return FindTalk(room_of(offer.id), known.call.carrier_sid) if _awaited(known, offer) else None


def room_checked(job: Job, receipt: Receipt) -> Later | None:
    """A caller who never came heard something else: the agent is not left waiting, and nobody calls it a talk."""
    known, offer = known_offer(job)
    joining = _awaited(known, offer)
    if joining is None or isinstance(receipt, Found):
        return None
    if not (isinstance(receipt, Rejected) and receipt.gone):
        return Later(job.at + soon(job))
    detail = {"offer": offer.id, TAKES_BACK: joining.key}
    tell(job.session.connection(), Told(known.call.id, f"{UNMET}:{offer.id}", UNMET, CALLER, job.at, detail=detail))
    follow(job.session, known.call.id, line=job.line(known.call.line), at=job.at)
    # What may have been read of an opening already was none.
    promise_all(job.session, [promise_of("hear-opening", offer, job.at, about=UNMET)])
    return None


def _awaited(known: Followed, offer: Offer) -> Told | None:
    """The step by which the caller was to join the agent, where that is the last, and nothing tells of the room."""
    step = known.last_step
    is_awaited = step is not None and joined(step, offer.id) and not known.caller_gone
    return step if is_awaited and not known.seen_in_room(offer) else None


def end_told(job: Job, receipt: Receipt, *, subject: str, leg: str) -> Told | None:
    """Tell the end of a leg if the carrier, when asked, says so; None where it goes on or nothing is known."""
    match receipt:
        case Found(sid, state, ended_at) if STATUS_KINDS.get(state) == "leg-ended":
            fact = _end(job, state, subject=subject, leg=leg)
            return tell(job.session.connection(), replace(fact, sid=sid, said_at=ended_at))
        case Rejected() if receipt.gone:
            return tell(job.session.connection(), _end(job, "failed", subject=subject, leg=leg))
        case _:
            return None


def _end(job: Job, state: str, *, subject: str, leg: str) -> Told:
    detail = {"status": state, "asked": True}
    return Told(subject, f"{leg}:{state}", "leg-ended", leg, job.at, detail=detail)
