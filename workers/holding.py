"""Promises to put the caller of a talk on hold, or to bring the caller back; each is kept as a fact once done."""

from datetime import timedelta

from ivr.calls.facts import Told, tell
from ivr.calls.holding import HELD, RESUMED, is_last_wish, room_sid_of
from ivr.calls.known import Followed, load
from ivr.calls.rows import OfferState
from ivr.calls.steps import CALLER
from ivr.orders import Accepted, Found, HoldParty, Order, Receipt
from workers.calls import try_again
from workers.job import Job, Later

# The carrier tells the room's own id with its first event.
UNTIL_THE_ROOM_IS_TOLD = timedelta(seconds=1)
TRIES = 60


def hold(job: Job) -> Order | Later | None:
    """Let the caller of a talk hear music, until a `resume`."""
    known = load(job.session, job.text("call"))
    return _order(job, known, job.house.public_base_url + job.line(known.call.line).waiting.music_address)


def held(job: Job, receipt: Receipt) -> Later | None:
    """The caller is on hold; or the order is given again where that does no harm."""
    return _settle(job, receipt, HELD)


def resume(job: Job) -> Order | Later | None:
    """Bring the caller back from hold."""
    return _order(job, load(job.session, job.text("call")), None)


def resumed(job: Job, receipt: Receipt) -> Later | None:
    """The caller is back; or the order is given again where that does no harm."""
    return _settle(job, receipt, RESUMED)


def not_told_yet(job: Job) -> Later | None:
    """The room's id is not known yet: look again, but not for a whole talk."""
    return Later(job.at + UNTIL_THE_ROOM_IS_TOLD) if job.attempts < TRIES else None


def _order(job: Job, known: Followed, music_url: str | None) -> Order | Later | None:
    offer = _talking(known)
    if known.caller_gone or offer is None or not is_last_wish(job.session, known.call.id, int(job.args["asked"])):
        return None
    sid = room_sid_of(known.facts, offer)
    if sid is None:
        return not_told_yet(job)
    return HoldParty(sid, known.call.carrier_sid, music_url)


def _talking(known: Followed) -> str | None:
    """The last offer whose agent is talking with the caller."""
    talking = [offer.id for offer in known.offers if offer.state is OfferState.ACCEPTED and known.met(offer)]
    return talking[-1] if talking else None


def _settle(job: Job, receipt: Receipt, kind: str) -> Later | None:
    if not isinstance(receipt, Accepted | Found):
        return try_again(job, receipt)
    known = load(job.session, job.text("call"))
    fact = Told(
        subject=known.call.id,
        key=f"{kind}:{job.args['asked']}",
        kind=kind,
        leg=CALLER,
        received_at=job.at,
        detail={"offer": _talking(known)},
    )
    tell(job.session.connection(), fact)
    return None
