"""Promises about supervisors beside talks: ring them, change how they are heard, let them go."""

from ivr.addresses import Address
from ivr.base import ROW_LOCK
from ivr.calls.facts import facts_of
from ivr.calls.holding import room_sid_of
from ivr.calls.rows import Offer, OfferState
from ivr.monitoring.asking import leave, listeners
from ivr.monitoring.moves import MonitoringEvent, move_monitoring
from ivr.monitoring.rows import Mode, Monitoring, MonitoringState
from ivr.orders import Accepted, EndCall, Found, Order, PlaceCall, Receipt, Rejected, SeatParty
from workers.calls import try_again
from workers.holding import not_told_yet
from workers.job import Job, Later

RING_SECONDS = 20


def ring(job: Job) -> Order | None:
    """Ring the supervisor's softphone; after an order without an answer it is not rung again, but may be asked anew."""
    monitoring, offer = _known(job)
    if monitoring.state is not MonitoringState.ASKED:
        return None
    if job.in_doubt or offer.state is not OfferState.ACCEPTED:
        move_monitoring(monitoring, MonitoringEvent.END, job.at)
        return None
    ids = {"call": monitoring.id, "line": monitoring.line, "offer": offer.id}
    return PlaceCall(
        to=f"client:{monitoring.softphone}",
        shown=job.line(monitoring.line).numbers[0],
        answer_url=job.house.url(Address.AGENT_MONITOR, **ids, step=1),
        status_url=job.house.url(Address.MONITOR_STATUS, **ids),
        seconds=RING_SECONDS,
    )


def rung(job: Job, receipt: Receipt) -> Later | None:
    """It rings; or cannot be rung, and that is all."""
    monitoring, _ = _known(job)
    if isinstance(receipt, Accepted):
        monitoring.leg_sid = monitoring.leg_sid or receipt.sid
        return None
    if isinstance(receipt, Rejected) and not receipt.permanent:
        return try_again(job, receipt)
    _over(monitoring, job)
    return None


def follow(job: Job) -> None:
    """Bring the row into line with what was told of the softphone's leg and of the talk."""
    monitoring, offer = _known(job)
    facts = facts_of(job.session, monitoring.id)
    if any(fact.kind == "leg-ended" for fact in facts) or offer.state is OfferState.OVER:
        _over(monitoring, job)
    elif monitoring.state is MonitoringState.ASKED and any(_joined(fact.kind, fact.detail) for fact in facts):
        move_monitoring(monitoring, MonitoringEvent.JOIN, job.at)


def seat(job: Job) -> Order | Later | None:
    """Have the supervisor heard as the row says now; an older wish that comes late gives the newest one."""
    monitoring, offer = _known(job)
    if monitoring.state is MonitoringState.OVER:
        return None
    room = room_sid_of(facts_of(job.session, monitoring.call_id), offer.id)
    if room is None or monitoring.leg_sid is None or monitoring.state is MonitoringState.ASKED:
        # Who is not in the room yet comes in as the row says.
        return not_told_yet(job)
    coach = (offer.leg_sid or "") if monitoring.mode is Mode.WHISPER else ""
    return SeatParty(room, monitoring.leg_sid, monitoring.mode is Mode.LISTEN, coach)


def seated(job: Job, receipt: Receipt) -> Later | None:
    """The supervisor is heard so; or the order is given again where that does no harm."""
    return None if isinstance(receipt, Accepted | Found) else try_again(job, receipt)


def end(job: Job) -> Order | None:
    """End the softphone's leg; the talk goes on."""
    monitoring, _ = _known(job)
    ended = any(fact.kind == "leg-ended" for fact in facts_of(job.session, monitoring.id))
    return None if ended or monitoring.leg_sid is None else EndCall(monitoring.leg_sid)


def clear(job: Job) -> None:
    """The talk of an offer is over: nobody stays beside it."""
    for monitoring in listeners(job.session, job.text("offer")):
        leave(job.session, monitoring, at=job.at)


def _known(job: Job) -> tuple[Monitoring, Offer]:
    monitoring = job.session.get_one(Monitoring, job.text("monitoring"), with_for_update=ROW_LOCK)
    return monitoring, job.session.get_one(Offer, monitoring.offer_id)


def _joined(kind: str, detail: dict[str, object]) -> bool:
    return kind == "monitor-joined" and bool(detail.get("found"))


def _over(monitoring: Monitoring, job: Job) -> None:
    if monitoring.state is not MonitoringState.OVER:
        move_monitoring(monitoring, MonitoringEvent.END, job.at)
