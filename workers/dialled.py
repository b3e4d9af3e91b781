"""Promises about the two legs of a dialled callback: tell who waits in vain, end what is left over, ask after it."""

from ivr.addresses import Address
from ivr.calls.legs import LegState
from ivr.calls.steps import CALLER, STEPS_AHEAD
from ivr.dialling.closing import outcome_of
from ivr.dialling.known import AGENT, Known, load
from ivr.dialling.promising import CHECK_EVERY
from ivr.dialling.rows import AttemptOutcome, AttemptState
from ivr.orders import AskCall, EndCall, Found, MoveCall, Order, Receipt
from workers.checks import end_told
from workers.dialling import follow_known, tell_failed
from workers.job import Job, Later, back_off

# A step of the agent's leg after all others.
STEP_OF_THE_END = 100


def tell_dialler(job: Job) -> Order | None:
    """Tell the agent who waits in the room why the customer does not come."""
    known = load(job.session, job.text("attempt"))
    sid = _alive(known, AGENT)
    if sid is None or known.met:
        return None
    ids = {"call": known.attempt.id, "line": known.attempt.line}
    outcome = outcome_of(known)
    reason = AttemptOutcome.WITHDRAWN if outcome is AttemptOutcome.AGENT_DECLINED else outcome
    return MoveCall(sid, job.house.url(Address.AGENT_DIAL_OVER, **ids, step=STEP_OF_THE_END, reason=reason.value))


def tell_customer(job: Job) -> Order | None:
    """Tell the customer that the agent has gone; after a talk the customer may wish to be called again."""
    known = load(job.session, job.text("attempt"))
    sid, step = _alive(known, CALLER), known.last_step
    if sid is None or (step is not None and step.kind in {"apologised", "room-ended", "again-key"}):
        return None
    following = (step.sequence or 0) + STEPS_AHEAD if step else STEPS_AHEAD
    ids = {"call": known.attempt.id, "line": known.attempt.line}
    return MoveCall(sid, job.house.url(Address.DIAL_SORRY, **ids, step=following, talked=1 if known.met else None))


def end_leg(job: Job) -> Order | None:
    """End a leg that has no talk any more."""
    sid = _alive(load(job.session, job.text("attempt")), job.text("leg"))
    return EndCall(sid) if sid else None


def lapse(job: Job) -> None:
    """Nothing was ever told of a telephone: it could not be rung; of any other the end is asked for."""
    known, leg = load(job.session, job.text("attempt")), job.text("leg")
    if known.attempt.state is AttemptState.OVER:
        return
    if known.leg(leg).state is LegState.UNTOLD and known.sid(leg) is None:
        tell_failed(job, known.attempt.id, leg, why="untold")
    # Of a telephone whose order nobody answered we may know by its first events alone, which have nothing asked.
    follow_known(job, known.attempt.id)


def check_leg(job: Job) -> Order | None:
    """Ask the carrier about a leg, unless its end has been told."""
    sid = _alive(load(job.session, job.text("attempt")), job.text("leg"))
    return AskCall(sid) if sid else None


def leg_checked(job: Job, receipt: Receipt) -> Later | None:
    """An end that was lost is told now; a leg still there is asked about again."""
    attempt = job.text("attempt")
    if end_told(job, receipt, subject=attempt, leg=job.text("leg")) is not None:
        follow_known(job, attempt)
        return None
    return Later(job.at + (CHECK_EVERY if isinstance(receipt, Found) else min(back_off(job), CHECK_EVERY)))


def _alive(known: Known, leg: str) -> str | None:
    """The carrier's id of a leg whose end was not told."""
    return None if known.leg(leg).state is LegState.ENDED else known.sid(leg)
