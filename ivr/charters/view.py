"""One call as judges see it: a frozen reading of its rows and facts, made in this one place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ivr.calls.facts import Told
from ivr.calls.legs import Leg, read_leg
from ivr.calls.offers import OfferOutcome
from ivr.calls.record import Party, ended_by
from ivr.calls.rings import STAMP_UNCERTAINTY_MS, ClockSource, RingTime, ring_time
from ivr.calls.rows import Offer
from ivr.calls.steps import CALLER, accepted, joined
from ivr.charters.terms import Direction
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line

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
class OfferView:
    """One ringing of one agent: its leg as told, how it ended, and who hung up first where there was a talk."""

    id: str
    agent: Person
    outcome: str | None
    leg: Leg
    ring: RingTime | None
    rang_until_closed: RingTime | None
    answered: bool
    met: bool
    hung_up_first: Party

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


@dataclass(frozen=True, slots=True)
class CallView:
    """One call to a line. `offer` is set where one offer is judged, by `of`."""

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

    @property
    def day(self) -> date:
        """The local day on which the call arrived: it decides which version of the charter holds."""
        return self.arrived_at.astimezone(SEOUL).date()

    @property
    def subject(self) -> str:
        """The id of what is judged: the offer, or the call."""
        return self.offer.id if self.offer else self.id

    @property
    def about(self) -> OfferView:
        """The offer that is judged; raises ValueError for a view of the whole call."""
        if self.offer is None:
            raise ValueError(f"call {self.id}: this measure judges an offer, give the view of one (`of`)")
        return self.offer

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
            _read_offer(offers[: place + 1], facts, recorded.agents[offer.agent_id])
            for place, offer in enumerate(offers)
        ),
        wanted=recorded.wanted,
        caller_known=recorded.caller_known,
        later=tuple(sorted(recorded.later, key=lambda later: (later.arrived_at, later.id))),
    )


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
    )


def _until_closed(offer: Offer, leg: Leg) -> RingTime | None:
    if leg.ringing is None or offer.closed_at is None:
        return None
    rang = (offer.closed_at - leg.ringing.received_at) / timedelta(milliseconds=1)
    return RingTime(max(round(rang), 0), STAMP_UNCERTAINTY_MS, ClockSource.ARRIVAL)
