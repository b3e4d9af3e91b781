"""Promises about transfers: the caller is taken out of the talk, agents are brought together, or all is undone."""

from datetime import timedelta

from ivr.addresses import Address
from ivr.agents.rows import Agent
from ivr.calls.facts import Told, tell
from ivr.calls.following import follow
from ivr.calls.holding import is_held, room_sid_of
from ivr.calls.known import Followed, load
from ivr.calls.legs import LegState
from ivr.calls.offers import accept
from ivr.calls.rows import Offer, OfferState
from ivr.calls.steps import CALLER, CONSULTING, STEPS_AHEAD, TRANSFER_FAILED, joined
from ivr.conduct.language import language_of
from ivr.messages.rows import Message
from ivr.messages.writing import Outgoing, write_message
from ivr.orders import Announce, MoveCall, Order, Receipt, Rejected, TakeFromQueue
from ivr.promises import Promise, promise_all
from ivr.transfers.following import Passing, give_back, line_up_again, unmet_promise
from ivr.transfers.moves import TransferEvent, close_transfer, move_transfer
from ivr.transfers.rows import Transfer, TransferOutcome, TransferState
from ivr.transfers.words import officer_of
from workers.calls import dismissal, try_again
from workers.job import Job, Later, known_offer

# Steps of an agent's leg that asks a colleague: apart for each transfer of one talk.
STEPS_OF_A_CONSULTATION = 100
STEPS_TO_RETURN = 50
# A refusal is looked into and tried once more before it is believed.
TRIES = 3
PAUSE = timedelta(seconds=2)
# No agent leaves a caller who hears nothing; the colleague who was asked waits this long for it.
UNTIL_HELD = timedelta(seconds=1)
TRIES_TO_HOLD = 12


def transfer(job: Job) -> Order | None:
    """Take the caller out of the talk to the words about the other agent."""
    known, passed = _known_transfer(job)
    if passed.state is not TransferState.PASSING or known.caller_gone or known.passed_on(_first(known, passed)):
        return None
    step = known.last_step
    if step is None or not joined(step, passed.from_offer):
        # A caller whose room has ended is about to be told of as gone.
        if step is None or not step.detail.get("ends"):
            _give_up(job, known, passed)
        return None
    return MoveCall(
        known.call.carrier_sid,
        job.house.url(Address.TRANSFER, **_callers_step(job, known), transfer=passed.id, offer=passed.from_offer),
    )


def transferred(job: Job, receipt: Receipt) -> Later | None:
    """The caller is on the way; one who cannot be moved has mostly left, which the carrier is asked."""
    return _settled(job, receipt, leg=CALLER)


def caller_comes(job: Job) -> Order | None:
    """The agent who was asked stays alone while the caller is told: say that the caller is coming."""
    known, second = known_offer(job)
    room, leg = room_sid_of(known.facts, second.id), known.leg_of(second)
    passed = known.transfer_to(second)
    waits = second.state is OfferState.ACCEPTED and leg.state is not LegState.ENDED and not known.met(second)
    if room is None or not waits or passed is None or passed.state is not TransferState.PASSING:
        return None
    ids = {"call": known.call.id, "line": known.call.line, "offer": second.id}
    return Announce(room, second.leg_sid or leg.sid or "", job.house.url(Address.AGENT_AWAITS, **ids))


def consult(job: Job) -> Order | Later | None:
    """An agent accepted to be asked: bring the colleague, or, where that one has left, the caller."""
    known, second = known_offer(job)
    asked = known.transfer_to(second)
    if asked is None or not known.wants(second) or second.state is OfferState.OVER:
        return dismissal(job, known, second)
    if second.state is OfferState.OPEN:
        accept(job.session, second, job.at)
        if asked.state not in {TransferState.ASKED, TransferState.CONSULTING}:
            promise_all(job.session, [unmet_promise(second, job.at)])
        if asked.state is TransferState.ASKED:
            move_transfer(asked, TransferEvent.CONSULT)
        known = follow(job.session, known.call.id, line=job.line(known.call.line), at=job.at)
    first = _first(known, asked)
    leg = known.leg_of(first)
    if asked.state is not TransferState.CONSULTING or leg.state is LegState.ENDED or _has(known, CONSULTING, asked):
        return None
    if not is_held(known.facts, first.id):
        return _wait_for_hold(job, known, asked)
    url = job.house.url(Address.AGENT_CONSULT, **_agents_step(asked, known), second=second.id)
    return MoveCall(first.leg_sid or leg.sid or "", url)


def _wait_for_hold(job: Job, known: Followed, asked: Transfer) -> Later | None:
    """The caller does not hear music yet: the agent stays, and the talk goes on where it does not come at all."""
    if job.attempts < TRIES_TO_HOLD:
        return Later(job.at + UNTIL_HELD)
    _give_up(job, known, asked)
    return None


def consulted(job: Job, receipt: Receipt) -> Later | None:
    """The colleague is on the way; one who cannot be moved has mostly left."""
    known, second = known_offer(job)
    asked = known.transfer_to(second)
    if asked is None or asked.state is not TransferState.CONSULTING:
        return try_again(job, receipt)
    return _settled(job, receipt, leg=asked.from_offer, asked=asked)


def fetch_back(job: Job) -> Order | None:
    """Bring the agent who asked a colleague back to the caller on hold."""
    known, asked = _known_transfer(job)
    first = _first(known, asked)
    leg = known.leg_of(first)
    if asked.state is not TransferState.RETURNING or known.caller_gone or leg.state is LegState.ENDED:
        return None
    url = job.house.url(Address.AGENT_RETURN, **_agents_step(asked, known, ahead=STEPS_TO_RETURN))
    return MoveCall(first.leg_sid or leg.sid or "", url)


def fetched_back(job: Job, receipt: Receipt) -> Later | None:
    """The agent is on the way back; one who cannot be moved has mostly left."""
    _, asked = _known_transfer(job)
    return _settled(job, receipt, leg=asked.from_offer)


def bring(job: Job) -> Order | None:
    """The agent who was asked waits in the room, and the caller in the queue: bring the caller."""
    known, second = known_offer(job)
    announced = any(fact.kind == "announced" and fact.detail.get("offer") == second.id for fact in known.facts)
    if second.state is not OfferState.ACCEPTED or not known.in_queue or known.waiting is None or announced:
        return None
    url = job.house.url(Address.MEET, **_callers_step(job, known), offer=second.id)
    return TakeFromQueue(known.waiting.queue_sid or "", known.call.carrier_sid, url)


def take_back(job: Job) -> Order | None:
    """Take the caller out of the queue for an agent who cannot be reached, to be told so."""
    known, passed = _known_transfer(job)
    place = known.waiting
    if passed.state is not TransferState.RETURNING or place is None or not known.in_queue:
        return None
    if _has(known, TRANSFER_FAILED, passed):
        return None
    url = job.house.url(
        Address.TRANSFER_FAILED, **_callers_step(job, known), transfer=passed.id, team=place.team, skill=place.skill
    )
    return TakeFromQueue(place.queue_sid or "", known.call.carrier_sid, url)


def taken_back(job: Job, receipt: Receipt) -> Later | None:
    """The caller is on the way; or has left the queue; or stays in it, and is given to the first who is ready."""
    if not (isinstance(receipt, Rejected) and receipt.permanent):
        return try_again(job, receipt)
    known, passed = _known_transfer(job)
    if receipt.gone and known.in_queue and known.last_step is not None:
        key, sequence = f"not-in-queue:{passed.id}", known.last_step.sequence
        fact = Told(known.call.id, key, "not-in-queue", CALLER, job.at, sequence=sequence)
        tell(job.session.connection(), fact)
    elif known.in_queue and passed.state is TransferState.RETURNING:
        line_up_again(_passing(job, known, passed))
    follow(job.session, known.call.id, line=job.line(known.call.line), at=job.at)
    return None


def tell_officer(job: Job) -> None:
    """Text the caller what was said: department, name and number of the officer, once for each officer."""
    known, passed = _known_transfer(job)
    caller, line = known.call.caller, job.line(known.call.line)
    told = [f"{each.id}-officer" for each in known.transfers if each.to_agent == passed.to_agent]
    if caller is None or not caller.takes_texts or any(job.session.get(Message, id) for id in told):
        return
    officer = officer_of(job.session.get_one(Agent, passed.to_agent), line)
    values = {
        "department": officer.department,
        "name": officer.name,
        "title": officer.title,
        "number": officer.number,
    }
    subject = f"call:{known.call.id}"
    written = Outgoing(f"{passed.id}-officer", line, caller, line.texts.transfer, subject, values)
    write_message(job.session, job.house.texts, written, at=job.at)


def _settled(job: Job, receipt: Receipt, *, leg: str, asked: Transfer | None = None) -> Later | None:
    """Repeat what may be repeated; look into a refusal, and give the transfer up when it stays refused."""
    if not (isinstance(receipt, Rejected) and receipt.permanent):
        return try_again(job, receipt)
    known, passed = (load(job.session, job.text("call")), asked) if asked else _known_transfer(job)
    if job.attempts < TRIES:
        ids = {"call": known.call.id, "leg": leg}
        promise_all(job.session, [Promise("check-leg", f"check-leg:{passed.id}:{leg}", job.at, ids)])
        return Later(job.at + PAUSE)
    _give_up(job, known, passed)
    return None


def _give_up(job: Job, known: Followed, passed: Transfer) -> None:
    """Nobody could be moved: the talk goes on as it was."""
    if passed.state is not TransferState.OVER:
        if known.caller_gone:
            close_transfer(passed, TransferOutcome.GONE, job.at)
        else:
            give_back(_passing(job, known, passed))
    follow(job.session, known.call.id, line=job.line(known.call.line), at=job.at)


def _known_transfer(job: Job) -> tuple[Followed, Transfer]:
    known = load(job.session, job.text("call"))
    return known, next(transfer for transfer in known.transfers if transfer.id == job.text("transfer"))


def _passing(job: Job, known: Followed, passed: Transfer) -> Passing:
    return Passing(job.session, known, passed, job.line(known.call.line), job.at)


def _first(known: Followed, passed: Transfer) -> Offer:
    return next(offer for offer in known.offers if offer.id == passed.from_offer)


def _has(known: Followed, kind: str, passed: Transfer) -> bool:
    return any(fact.kind == kind and fact.detail.get("transfer") == passed.id for fact in known.facts)


def _callers_step(job: Job, known: Followed) -> dict[str, str | int | None]:
    """What every order to the caller's leg carries: the step goes on from the last one told."""
    step = (known.last_step.sequence or 0) + STEPS_AHEAD if known.last_step else STEPS_AHEAD
    language = language_of(known.facts, job.line(known.call.line))
    return {"call": known.call.id, "line": known.call.line, "step": step, "language": language}


def _agents_step(asked: Transfer, known: Followed, *, ahead: int = 0) -> dict[str, str | int | None]:
    step = STEPS_OF_A_CONSULTATION * asked.ordinal + ahead
    ids = {"call": known.call.id, "line": known.call.line, "transfer": asked.id, "offer": asked.from_offer}
    return {**ids, "step": step}
