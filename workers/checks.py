"""Promises to ask the carrier about a leg whose end we were never told."""

from datetime import datetime

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
    match receipt:
        case Found(sid, state, ended_at) if STATUS_KINDS.get(state) == "leg-ended":
            _tell_end(job, state, sid, ended_at)
        case Rejected() if receipt.gone:
            _tell_end(job, "failed", None, None)
        case Found():
            call, key = job.text("call"), f"follow:{job.text('leg')}:checked:{job.attempts}"
            promise_all(job.session, [Promise("follow", f"{key}:{call}", job.at, {"call": call})])
            return Later(job.at + CHECK_EVERY)
        case _:
            return Later(job.at + min(back_off(job), CHECK_EVERY))
    return None


def _tell_end(job: Job, state: str, sid: str | None, ended_at: datetime | None) -> None:
    call, leg = job.text("call"), job.text("leg")
    fact = Told(
        subject=call,
        key=f"{leg}:{state}",
        kind="leg-ended",
        leg=leg,
        received_at=job.at,
        sid=sid,
        said_at=ended_at,
        detail={"status": state, "asked": True},
    )
    promise = Promise("follow", f"follow:{leg}:asked:{call}", job.at, {"call": call})
    tell(job.session.connection(), fact)
    promise_all(job.session, [promise])
