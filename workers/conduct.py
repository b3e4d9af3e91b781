"""Promises about the conduct of a talk: notices to its caller, its ending, the agent's rest, the record of it."""

from collections.abc import Mapping

from ivr.addresses import Address
from ivr.calls.facts import Told, tell
from ivr.calls.holding import room_sid_of
from ivr.calls.known import Followed
from ivr.calls.rows import Call, Offer, OfferState
from ivr.calls.steps import STEPS_AHEAD, joined
from ivr.conduct.incidents import keep_incident
from ivr.conduct.language import language_of
from ivr.conduct.reading import ASKED, FAILED, Cause, told_kind
from ivr.conduct.respite import end_respite
from ivr.orders import Announce, MoveCall, Order, Receipt, Rejected
from ivr.promises import Promise, promise_all
from workers.calls import try_again
from workers.holding import not_told_yet
from workers.job import Job, Later, known_offer

OF_TIME: Mapping[str, str | int] = {"cause": Cause.TIME_CAP.value, "number": 1, "turn": 1}


def warn(job: Job) -> Order | Later | None:
    """Play a warning that was asked for to the caller of a talk, if they still talk."""
    known, offer = known_offer(job)
    turn = job.args["turn"]
    asked = next((fact for fact in known.facts if fact.kind == ASKED and fact.detail.get("turn") == turn), None)
    return _announce(job, known, offer, asked.detail) if asked else None


def warned(job: Job, receipt: Receipt) -> Later | None:
    """The warning is being played; or it cannot be, and another may be asked for."""
    if isinstance(receipt, Rejected) and receipt.permanent:
        known, offer = known_offer(job)
        turn = job.args["turn"]
        fact = Told(known.call.id, f"{FAILED}:{turn}", FAILED, offer.id, job.at, detail={"turn": turn})
        tell(job.session.connection(), fact)
    return try_again(job, receipt)


def time_notice(job: Job) -> Order | Later | None:
    """A talk is long: tell its caller of the recommended time, if they still talk."""
    known, offer = known_offer(job)
    return _announce(job, known, offer, OF_TIME)


def end_call(job: Job) -> Order | None:
    """Take the caller out of the room to the words that end the call, if still in it."""
    known, offer = known_offer(job)
    if not _is_in_room(known, offer) or known.last_step is None:
        return None
    url = job.house.url(
        Address.ENDING,
        call=known.call.id,
        line=known.call.line,
        step=(known.last_step.sequence or 0) + STEPS_AHEAD,
        language=language_of(known.facts, job.line(known.call.line)),
        offer=offer.id,
        cause=job.text("cause"),
    )
    return MoveCall(known.call.carrier_sid, url)


def bring_back_rested(job: Job) -> None:
    """The rest of an agent is over: ready again, and the line is routed."""
    line = job.line(job.session.get_one(Call, job.text("call")).line)
    if end_respite(job.session, job.text("offer"), began=int(job.args["began"]), at=job.at):
        promise_all(job.session, [Promise("route", f"route:rested:{job.text('offer')}", job.at, {"line": line.id})])


def record_incident(job: Job) -> None:
    """Bring the record of an incident into line with the facts of its talk."""
    keep_incident(job.session, job.text("offer"))


def _is_in_room(known: Followed, offer: Offer) -> bool:
    step = known.last_step
    return not known.caller_gone and step is not None and joined(step, offer.id)


def _announce(job: Job, known: Followed, offer: Offer, notice: Mapping[str, str | int]) -> Order | Later | None:
    """Order a notice to the caller alone, unless it is being played already."""
    kind = told_kind(Cause(str(notice["cause"])))
    is_told = any(fact.key == f"{kind}:{offer.id}:{notice['turn']}" for fact in known.facts)
    if is_told or offer.state is not OfferState.ACCEPTED or not _is_in_room(known, offer):
        return None
    room = room_sid_of(known.facts, offer.id)
    if room is None:
        return not_told_yet(job)
    url = job.house.url(
        Address.NOTICE,
        call=known.call.id,
        line=known.call.line,
        language=language_of(known.facts, job.line(known.call.line)),
        offer=offer.id,
        cause=str(notice["cause"]),
        number=int(notice["number"]),
        turn=int(notice["turn"]),
    )
    return Announce(room, known.call.carrier_sid, url)
