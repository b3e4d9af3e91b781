"""Following a call: from everything told so far, bring offers, agents and the caller's place into line.

It may run at any time and any number of times: it looks at the whole set of facts, never at the order.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.calls.facts import Told, facts_of
from ivr.calls.legs import Leg, LegState, read_leg
from ivr.calls.offers import OUTCOME_OF_STATUS, OfferOutcome, close, offers_of, promise_of
from ivr.calls.record import Outcome, outcome_of
from ivr.calls.rows import Call, Offer, OfferState, Waiting, WaitingState
from ivr.calls.steps import CALLER, IN_QUEUE, joined, last_step
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all

# A conference ends with its caller; the agent's leg gets this long to end by itself before it is ended.
ROOM_CLOSES_WITHIN = timedelta(seconds=5)
# An agent who picked up in vain hears why, and is then let go.
TIME_TO_BE_TOLD = timedelta(seconds=10)
# Both ends of a talk are told almost together; only a caller still there after this is spoken to.
TIME_TO_LEAVE_TOGETHER = timedelta(seconds=1)


@dataclass(slots=True)
class Followed:
    """A call as it stands: its row, its facts, its offers, its place in the queue."""

    call: Call
    facts: list[Told]
    caller: Leg
    offers: list[Offer]
    waiting: Waiting | None

    @property
    def caller_gone(self) -> bool:
        """The caller's leg has ended, or the queue said that the caller hung up in it."""
        return self.gone_at is not None

    @property
    def gone_at(self) -> datetime | None:
        """When the caller left, by the better of what was told."""
        if self.caller.ended_at is not None:
            return self.caller.ended_at
        hung_up = (f for f in self.facts if f.kind == "queue-left" and f.detail.get("result") == "hangup")
        return min((fact.received_at for fact in hung_up), default=None)

    @property
    def last_step(self) -> Told | None:
        """The last step of the caller."""
        return last_step(self.facts)

    @property
    def in_queue(self) -> bool:
        """The caller is in the carrier's queue, as far as we were told."""
        return not self.caller_gone and self.last_step is not None and self.last_step.kind == IN_QUEUE

    def met(self, offer: Offer) -> bool:
        """The caller joined the room in which the agent of `offer` waited."""
        return any(joined(fact, offer.id) for fact in self.facts)

    def leg_of(self, offer: Offer) -> Leg:
        """The agent's leg of an offer, as told."""
        return read_leg(offer.id, self.facts)


def load(session: Session, call_id: str) -> Followed:
    """Lock a call with its offers and its place, always in this order, and read everything told about it."""
    call = session.get_one(Call, call_id, with_for_update=ROW_LOCK)
    facts = facts_of(session, call_id)
    return Followed(
        call=call,
        facts=facts,
        caller=read_leg(CALLER, facts),
        offers=offers_of(session, call_id),
        waiting=session.get(Waiting, call_id, with_for_update=ROW_LOCK),
    )


def follow(session: Session, call_id: str, *, line: Line, at: datetime) -> Followed:
    """Apply what follows from the facts of a call; promises what has to be done outside."""
    known = load(session, call_id)
    for offer in known.offers:
        if offer.state is OfferState.OPEN:
            _follow_open(session, known, offer, line, at)
        elif offer.state is OfferState.ACCEPTED:
            _follow_accepted(session, known, offer, line, at)
        if offer.state is OfferState.OVER:
            _end_leg(session, known, offer, at)
    _leave_nobody_alone(session, known, at)
    _place_caller(session, known, at)
    if known.caller_gone:
        _close_call(session, known, at)
    return known


def _follow_open(session: Session, known: Followed, offer: Offer, line: Line, at: datetime) -> None:
    leg = known.leg_of(offer)
    unwanted = known.caller_gone or not known.in_queue
    if any(fact.kind == "rejected" and fact.leg == offer.id for fact in known.facts):
        close(session, offer, OfferOutcome.REJECTED, line=line, at=at)
    elif leg.ended is not None:
        outcome = OUTCOME_OF_STATUS.get(str(leg.ended.detail.get("status")), OfferOutcome.FAILED)
        close(session, offer, OfferOutcome.WITHDRAWN if unwanted else outcome, line=line, at=at)
    elif unwanted:
        # The agent stays taken until the leg has ended: a ringing telephone is not free for another call.
        _end_leg(session, known, offer, at)


def _follow_accepted(session: Session, known: Followed, offer: Offer, line: Line, at: datetime) -> None:
    met = known.met(offer)
    if known.leg_of(offer).state is LegState.ENDED:
        # An agent who drops a caller still waiting rests, so that the next one is rung and not the same again.
        unmet = OfferOutcome.GONE if known.caller_gone else OfferOutcome.DECLINED
        close(session, offer, OfferOutcome.FINISHED if met else unmet, line=line, at=at)
    elif known.caller_gone and met:
        promise_all(session, [promise_of("hang-up", offer, at + ROOM_CLOSES_WITHIN)])
    elif known.caller_gone:
        _end_leg(session, known, offer, at)


def _leave_nobody_alone(session: Session, known: Followed, at: datetime) -> None:
    """A caller in a room whose agent has left is taken out of it, whoever was told to have left first."""
    step = known.last_step
    if known.caller_gone or step is None or not joined(step):
        return
    offer = next((offer for offer in known.offers if offer.id == step.detail.get("offer")), None)
    if offer is not None and known.leg_of(offer).state is LegState.ENDED:
        promise_all(session, [promise_of("rejoin", offer, at + TIME_TO_LEAVE_TOGETHER)])


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


def _place_caller(session: Session, known: Followed, at: datetime) -> None:
    """Say where the caller stands: with whom, or in the queue, or gone."""
    if known.waiting is None:
        return
    before, known.waiting.state = known.waiting.state, _standing(known)
    if known.waiting.state is WaitingState.WAITING:
        if before is not WaitingState.WAITING:
            _renew_queue(known)
        key = f"route:{known.call.id}:{len(known.offers)}:{len(known.facts)}"
        promise_all(session, [Promise("route", key, at, {"line": known.call.line})])


def _standing(known: Followed) -> WaitingState:
    if known.caller_gone:
        return WaitingState.LEFT
    live = next((offer for offer in known.offers if offer.state is not OfferState.OVER), None)
    if live is not None and live.state is OfferState.ACCEPTED:
        return WaitingState.CONNECTED if known.met(live) else WaitingState.CONNECTING
    if not known.in_queue:
        return WaitingState.LEFT
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
