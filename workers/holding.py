"""Promises to put the caller of a talk on hold, or to bring the caller back."""

from datetime import timedelta

from ivr.calls.following import load
from ivr.calls.holding import is_last_wish
from ivr.calls.rows import OfferState
from ivr.orders import HoldParty, Order
from workers.job import Job, Later

# The carrier tells the room's own id with its first event.
UNTIL_THE_ROOM_IS_TOLD = timedelta(seconds=1)


def hold(job: Job) -> Order | Later | None:
    """Let the caller of a talk hear music, until a `resume`."""
    known = load(job.session, job.text("call"))
    return _order(job, job.house.public_base_url + job.line(known.call.line).waiting.music_address)


def resume(job: Job) -> Order | Later | None:
    """Bring the caller back from hold."""
    return _order(job, None)


def _order(job: Job, music_url: str | None) -> Order | Later | None:
    known = load(job.session, job.text("call"))
    talking = [offer.id for offer in known.offers if offer.state is OfferState.ACCEPTED and known.met(offer)]
    if known.caller_gone or not talking or not is_last_wish(job.session, known.call.id, int(job.args["asked"])):
        return None
    rooms = (fact for fact in known.facts if fact.kind == "room" and fact.detail.get("offer") == talking[-1])
    sid = next((str(fact.detail["room_sid"]) for fact in rooms if fact.detail.get("room_sid")), None)
    if sid is None:
        return Later(job.at + UNTIL_THE_ROOM_IS_TOLD)
    return HoldParty(sid, known.call.carrier_sid, music_url)
