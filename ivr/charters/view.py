"""One call as judges see it: a frozen reading of its rows and facts, made in this one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal

from ivr.calls.facts import Told
from ivr.calls.legs import Leg, read_leg
from ivr.calls.offers import OfferOutcome
from ivr.calls.record import Party, ended_by
from ivr.calls.rings import STAMP_UNCERTAINTY_MS, ClockSource, RingTime, ring_time
from ivr.calls.rows import Offer, OfferPurpose
from ivr.calls.steps import CALLER, accepted, joined, passed_on
from ivr.charters.terms import Direction
from ivr.charters.view_transfers import TransferView, read_transfer
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.transfers.rows import Transfer

Review = Literal["heard", "missing"]
"""What a person found who listened to an opening."""

Skill = tuple[str, str]
"""A team, and a skill within it; the empty skill is membership of the team."""

# The queue's words for a caller who left it by hanging up or for a callback.
LEFT_QUEUE = frozenset({"hangup", "leave"})


@dataclass(frozen=True, slots=True)
class Person:
    """An agent as the directory has it: what can be announced, and for what the agent may be asked."""

    name: str
    department: str
    title: str
    skills: frozenset[Skill]


@dataclass(frozen=True, slots=True)
class OpeningView:
    """What the first seconds of a talk prove of the greeting; `review` is a person's word, which decides.

    `heard` are the parts that were understood, named as in the announcement, with "greeting".
    """

    heard: frozenset[str] = frozenset()
    review: Review | None = None


Heard = tuple[OpeningView, frozenset[str] | None]
"""The opening of a talk, and the parts of a closing that were heard at its end; None where no word is known of it."""


@dataclass(frozen=True, slots=True)
class OfferView:
    """One ringing of one agent: its leg as told, how it ended, and who hung up first where there was a talk.

    `transferred` says that the talk ended because the agent passed the caller on; `purpose` why just this agent
    was rung; `asked` is the team and skill by which the router chose the agent, None where it is not recorded.
    `opening` is None where nothing of the talk's beginning was kept, `closing_heard` (parts as in `closing_said`)
    where its end was not transcribed.
    """

    id: str
    agent: Person
    outcome: str | None
    leg: Leg
    ring: RingTime | None
    rang_until_closed: RingTime | None
    answered: bool
    met: bool
    hung_up_first: Party
    transferred: bool = False
    purpose: OfferPurpose | None = None
    asked: Skill | None = None
    opening: OpeningView | None = None
    closing_heard: frozenset[str] | None = None
    agent_id: str = ""
    team: str | None = None
    closed_at: datetime | None = None
    wrapped_at: datetime | None = None

    @property
    def has_failed(self) -> bool:
        """The carrier said that the leg failed, or the agent could not be rung."""
        status = self.leg.ended.detail.get("status") if self.leg.ended else None
        return status == "failed" or self.outcome == OfferOutcome.FAILED


@dataclass(frozen=True, slots=True)
class LaterCall:
    """A later call of the same number on the same line; `team` is what it asked for, None where it never chose."""

    id: str
    arrived_at: datetime
    team: str | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the database has of one call; `wanted` is the team and skill that the caller chose."""

    id: str
    arrived_at: datetime
    facts: Sequence[Told]
    offers: Sequence[Offer]
    agents: dict[str, Person]
    wanted: Skill | None
    caller_known: bool
    later: Sequence[LaterCall] = ()
    dialled: str = ""
    firm: str = ""
    transfers: Sequence[Transfer] = ()
    heard: Mapping[str, Heard] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CallView:
    """One call to a line. `offer` is set where one offer is judged, by `of`, `transfer` likewise by `passing`.

    `firm` is the client firm whose customer called, empty for the line's own callers.
    """

    id: str
    line: Line
    arrived_at: datetime
    facts: tuple[Told, ...]
    caller: Leg
    offers: tuple[OfferView, ...]
    wanted: Skill | None
    caller_known: bool
    later: tuple[LaterCall, ...]
    direction: Direction = "inbound"
    offer: OfferView | None = None
    dialled: str = ""
    firm: str = ""
    transfers: tuple[TransferView, ...] = ()
    transfer: TransferView | None = None

    @property
    def day(self) -> date:
        """The local day on which the call arrived: it decides which version of the charter holds."""
        return self.arrived_at.astimezone(SEOUL).date()

    @property
    def subject(self) -> str:
        """The id of what is judged: the offer, the transfer, or the call."""
        part = self.offer or self.transfer
        return part.id if part else self.id

    @property
    def about(self) -> OfferView:
        """The offer that is judged; raises ValueError for a view of the whole call."""
        if self.offer is None:
            raise ValueError(f"call {self.id}: this measure judges an offer, give the view of one (`of`)")
        return self.offer

    @property
    def passed(self) -> TransferView:
        """The transfer that is judged; raises ValueError for a view of the whole call."""
        if self.transfer is None:
            raise ValueError(f"call {self.id}: this measure judges a transfer, give the view of one (`passing`)")
        return self.transfer

    @property
    def talks(self) -> tuple[OfferView, ...]:
        """The offers whose agent the caller really met, in their order."""
        return tuple(offer for offer in self.offers if offer.met)

    @property
    def gone(self) -> Told | None:
        """The fact that tells when the caller left: the first of the leg's end and leaving the queue."""
        told = [fact for fact in self.facts if _leaves(fact)]
        ends = [fact for fact in (self.caller.ended, *told) if fact is not None]
        return min(ends, key=lambda fact: (fact.said_at or fact.received_at, fact.key), default=None)

    def of(self, offer: OfferView) -> "CallView":
        """The same call, with one of its offers to be judged."""
        return replace(self, offer=offer)

    def passing(self, transfer: TransferView) -> "CallView":
        """The same call, with one of its transfers to be judged."""
        return replace(self, transfer=transfer)

    def told(self, kind: str) -> tuple[Told, ...]:
        """The facts of a kind, in the order in which they arrived."""
        return tuple(fact for fact in self.facts if fact.kind == kind)


def _leaves(fact: Told) -> bool:
    return fact.kind == "leaving" or (fact.kind == "queue-left" and fact.detail.get("result") in LEFT_QUEUE)


def read_call(recorded: Recorded, line: Line) -> CallView:
    """Read a call; the order and repetition of facts make no difference."""
    facts = _in_order(recorded.facts)
    offers = sorted(recorded.offers, key=lambda offer: offer.ordinal)
    return CallView(
        id=recorded.id,
        line=line,
        arrived_at=recorded.arrived_at,
        facts=facts,
        caller=read_leg(CALLER, facts),
        offers=tuple(
            _with_words(_read_offer(offers[: place + 1], facts, recorded.agents[offer.agent_id]), recorded.heard)
            for place, offer in enumerate(offers)
        ),
        wanted=recorded.wanted,
        caller_known=recorded.caller_known,
        transfers=tuple(
            read_transfer(transfer, facts) for transfer in sorted(recorded.transfers, key=lambda each: each.ordinal)
        ),
        later=tuple(sorted(recorded.later, key=lambda later: (later.arrived_at, later.id))),
        dialled=recorded.dialled,
        firm=recorded.firm or _firm_of_old(recorded, line),
    )


def _firm_of_old(recorded: Recorded, line: Line) -> str:
    """The firm of a call that was kept before calls told it themselves: the one whose number was dialled."""
    told = any("firm" in fact.detail for fact in recorded.facts if fact.kind == "arrived")
    firm = None if told else line.firm_of(recorded.dialled)
    return firm.id if firm else ""


def _in_order(facts: Sequence[Told]) -> tuple[Told, ...]:
    """Each event once, as first told, in the order of arrival."""
    first: dict[str, Told] = {}
    for fact in sorted(facts, key=lambda fact: (fact.received_at, fact.key)):
        first.setdefault(fact.key, fact)
    return tuple(first.values())


def _read_offer(up_to: Sequence[Offer], facts: tuple[Told, ...], agent: Person) -> OfferView:
    """Read the last of these offers; the ones before it are given because leaving is told talk by talk."""
    offer = up_to[-1]
    leg = read_leg(offer.id, facts)
    met = any(joined(fact, offer.id) for fact in facts)
    return OfferView(
        id=offer.id,
        agent=agent,
        outcome=offer.outcome,
        leg=leg,
        ring=ring_time(leg.ringing, leg.pick_up) if leg.ringing and leg.pick_up else None,
        rang_until_closed=_until_closed(offer, leg),
        answered=any(accepted(fact, offer.id) for fact in facts),
        met=met,
        hung_up_first=ended_by(up_to, facts) if met else Party.UNKNOWN,
        agent_id=offer.agent_id,
        team=offer.team,
        closed_at=offer.closed_at,
        wrapped_at=offer.wrapped_at,
        transferred=passed_on(facts, offer.id),
        purpose=offer.purpose,
        asked=(offer.team, offer.skill or "") if offer.team else None,
    )


def _with_words(offer: OfferView, heard: Mapping[str, Heard]) -> OfferView:
    if offer.id not in heard:
        return offer
    opening, closing = heard[offer.id]
    return replace(offer, opening=opening, closing_heard=closing)


def _until_closed(offer: Offer, leg: Leg) -> RingTime | None:
    if leg.ringing is None or offer.closed_at is None:
        return None
    rang = (offer.closed_at - leg.ringing.received_at) / timedelta(milliseconds=1)
    return RingTime(max(round(rang), 0), STAMP_UNCERTAINTY_MS, ClockSource.ARRIVAL)
