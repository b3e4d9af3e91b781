"""What an agent in a talk may ask for: to pass the caller on, to complete a consultation, to cancel it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from ivr.agents.routing import claim
from ivr.agents.rows import Agent, AgentState
from ivr.base import ROW_LOCK
from ivr.calls.facts import Told, tell
from ivr.calls.following import follow
from ivr.calls.holding import HOLD, hold_promise
from ivr.calls.known import Followed, load
from ivr.calls.legs import LegState
from ivr.calls.offers import ringing_promises
from ivr.calls.rows import Call, Offer, OfferPurpose, OfferState
from ivr.calls.steps import joined
from ivr.lines.model import Line
from ivr.promises import promise_all
from ivr.transfers.following import Passing, give_back, pass_on
from ivr.transfers.moves import TransferEvent, move_transfer
from ivr.transfers.rows import (
    ASKED_FACT,
    CANCELLED_FACT,
    COMPLETED_FACT,
    TRANSFER,
    Manner,
    Transfer,
    TransferOutcome,
    TransferState,
)


class WhyNot(StrEnum):
    """Why a wish about a transfer is refused; the value says what is so and what to do."""

    NO_CALL = "there is no such call: `charterline calls list` shows the newest"
    CALL_OVER = "the call is over, or the caller has just left"
    NO_TALK = "no agent is talking with the caller now: only a talk can be transferred"
    UNDER_WAY = "a transfer of this call is under way: complete or cancel it first"
    UNKNOWN_AGENT = "there is no such agent: `charterline agents list` shows all"
    OTHER_LINE = "that agent takes calls of another line: choose one of this line"
    ONESELF = "that agent is the one who is talking: choose another"
    AWAY = "that agent is away: choose one who is ready"
    BUSY = "that agent is rung, talking or wrapping up: choose one who is ready, or try again in a moment"
    NOT_CONSULTING = "the other agent has not accepted a consultation: wait, cancel, or hang up to pass the caller on"
    NOTHING_TO_CANCEL = "no consultation is under way: a caller who is already on the way cannot be fetched back"


class NoTransfer(Exception):
    """A wish about a transfer is refused; `why` tells the reason."""

    def __init__(self, why: WhyNot) -> None:
        self.why = why
        super().__init__(why.value)


@dataclass(frozen=True, slots=True)
class Wish:
    """Pass the caller on to the agent with the id `to`."""

    to: str
    manner: Manner


def ask(session: Session, call_id: str, wish: Wish, *, line: Line, at: datetime) -> Transfer:
    """Begin a transfer out of the talk of a call; raises `NoTransfer`."""
    known = _in_progress(session, call_id)
    first = _talking(known)
    _check_agent(session, wish.to, known, first)
    transfer = Transfer(
        id=f"{call_id}-t{len(known.transfers) + 1}",
        call_id=call_id,
        ordinal=len(known.transfers) + 1,
        manner=wish.manner,
        from_offer=first.id,
        to_agent=wish.to,
        state=TransferState.ASKED,
        asked_at=at,
    )
    known.transfers.append(transfer)
    passing = Passing(session, known, transfer, line, at)
    if wish.manner is Manner.CONSULT:
        _ring_colleague(passing)
    session.add(transfer)
    session.flush()
    if wish.manner is Manner.BLIND:
        pass_on(passing)
    _tell(passing, ASKED_FACT)
    return transfer


def complete(session: Session, call_id: str, *, line: Line, at: datetime) -> Transfer:
    """The agents have talked: have the caller told and brought to the other one; raises `NoTransfer`."""
    known = _in_progress(session, call_id)
    transfer = known.transfer
    if transfer is None or transfer.state is not TransferState.CONSULTING:
        raise NoTransfer(WhyNot.NOT_CONSULTING)
    passing = Passing(session, known, transfer, line, at)
    _tell(passing, COMPLETED_FACT)
    pass_on(passing)
    follow(session, call_id, line=line, at=at)
    return transfer


def cancel(session: Session, call_id: str, *, line: Line, at: datetime) -> Transfer:
    """Let the other agent go and the first talk on with the caller; raises `NoTransfer`."""
    known = _in_progress(session, call_id)
    transfer = known.transfer
    if transfer is None or transfer.state not in {TransferState.ASKED, TransferState.CONSULTING}:
        raise NoTransfer(WhyNot.NOTHING_TO_CANCEL)
    passing = Passing(session, known, transfer, line, at)
    _tell(passing, CANCELLED_FACT)
    if transfer.state is TransferState.ASKED:
        give_back(passing, TransferOutcome.CANCELLED)
    else:
        move_transfer(transfer, TransferEvent.RETURN)
        passing.promise_once("fetch-back")
    follow(session, call_id, line=line, at=at)
    return transfer


def _in_progress(session: Session, call_id: str) -> Followed:
    if session.get(Call, call_id) is None:
        raise NoTransfer(WhyNot.NO_CALL)
    known = load(session, call_id)
    if known.call.ended_at is not None or known.caller_gone:
        raise NoTransfer(WhyNot.CALL_OVER)
    return known


def _talking(known: Followed) -> Offer:
    """The offer whose agent is in a room with the caller now."""
    if known.transfer is not None:
        raise NoTransfer(WhyNot.UNDER_WAY)
    step = known.last_step
    offer = known.offer(step.detail.get("offer")) if step is not None and joined(step) else None
    if offer is None or offer.state is not OfferState.ACCEPTED or known.leg_of(offer).state is LegState.ENDED:
        raise NoTransfer(WhyNot.NO_TALK)
    return offer


def _check_agent(session: Session, agent_id: str, known: Followed, first: Offer) -> None:
    agent = session.get(Agent, agent_id, with_for_update=ROW_LOCK)
    if agent is None:
        raise NoTransfer(WhyNot.UNKNOWN_AGENT)
    if agent.line != known.call.line:
        raise NoTransfer(WhyNot.OTHER_LINE)
    if agent.id == first.agent_id:
        raise NoTransfer(WhyNot.ONESELF)
    if agent.state is not AgentState.READY:
        raise NoTransfer(WhyNot.AWAY if agent.state is AgentState.AWAY else WhyNot.BUSY)


def _ring_colleague(passing: Passing) -> None:
    """The caller hears music while the colleague is rung."""
    place, transfer, at = passing.known.waiting, passing.transfer, passing.at
    offer = place and claim(passing.session, place, transfer.to_agent, purpose=OfferPurpose.CONSULT, at=at)
    if not offer:
        raise NoTransfer(WhyNot.BUSY)
    transfer.to_offer = offer.id
    hold = hold_promise(HOLD, transfer.call_id, at)
    promise_all(passing.session, [hold, *ringing_promises(offer, line=passing.line, at=at)])


def _tell(passing: Passing, kind: str) -> None:
    transfer = passing.transfer
    detail = {"transfer": transfer.id, "manner": transfer.manner.value, "to": transfer.to_agent}
    fact = Told(transfer.call_id, f"{kind}:{transfer.id}", kind, TRANSFER, passing.at, detail=detail)
    tell(passing.session.connection(), fact)
