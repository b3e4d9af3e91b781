"""What a desk shows of the agent's present work: rung, connecting, talking, asking a colleague, wrapping up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent, AgentState
from ivr.callbacks.rows import Callback
from ivr.calls.facts import Told, facts_of
from ivr.calls.holding import is_held
from ivr.calls.known import Followed, look
from ivr.calls.legs import Leg, LegState, read_leg
from ivr.calls.rows import Call, Offer, OfferPurpose, OfferState, Waiting
from ivr.calls.steps import CALLER, accepted, joined
from ivr.conduct.reading import Cause, entered, heard
from ivr.dialling.known import AGENT
from ivr.dialling.known import Known as Dialled
from ivr.dialling.rows import Attempt, AttemptState
from ivr.numbers import PhoneNumber
from ivr.transfers.rows import Transfer


class Phase(StrEnum):
    """How far the present work of an agent is."""

    RINGING = "ringing"
    CONNECTING = "connecting"
    TALKING = "talking"
    CONSULTING = "consulting"
    ENDING = "ending"
    WRAPPING = "wrapping"


@dataclass(frozen=True, slots=True)
class Work:
    """The one thing an agent is at: the offer of a call, or the attempt of a callback; facts in order of arrival.

    `leg` is the agent's own telephone as told, `customer` that of the other side. Nothing here is locked: whoever
    changes something reads anew under lock.
    """

    phase: Phase
    facts: Sequence[Told]
    leg: Leg
    customer: Leg
    offer: Offer | None = None
    call: Call | None = None
    waiting: Waiting | None = None
    transfer: Transfer | None = None
    attempt: Attempt | None = None
    callback: Callback | None = None

    @property
    def subject(self) -> str:
        """The id of the offer or of the attempt."""
        return self.offer.id if self.offer else self.attempt.id if self.attempt else ""

    @property
    def caller(self) -> PhoneNumber | None:
        """The customer's number; None where it was withheld."""
        if self.callback is not None:
            return self.callback.number
        return self.call.caller if self.call else None

    @property
    def caller_index(self) -> str | None:
        """The index of that number."""
        if self.callback is not None:
            return self.callback.number_index
        return self.call.caller_index if self.call else None

    @property
    def rung_at(self) -> datetime | None:
        """When the agent's telephone began to ring, as stored; None until that was told."""
        return self.leg.ringing.received_at if self.leg.ringing else None

    @property
    def answered_at(self) -> datetime | None:
        """When it was picked up, as stored."""
        return self.leg.pick_up.received_at if self.leg.pick_up else None

    @property
    def begun_at(self) -> datetime | None:
        """When the customer came into the room: the beginning of the talk."""
        begun = entered(self.facts, self.offer.id) if self.offer else next((f for f in self.facts if joined(f)), None)
        return begun.received_at if begun else None

    @property
    def is_held(self) -> bool:
        """The caller hears music."""
        return self.offer is not None and is_held(self.facts, self.offer.id)

    @property
    def is_asked(self) -> bool:
        """The agent is rung by a colleague who asks, not for a caller."""
        return self.offer is not None and self.offer.purpose is OfferPurpose.CONSULT

    @property
    def time_told_at(self) -> datetime | None:
        """When the caller had heard the notice of the recommended time."""
        told = [fact.received_at for fact in heard(self.facts, Cause.TIME_CAP) if fact.leg in {self.subject, CALLER}]
        return min(told, default=None)


def see(session: Session, agent: Agent) -> Work | None:
    """The present work of an agent, None where there is none; the last talk while it is being wrapped up."""
    live = select(Offer).where(Offer.agent_id == agent.id, Offer.closed_at.is_(None)).order_by(Offer.made_at.desc())
    if (offer := session.scalars(live.limit(1)).first()) is not None:
        return _of_offer(session, offer)
    dialling = select(Attempt).where(Attempt.agent_id == agent.id, Attempt.closed_at.is_(None))
    if (attempt := session.scalars(dialling.limit(1)).first()) is not None:
        return _of_attempt(session, attempt)
    if agent.state is not AgentState.WRAPPING:
        return None
    since = agent.state_since
    ended = select(Offer).where(Offer.agent_id == agent.id, Offer.closed_at == since)
    if (offer := session.scalars(ended).first()) is not None:
        return _of_offer(session, offer)
    over = select(Attempt).where(Attempt.agent_id == agent.id, Attempt.closed_at == since)
    attempt = session.scalars(over).first()
    return _of_attempt(session, attempt) if attempt is not None else None


def _of_offer(session: Session, offer: Offer) -> Work:
    known = look(session, offer.call_id)
    phase = _phase_of(known, offer, known.transfer)
    return Work(
        phase=phase,
        facts=known.facts,
        leg=known.leg_of(offer),
        customer=known.caller,
        offer=offer,
        call=known.call,
        waiting=known.waiting,
        transfer=known.transfer,
    )


def _phase_of(known: Followed, offer: Offer, transfer: Transfer | None) -> Phase:
    leg = known.leg_of(offer)
    if offer.state is OfferState.OVER:
        return Phase.WRAPPING
    if leg.state is LegState.ENDED or (known.met(offer) and (known.caller_gone or known.passed_on(offer))):
        return Phase.ENDING
    if known.away(offer) or (transfer is not None and transfer.to_offer == offer.id and not known.met(offer)):
        return Phase.CONSULTING if offer.state is OfferState.ACCEPTED or known.away(offer) else _rung(known, offer)
    if known.met(offer):
        return Phase.TALKING
    return Phase.CONNECTING if offer.state is OfferState.ACCEPTED else _rung(known, offer)


def _rung(known: Followed, offer: Offer) -> Phase:
    took = any(accepted(fact, offer.id) for fact in known.facts)
    return Phase.CONNECTING if took else Phase.RINGING


def _of_attempt(session: Session, attempt: Attempt) -> Work:
    callback = session.get_one(Callback, attempt.callback_id)
    facts = facts_of(session, attempt.id)
    known = Dialled(attempt, callback, facts, agent=read_leg(AGENT, facts), customer=read_leg(CALLER, facts))
    return Work(
        phase=_phase_of_attempt(known),
        facts=facts,
        leg=known.agent,
        customer=known.customer,
        attempt=attempt,
        callback=callback,
        call=session.get(Call, callback.call_id) if callback.call_id else None,
    )


def _phase_of_attempt(known: Dialled) -> Phase:
    if known.attempt.state is AttemptState.OVER:
        return Phase.WRAPPING
    if known.attempt.state is AttemptState.OPEN:
        return Phase.CONNECTING if known.accepted else Phase.RINGING
    if known.met is None:
        return Phase.CONNECTING
    return Phase.ENDING if known.is_over(AGENT) or known.is_over(CALLER) else Phase.TALKING
