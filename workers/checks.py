"""Promises to ask the carrier about a leg whose end we were never told."""

from dataclasses import replace

from ivr.calls.facts import Told, facts_of, tell
from ivr.calls.legs import STATUS_KINDS, LegState, read_leg
from ivr.calls.offers import CHECK_EVERY
from ivr.calls.rows import Call, Offer, OfferState
from ivr.calls.steps import CALLER
from ivr.orders import AskCall, Found, Order, Receipt, Rejected
from ivr.promises import Promise, promise_all
from workers.job import Job, Later, back_off


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
