"""An attempt as it stands: its rows, locked in one order, and what its facts say of both telephones."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.callbacks.rows import Callback, CallbackState
from ivr.calls.facts import Told, facts_of
from ivr.calls.legs import Leg, LegState, read_leg
from ivr.calls.steps import CALLER, JOINING, joined, last_step
from ivr.dialling.rows import Attempt

AGENT = "agent"
# Told by us in the transaction before the order goes out: from then on the telephone may ring.
DIALLED = "dialled"
# Told by us where the customer is not to be rung after all.
NOT_DIALLED = "not-dialled"
CONFIRMED, OTHER, UNSURE = "customer-confirmed", "customer-other", "customer-unsure"
APOLOGISED = "apologised"


@dataclass(slots=True)
class Known:
    """An attempt as it stands: its row, that of its callback, its facts, and the two legs as told."""

    attempt: Attempt
    callback: Callback
    facts: list[Told]
    agent: Leg
    customer: Leg

    @property
    def accepted(self) -> bool:
        """The agent wishes to dial: by the key, or on a softphone by answering."""
        return any(
            fact.leg == AGENT and (fact.kind == "accepted" or (fact.kind == "leg-document" and fact.detail.get("open")))
            for fact in self.facts
        )

    @property
    def rejected(self) -> bool:
        """The agent wishes to leave it."""
        return self.told("rejected")

    @property
    def met(self) -> Told | None:
        """The fact that the right customer entered the room in which the agent waited."""
        return next((fact for fact in self.facts if joined(fact)), None)

    @property
    def apologised(self) -> bool:
        """The customer was told that the agent has gone."""
        return any(
            fact.kind == APOLOGISED or (fact.kind == JOINING and fact.detail.get("agent_gone")) for fact in self.facts
        )

    @property
    def wanted(self) -> bool:
        """The customer still waits to be called: has not withdrawn, and has not rung us and been answered."""
        return self.callback.state is CallbackState.DIALLING

    @property
    def last_step(self) -> Told | None:
        """The last step of the customer."""
        return last_step(self.facts)

    def picked_up(self, name: str) -> bool:
        """Whether somebody, or something, has answered on this leg: a step of the customer proves it too."""
        answered = self.leg(name).state is LegState.ANSWERED
        return answered or (name == CALLER and self.last_step is not None and not self.customer.ended)

    def told(self, kind: str) -> bool:
        """Whether a fact of this kind was told."""
        return any(fact.kind == kind for fact in self.facts)

    def leg(self, name: str) -> Leg:
        """The leg of this name, as told."""
        return self.agent if name == AGENT else self.customer

    def sid(self, name: str) -> str | None:
        """The carrier's id of a leg: from the receipt of our order, or as the carrier told it."""
        kept = self.attempt.agent_sid if name == AGENT else self.attempt.customer_sid
        return kept or self.leg(name).sid

    def dialled(self, name: str) -> bool:
        """Whether the order to ring this telephone has gone out."""
        return any(fact.kind == DIALLED and fact.leg == name for fact in self.facts)

    def is_over(self, name: str) -> bool:
        """Whether this telephone cannot ring any more, or never did."""
        never = not self.dialled(name) or (name == CALLER and self.told(NOT_DIALLED))
        return never or self.leg(name).state is LegState.ENDED


def load(session: Session, attempt_id: str) -> Known:
    """Lock a callback with its attempt, always in this order, and read everything told about the attempt."""
    callback_id = session.scalars(select(Attempt.callback_id).where(Attempt.id == attempt_id)).one()
    callback = session.get_one(Callback, callback_id, with_for_update=ROW_LOCK)
    attempt = session.get_one(Attempt, attempt_id, with_for_update=ROW_LOCK)
    facts = facts_of(session, attempt_id)
    return Known(attempt, callback, facts, agent=read_leg(AGENT, facts), customer=read_leg(CALLER, facts))


def attempts_of(session: Session, callback_id: str) -> list[Attempt]:
    """The attempts of a callback in the order in which they were made."""
    return list(session.scalars(select(Attempt).where(Attempt.callback_id == callback_id).order_by(Attempt.ordinal)))
