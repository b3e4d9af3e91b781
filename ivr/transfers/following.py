"""Following a transfer: what the facts say of caller, first agent and second agent, and what has to be done next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.agents.routing import claim
from ivr.calls.holding import RESUME, hold_promise
from ivr.calls.known import Followed
from ivr.calls.legs import LegState
from ivr.calls.offers import promise_of, ringing_promises
from ivr.calls.rows import Offer, OfferPurpose, OfferState
from ivr.calls.steps import CONSULT_OVER, TRANSFER_FAILED, TRANSFER_HEARD
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all
from ivr.transfers.moves import TransferEvent, close_transfer, move_transfer
from ivr.transfers.rows import CANCELLED_FACT, Manner, Transfer, TransferOutcome, TransferState

# An agent who accepted does not wait longer than this for the caller.
TIME_TO_MEET = timedelta(seconds=60)
# Both ends of a talk are told almost together; only a caller still there after this is passed on.
TIME_TO_LEAVE_TOGETHER = timedelta(seconds=1)
# What a caller who has heard the words is brought to next: the second agent, the queue, or back.
TO_MEET, TO_QUEUE, TO_BACK = "meet", "queue", "back"


@dataclass(frozen=True, slots=True)
class Passing:
    """A transfer that is under way, in a call as it stands at this moment."""

    session: Session
    known: Followed
    transfer: Transfer
    line: Line
    at: datetime

    @property
    def first(self) -> Offer:
        """The talk out of which the caller is passed on."""
        return next(offer for offer in self.known.offers if offer.id == self.transfer.from_offer)

    @property
    def second(self) -> Offer | None:
        """The ringing of the agent to whom the caller is passed on, once there is one."""
        return self.known.offer(self.transfer.to_offer)

    @property
    def first_gone(self) -> bool:
        """The first agent's leg has ended."""
        return self.known.leg_of(self.first).state is LegState.ENDED

    @property
    def second_gone(self) -> bool:
        """The second agent did not take it, or has left again."""
        return self.second is not None and self.second.state is OfferState.OVER

    def told(self, kind: str, **detail: str | bool) -> bool:
        """Whether a fact of this kind and with these details was told of this transfer."""
        wanted = detail or {"transfer": self.transfer.id}
        return any(fact.kind == kind and wanted.items() <= fact.detail.items() for fact in self.known.facts)

    def promise_once(self, kind: str, due_at: datetime | None = None) -> None:
        """Promise an order about this transfer, for now where no time is given; once for each kind."""
        ids = {"transfer": self.transfer.id, "call": self.known.call.id}
        promise_all(self.session, [Promise(kind, f"{kind}:{self.transfer.id}", due_at or self.at, ids)])


def follow_transfer(session: Session, known: Followed, *, line: Line, at: datetime) -> bool:
    """Bring the transfer that is under way into line with the facts; tells whether it moved."""
    transfer = known.transfer
    if transfer is None:
        return False
    before, passing = transfer.state, Passing(session, known, transfer, line, at)
    if passing.second is not None and known.met(passing.second):
        close_transfer(transfer, TransferOutcome.COMPLETED, at)
    elif known.caller_gone:
        close_transfer(transfer, _failed(passing) if before is TransferState.RETURNING else TransferOutcome.GONE, at)
    else:
        _FOLLOWING[transfer.state](passing)
    return transfer.state is not before


def pass_on(passing: Passing) -> None:
    """Have the caller taken out of the talk and told; whoever asked is done with it."""
    # An agent whose room the caller ends seems to hang up first.
    together = passing.transfer.state is TransferState.ASKED and passing.first_gone
    move_transfer(passing.transfer, TransferEvent.PASS)
    passing.promise_once("transfer", passing.at + TIME_TO_LEAVE_TOGETHER if together else None)
    if passing.second is not None:
        first, second = passing.first, passing.second
        promises = [
            promise_of("caller-comes", second, passing.at),
            promise_of("hang-up", first, passing.at, about="passed"),
        ]
        # Whoever is still rung waits for nobody yet.
        if second.state is OfferState.ACCEPTED:
            promises.append(unmet_promise(second, passing.at))
        promise_all(passing.session, promises)


def unmet_promise(second: Offer, at: datetime) -> Promise:
    """The promise to let an agent go who has accepted, and to whom no caller comes."""
    return promise_of("dismiss", second, at + TIME_TO_MEET, about="unmet")


def give_back(passing: Passing, outcome: TransferOutcome | None = None) -> None:
    """End a transfer whose caller never left the first agent: the talk goes on, if that agent is still there."""
    close_transfer(passing.transfer, outcome or _failed(passing), passing.at)
    if passing.transfer.manner is Manner.CONSULT and not passing.first_gone:
        promise_all(passing.session, [hold_promise(RESUME, passing.known.call.id, passing.at)])


def line_up_again(passing: Passing) -> None:
    """The caller is in the queue again: the first agent is rung, if that one can be, else the team."""
    close_transfer(passing.transfer, TransferOutcome.RETURNED, passing.at)
    if passing.known.waiting is not None:
        passing.known.waiting.agent_id = None
        _ring(passing, passing.first.agent_id, OfferPurpose.RETURN)


def _asked(passing: Passing) -> None:
    if passing.transfer.to_offer is None:
        return
    if passing.second_gone:
        give_back(passing)
    elif passing.first_gone:
        pass_on(passing)


def _consulting(passing: Passing) -> None:
    if passing.second_gone and passing.first_gone:
        give_back(passing)
    elif passing.second_gone:
        move_transfer(passing.transfer, TransferEvent.RETURN)
        passing.promise_once("fetch-back")
    elif passing.first_gone:
        pass_on(passing)


def _passing(passing: Passing) -> None:
    if not passing.known.in_queue or passing.known.waiting is None:
        return
    if _knows(passing):
        line_up_again(passing)
        return
    move_transfer(passing.transfer, TransferEvent.WAIT)
    passing.known.waiting.agent_id = passing.transfer.to_agent
    _waiting(passing)


def _waiting(passing: Passing) -> None:
    if not passing.known.in_queue:
        return
    second = passing.second
    if second is None:
        second = _ring(passing, passing.transfer.to_agent, OfferPurpose.TRANSFER)
        if second is not None:
            passing.transfer.to_offer = second.id
            return
    if second is None or second.state is OfferState.OVER:
        _bring_back(passing)
    elif second.state is OfferState.ACCEPTED and second.purpose is OfferPurpose.CONSULT:
        promise_all(passing.session, [promise_of("bring", second, passing.at)])


def _bring_back(passing: Passing) -> None:
    if _knows(passing):
        line_up_again(passing)
        return
    move_transfer(passing.transfer, TransferEvent.RETURN)
    passing.promise_once("take-back")


def _returning(passing: Passing) -> None:
    if not passing.known.passed_on(passing.first):
        if passing.first_gone or passing.told(CONSULT_OVER):
            give_back(passing)
    elif passing.known.in_queue and _knows(passing):
        line_up_again(passing)


def _failed(passing: Passing) -> TransferOutcome:
    return TransferOutcome.CANCELLED if passing.told(CANCELLED_FACT) else TransferOutcome.RETURNED


def _knows(passing: Passing) -> bool:
    """Whether the caller has been told already that this transfer did not work."""
    offer = passing.transfer.to_offer
    return (
        passing.told(TRANSFER_FAILED)
        or passing.told(TRANSFER_HEARD, transfer=passing.transfer.id, next=TO_BACK)
        or (offer is not None and passing.told("joining", offer=offer, agent_gone=True))
    )


def _ring(passing: Passing, agent_id: str, purpose: OfferPurpose) -> Offer | None:
    """Ring just this agent for the waiting caller; None where that one cannot be rung."""
    place = passing.known.waiting
    offer = claim(passing.session, place, agent_id, purpose=purpose, at=passing.at) if place else None
    if offer is not None and place is not None:
        place.agent_id = agent_id
        passing.known.offers.append(offer)
        promise_all(passing.session, ringing_promises(offer, line=passing.line, at=passing.at))
    return offer


def _nothing(_passing: Passing) -> None:
    return None


_FOLLOWING: Mapping[TransferState, Callable[[Passing], None]] = {
    TransferState.ASKED: _asked,
    TransferState.CONSULTING: _consulting,
    TransferState.PASSING: _passing,
    TransferState.WAITING: _waiting,
    TransferState.RETURNING: _returning,
    TransferState.OVER: _nothing,
}
