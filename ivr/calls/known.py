"""A call as it stands: its rows, locked in one order, and what its facts say of where everybody is."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.calls.facts import Told, facts_of
from ivr.calls.legs import ROOM, Leg, read_leg
from ivr.calls.offers import offers_of
from ivr.calls.rows import Call, Offer, OfferPurpose, Waiting
from ivr.calls.steps import CALLER, CONSULT_OVER, CONSULTING, IN_QUEUE, UNMET, joined, last_step, passed_on
from ivr.transfers.rows import ASKED_FACT, Transfer, TransferState

# While a transfer stands so, the agent who is rung for a consultation is of use to it.
_OF_USE = {TransferState.ASKED, TransferState.CONSULTING, TransferState.PASSING, TransferState.WAITING}


@dataclass(slots=True)
class Followed:
    """A call as it stands: its row, its facts, its offers, its place in the queue, its transfers."""

    call: Call
    facts: list[Told]
    caller: Leg
    offers: list[Offer]
    waiting: Waiting | None
    transfers: list[Transfer] = field(default_factory=list)

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

    @property
    def transfer(self) -> Transfer | None:
        """The transfer that is under way: there is one at the most."""
        return next((transfer for transfer in self.transfers if transfer.state is not TransferState.OVER), None)

    def met(self, offer: Offer) -> bool:
        """The caller joined the room in which the agent of `offer` waited."""
        return any(joined(fact, offer.id) for fact in self.facts)

    def seen_in_room(self, offer: Offer) -> bool:
        """The carrier told of the caller in the room in which the agent of `offer` waited."""
        of_caller = (fact for fact in self.facts if fact.kind == ROOM and fact.sid == self.call.carrier_sid)
        return any(fact.detail.get("offer") == offer.id for fact in of_caller)

    def unmet(self, offer: Offer) -> bool:
        """The caller was to join the agent of `offer`, and never came."""
        return any(fact.kind == UNMET and fact.detail.get("offer") == offer.id for fact in self.facts)

    def passed_on(self, offer: Offer) -> bool:
        """The caller was taken out of the talk of this offer to another agent."""
        return passed_on(self.facts, offer.id)

    def away(self, offer: Offer) -> bool:
        """The agent of this offer left the caller on hold to ask a colleague, and has not come back."""
        moves = [f for f in self.facts if f.leg == offer.id and f.kind in {CONSULTING, CONSULT_OVER}]
        return bool(moves) and max(moves, key=lambda fact: fact.sequence or 0).kind == CONSULTING

    def wants(self, offer: Offer) -> bool:
        """Somebody still waits for the agent of this offer: a caller in the queue, or a colleague who asks."""
        if offer.purpose is not OfferPurpose.CONSULT:
            return self.in_queue
        asked = self.transfer_to(offer)
        return not self.caller_gone and asked is not None and asked.state in _OF_USE

    def transfer_to(self, offer: Offer) -> Transfer | None:
        """The transfer for which the agent of this offer is rung."""
        return next((transfer for transfer in self.transfers if transfer.to_offer == offer.id), None)

    def offer(self, offer_id: str | None) -> Offer | None:
        """One of the offers, by its id."""
        return next((offer for offer in self.offers if offer.id == offer_id), None)

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
        transfers=_transfers(session, call_id) if any(fact.kind == ASKED_FACT for fact in facts) else [],
    )


def look(session: Session, call_id: str) -> Followed:
    """The same without any lock, for whoever only shows it."""
    facts = facts_of(session, call_id)
    return Followed(
        call=session.get_one(Call, call_id),
        facts=facts,
        caller=read_leg(CALLER, facts),
        offers=list(session.scalars(select(Offer).where(Offer.call_id == call_id).order_by(Offer.ordinal))),
        waiting=session.get(Waiting, call_id),
        transfers=_transfers(session, call_id) if any(fact.kind == ASKED_FACT for fact in facts) else [],
    )


def _transfers(session: Session, call_id: str) -> list[Transfer]:
    """The transfers of a call in their order; the lock of the call covers them."""
    return list(session.scalars(select(Transfer).where(Transfer.call_id == call_id).order_by(Transfer.ordinal)))
