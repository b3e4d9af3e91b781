"""Offers: what closing one means for its agent and for the caller, and what is promised then."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.returning import Ending, returning
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK, Moves, moved
from ivr.calls.rows import Offer, OfferState
from ivr.lines.model import Line
from ivr.promises import Promise, promise_all


class OfferEvent(StrEnum):
    """What can happen to an offer."""

    ACCEPT = "accept"
    CLOSE = "close"


OFFER_MOVES: Moves[OfferState, OfferEvent] = {
    (OfferState.OPEN, OfferEvent.ACCEPT): OfferState.ACCEPTED,
    (OfferState.OPEN, OfferEvent.CLOSE): OfferState.OVER,
    (OfferState.ACCEPTED, OfferEvent.CLOSE): OfferState.OVER,
}


class OfferOutcome(StrEnum):
    """How an offer ended."""

    FINISHED = "finished"
    MISSED = "missed"
    REJECTED = "rejected"
    DECLINED = "declined"
    BUSY = "busy"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    GONE = "gone"
    CONSULTED = "consulted"


# A final leg state before the agent accepted, and what it says about the agent.
OUTCOME_OF_STATUS: Mapping[str, OfferOutcome] = {
    "completed": OfferOutcome.DECLINED,
    "busy": OfferOutcome.BUSY,
    "no-answer": OfferOutcome.MISSED,
    "canceled": OfferOutcome.MISSED,
    "failed": OfferOutcome.FAILED,
}

_SPARED = {OfferOutcome.WITHDRAWN, OfferOutcome.GONE, OfferOutcome.CONSULTED}

# An agent on a telephone who has picked up gets this long to press a key.
TIME_TO_DECIDE = timedelta(seconds=25)
# A lost end leaves somebody alone in a room, so nobody is left unasked about for longer than this.
CHECK_EVERY = timedelta(seconds=45)


def offers_of(session: Session, call_id: str) -> list[Offer]:
    """The offers of a call in the order in which they were made, locked for this transaction."""
    return list(
        session.scalars(
            select(Offer).where(Offer.call_id == call_id).order_by(Offer.ordinal).with_for_update(key_share=True)
        )
    )


def accept(session: Session, offer: Offer, at: datetime) -> None:
    """The agent took the call: raises `Refused` when the offer is no longer open."""
    offer.state = moved(OFFER_MOVES, offer.state, OfferEvent.ACCEPT)
    move_agent(session.get_one(Agent, offer.agent_id, with_for_update=ROW_LOCK), AgentEvent.TAKE, at)


def close(session: Session, offer: Offer, outcome: OfferOutcome, *, line: Line, at: datetime) -> None:
    """End an offer: free its agent in the way the outcome deserves and promise what follows."""
    offer.state = moved(OFFER_MOVES, offer.state, OfferEvent.CLOSE)
    offer.outcome, offer.closed_at = outcome.value, at
    agent = session.get_one(Agent, offer.agent_id, with_for_update=ROW_LOCK)
    if outcome is OfferOutcome.FINISHED:
        move_agent(agent, AgentEvent.END, at)
        following = promise_of("wrap-up", offer, at + timedelta(seconds=line.wrap_up_seconds))
    elif outcome in _SPARED:
        move_agent(agent, AgentEvent.SPARE, at)
        following = Promise("route", f"route:spared:{offer.id}", at, {"line": line.id})
    else:
        move_agent(agent, AgentEvent.MISS, at, reason=outcome.value)
        following = promise_of("rest", offer, at + timedelta(seconds=line.rest_seconds))
    # Whoever listened to the talk does not stay in its room.
    listened = [promise_of("clear-monitors", offer, at)] if line.monitoring.allowed else []
    promise_all(session, [following, *listened])


def bring_back(session: Session, offer_id: str, at: datetime) -> str | None:
    """Make an agent ready again after wrap-up or rest; returns the line to route, or None if it is moot."""
    offer = session.get_one(Offer, offer_id, with_for_update=ROW_LOCK)
    agent = session.get_one(Agent, offer.agent_id, with_for_update=ROW_LOCK)
    ending = Ending(offer.outcome == OfferOutcome.FINISHED, offer.outcome, offer.closed_at)
    event = returning(agent, ending)
    if event is None:
        return None
    if event is AgentEvent.FINISH:
        offer.wrapped_at = at
        promise_all(session, [promise_of("figure", offer, at)])
    move_agent(agent, event, at)
    return agent.line


def ringing_promises(offer: Offer, *, line: Line, at: datetime) -> list[Promise]:
    """What a new offer needs: its agent is rung, its time runs out, and its leg is asked about."""
    # Should nothing ever be told of this leg, the offer still does not stay open for ever.
    latest = at + timedelta(seconds=line.ring.offer_seconds) + TIME_TO_DECIDE
    return [
        promise_of("place", offer, at),
        promise_of("lapse", offer, latest, about="made"),
        check_promise(offer.call_id, offer.id, at + CHECK_EVERY),
    ]


def check_promise(call: str, leg: str, due_at: datetime) -> Promise:
    """The promise to ask about a leg, the caller's or that of an offer, until its end is known."""
    return Promise("check-leg", f"check-leg:{call}:{leg}", due_at, {"call": call, "leg": leg})


def promise_of(kind: str, offer: Offer, due_at: datetime, *, about: str = "") -> Promise:
    """A promise about an offer, unique by kind, offer and what it is `about`."""
    key = f"{kind}:{offer.id}:{about}" if about else f"{kind}:{offer.id}"
    return Promise(kind, key, due_at, {"offer": offer.id, "call": offer.call_id})
