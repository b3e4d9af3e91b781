"""Measures of a call, of one ringing of one agent, and of a transfer."""

from typing import ClassVar, Literal

from ivr.charters.measures.shape import Measure
from ivr.charters.terms import Count, Scope, Several

CALL: frozenset[Scope] = frozenset({"call"})
TRANSFER: frozenset[Scope] = frozenset({"transfer"})


class RingToAnswer(Measure):
    """The agent answered before the telephone had rung `rings` times, by the cadence and reading of the line."""

    scopes: ClassVar[frozenset[Scope]] = frozenset({"offer"})
    name: Literal["ring_to_answer"]
    rings: Count


class IdentityAnnounced(Measure):
    """All `parts` were announced at the opening, by the system, by the agent, or as heard in the recording."""

    scopes: ClassVar[frozenset[Scope]] = CALL
    name: Literal["identity_announced"]
    parts: Several[Literal["greeting", "institution", "department", "name", "title"]]


class CustomerVerified(Measure):
    """The agent checked who the customer is before the matter was spoken of."""

    scopes: ClassVar[frozenset[Scope]] = CALL
    name: Literal["customer_verified"]


class ClosingSaid(Measure):
    """All `parts` were said before the call ended, ticked by the agent or heard."""

    scopes: ClassVar[frozenset[Scope]] = CALL
    name: Literal["closing_said"]
    parts: Several[Literal["further_questions", "thanks"]]


class CustomerHangsUpFirst(Measure):
    """The customer's leg ended before the agent's."""

    scopes: ClassVar[frozenset[Scope]] = CALL
    name: Literal["customer_hangs_up_first"]


class SkilledAgentAnswers(Measure):
    """The agent who answered had the skill, or was of the team, that the caller's choice asks for."""

    scopes: ClassVar[frozenset[Scope]] = CALL
    name: Literal["skilled_agent_answers"]


class FirstAnswererAnswers(Measure):
    """No transfer, no callback, and no call of the same number on the same matter within `repeat_days` days."""

    scopes: ClassVar[frozenset[Scope]] = CALL
    name: Literal["first_answerer_answers"]
    repeat_days: Count = 7


class TransferAnnounced(Measure):
    """All `parts` of the officer were told to the caller before the legs were joined."""

    scopes: ClassVar[frozenset[Scope]] = TRANSFER
    name: Literal["transfer_announced"]
    parts: Several[Literal["department", "name", "number"]]


class TransferCompleted(Measure):
    """The caller reached an officer, and was not lost on the way."""

    scopes: ClassVar[frozenset[Scope]] = TRANSFER
    name: Literal["transfer_completed"]
