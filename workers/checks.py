"""Promises to ask the carrier about a leg whose end we were never told."""

from datetime import datetime, timedelta

from ivr.calls.facts import Told, facts_of, tell
from ivr.calls.legs import CALLER, STATUS_KINDS, LegState, read_leg
from ivr.calls.rows import Call, Offer
from ivr.orders import AskCall, Found, Order, Receipt, Rejected
from ivr.promises import Promise, promise_all
from workers.job import Job, Later

# A lost end leaves somebody alone in a room, so nobody is left unasked about for longer than this.
INTERVAL = timedelta(seconds=45)


def check_leg(job: Job) -> Order | None:
    """Ask, unless the end has been told."""
    call = job.session.get(Call, job.text("call"))
    if call is None:
        return None
    leg = read_leg(job.text("leg"), facts_of(job.session, call.id))
    if leg.state is LegState.ENDED:
        return None
    if job.text("leg") == CALLER:
        return AskCall(call.carrier_sid)
    sid = job.session.get_one(Offer, job.text("leg")).leg_sid or leg.sid
    return AskCall(sid) if sid else None


def leg_checked(job: Job, receipt: Receipt) -> Later | None:
    """An end that was lost is told now; a leg still there is asked about again."""
    match receipt:
        case Found(sid, state, ended_at) if STATUS_KINDS.get(state) == "leg-ended":
            _tell_end(job, state, sid, ended_at)
        case Rejected(permanent=True):
            _tell_end(job, "failed", None, None)
        case _:
            call, key = job.text("call"), f"follow:{job.text('leg')}:checked:{job.attempts}"
            promise_all(job.session, [Promise("follow", f"{key}:{call}", job.at, {"call": call})])
            return Later(job.at + INTERVAL)
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
    tell(job.session.connection(), fact, promises=[promise])
