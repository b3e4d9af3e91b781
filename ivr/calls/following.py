"""Following a call: from everything told so far, bring offers, agents and the caller's place into line.

It may run at any time and any number of times: it looks at the whole set of facts, never at the order.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.agents.readiness import overflows
from ivr.callbacks.closing import served_by
from ivr.calls.known import Followed, load
from ivr.calls.legs import Leg, LegState
from ivr.calls.offers import OUTCOME_OF_STATUS, OfferOutcome, close, promise_of
from ivr.calls.record import Outcome, outcome_of
from ivr.calls.rows import Offer, OfferPurpose, OfferState, WaitingState
from ivr.calls.steps import joined
from ivr.conduct.reading import ENDING_ASKED, TIME_TO_PLAY
from ivr.conduct.timing import time_notice
from ivr.lines.model import Line
from ivr.listening.promises import opening_promises
from ivr.promises import Promise, promise_all
from ivr.transfers.following import TIME_TO_LEAVE_TOGETHER, follow_transfer
from ivr.transfers.rows import TransferState

# A conference ends with its caller; the agent's leg gets this long to end by itself before it is ended.
ROOM_CLOSES_WITHIN = timedelta(seconds=5)
# Two answers that the carrier waits for in vain take 14 seconds; whoever is not in the room then does not come.
ROOM_ENTERED_WITHIN = timedelta(seconds=20)
# An agent who picked up in vain hears why, and is then let go.
TIME_TO_BE_TOLD = timedelta(seconds=10)


def follow(session: Session, call_id: str, *, line: Line, at: datetime) -> Followed:
    """Apply what follows from the facts of a call; promises what has to be done outside."""
    known = load(session, call_id)
    _follow_offers(session, known, line, at)
    if follow_transfer(session, known, line=line, at=at):
        _follow_offers(session, known, line, at)
    _leave_nobody_alone(session, known, at)
    _place_caller(session, known, line, at)
    if known.caller_gone:
        _close_call(session, known, at)
    return known


def _follow_offers(session: Session, known: Followed, line: Line, at: datetime) -> None:
    for offer in known.offers:
        if offer.state is OfferState.OPEN:
            _follow_open(session, known, offer, line, at)
        elif offer.state is OfferState.ACCEPTED:
            _follow_accepted(session, known, offer, line, at)
        if offer.state is OfferState.OVER:
            _end_leg(session, known, offer, at)


def _follow_open(session: Session, known: Followed, offer: Offer, line: Line, at: datetime) -> None:
    leg = known.leg_of(offer)
    unwanted = not known.wants(offer)
    if any(fact.kind == "rejected" and fact.leg == offer.id for fact in known.facts):
        close(session, offer, OfferOutcome.REJECTED, line=line, at=at)
    elif leg.ended is not None:
        outcome = OfferOutcome.WITHDRAWN if unwanted else _unaccepted(leg, str(leg.ended.detail.get("status")))
        close(session, offer, outcome, line=line, at=at)
    elif unwanted:
        # The agent stays taken until the leg has ended: a ringing telephone is not free for another call.
        _end_leg(session, known, offer, at)


def _unaccepted(leg: Leg, status: str) -> OfferOutcome:
    """What the end of a leg says that nobody accepted; who picked up and was not asked has declined nothing."""
    return OfferOutcome.FAILED if leg.went_unserved else OUTCOME_OF_STATUS.get(status, OfferOutcome.FAILED)


def _follow_accepted(session: Session, known: Followed, offer: Offer, line: Line, at: datetime) -> None:
    met = known.met(offer)
    if met and not known.caller_gone:
        promise_all(session, time_notice(offer, known.facts, line.conduct))
    if known.leg_of(offer).state is LegState.ENDED:
        close(session, offer, OfferOutcome.FINISHED if met else _unmet(known, offer), line=line, at=at)
    elif met and (known.caller_gone or known.passed_on(offer)):
        promise_all(session, [promise_of("hang-up", offer, at + ROOM_CLOSES_WITHIN)])
        if known.away(offer) and known.caller_gone:
            promise_all(session, [promise_of("dismiss", offer, at)])
    elif not met and (known.caller_gone or known.unmet(offer) or _is_over(known, offer)):
        _end_leg(session, known, offer, at)
    elif met:
        if not known.seen_in_room(offer):
            promise_all(session, [promise_of("check-room", offer, at + ROOM_ENTERED_WITHIN)])
        promise_all(session, opening_promises(offer, line, at))


def _unmet(known: Followed, offer: Offer) -> OfferOutcome:
    """What an agent's end means to whom no caller came."""
    if known.caller_gone or known.unmet(offer):
        return OfferOutcome.GONE
    asked = known.transfer_to(offer) if offer.purpose is OfferPurpose.CONSULT else None
    if asked is not None and asked.state not in {TransferState.PASSING, TransferState.WAITING}:
        return OfferOutcome.CONSULTED
    # An agent who drops a caller still waiting rests, so that the next one is rung and not the same again.
    return OfferOutcome.DECLINED


def _is_over(known: Followed, offer: Offer) -> bool:
    """Whether a consultation has ended without the caller being passed on."""
    return offer.purpose is OfferPurpose.CONSULT and not known.wants(offer)


def _leave_nobody_alone(session: Session, known: Followed, at: datetime) -> None:
    """A caller in a room whose agent has left is taken out of it, whoever was told to have left first."""
    step = known.last_step
    if known.caller_gone or known.transfer is not None or step is None or not joined(step):
        return
    offer = known.offer(step.detail.get("offer"))
    if offer is not None and known.leg_of(offer).state is LegState.ENDED:
        promise_all(session, [promise_of("rejoin", offer, _ending_until(known, offer) or at + TIME_TO_LEAVE_TOGETHER)])


def _ending_until(known: Followed, offer: Offer) -> datetime | None:
    """How long an ending that was asked for in this talk may be on its way: the caller must hear that, if it comes."""
    asked = [fact.received_at for fact in known.facts if fact.kind == ENDING_ASKED and fact.leg == offer.id]
    return max(asked) + TIME_TO_PLAY if asked else None


def _end_leg(session: Session, known: Followed, offer: Offer, at: datetime) -> None:
    """End an agent's leg that has no caller: a telephone stops ringing, a person who waits is told why."""
    leg = known.leg_of(offer)
    if leg.state is LegState.ENDED or not (leg.sid or offer.leg_sid):
        return
    if leg.state is not LegState.ANSWERED:
        promise_all(session, [promise_of("hang-up", offer, at)])
        return
    # Whoever rejected or dropped the call knows; a document that says so is ending the leg already.
    if offer.outcome in {None, OfferOutcome.MISSED.value}:
        promise_all(session, [promise_of("dismiss", offer, at)])
    promise_all(session, [promise_of("hang-up", offer, at + TIME_TO_BE_TOLD)])


def _place_caller(session: Session, known: Followed, line: Line, at: datetime) -> None:
    """Say where the caller stands: with whom, or in the queue, or gone."""
    if known.waiting is None:
        return
    known.waiting.state = _standing(known)
    if known.in_queue:
        _renew_queue(known)
    if known.waiting.state is WaitingState.WAITING:
        if known.transfer is None:
            known.waiting.agent_id = None
        key = f"route:{known.call.id}:{len(known.offers)}:{len(known.facts)}"
        promise_all(session, [Promise("route", key, at, {"line": known.call.line}), *overflows(known.waiting, line)])


def _standing(known: Followed) -> WaitingState:
    if known.caller_gone:
        return WaitingState.LEFT
    taken = (offer for offer in known.offers if offer.state is not OfferState.OVER and not known.passed_on(offer))
    live = next(taken, None)
    if live is not None and live.state is OfferState.ACCEPTED:
        return WaitingState.CONNECTED if known.met(live) else WaitingState.CONNECTING
    if not known.in_queue:
        return WaitingState.LEFT if known.transfer is None else WaitingState.CONNECTING
    return WaitingState.WAITING if live is None else WaitingState.OFFERED


def _renew_queue(known: Followed) -> None:
    """A caller who came back to the queue may be in another one of the carrier's."""
    last = known.last_step
    if known.waiting is not None and last is not None and last.detail.get("queue_sid"):
        known.waiting.queue_sid = str(last.detail["queue_sid"])


def _close_call(session: Session, known: Followed, at: datetime) -> None:
    known.call.ended_at = known.gone_at
    outcome = outcome_of(known.facts)
    known.call.outcome = outcome.value
    if all(offer.state is OfferState.OVER for offer in known.offers):
        # A fact told later has the call judged again.
        key = f"judge:{known.call.id}:{len(known.facts)}"
        promise_all(session, [Promise("judge", key, at, {"call": known.call.id})])
    if outcome is Outcome.ANSWERED:
        promise = Promise("receipt", f"receipt:{known.call.id}", at, {"call": known.call.id})
        promise_all(session, [promise])
        served_by(session, known.call, at=at)
