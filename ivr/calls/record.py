"""The record of a call: what its facts, read together, say happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ivr.calls.facts import Told
from ivr.calls.legs import Leg, LegState, read_leg
from ivr.calls.rings import Reading, RingLimits, RingTime, ring_time
from ivr.calls.rows import Offer
from ivr.calls.steps import CALLER, accepted, joined, last_step


class Outcome(StrEnum):
    """What became of a call as a whole."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    CALLBACK = "callback"
    CLOSED = "closed"
    FAILED = "failed"


class Party(StrEnum):
    """Who ended a call first."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"
    UNKNOWN = "unknown"


# Twilio, Enqueue: the results of a queue that could not do what it is for.
QUEUE_FAILURES = frozenset({"error", "system-error", "queue-full"})
TURNED_DOWN = frozenset({"rejected", "declined"})


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """One offer as it went; `ring` is None where ringing or pick-up was never told."""

    offer: Offer
    ring: RingTime | None
    answered: bool
    readings: dict[str, Reading]


@dataclass(frozen=True, slots=True)
class Announcement:
    """Affiliation, name and title as the caller was told them; complete if heard to the end."""

    text: str
    template: str
    evidence: str
    played: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class NoticePlayed:
    """One notice of the line as it was played in a call."""

    notice: str
    version: int
    at: datetime
    complete: bool


def outcome_of(facts: Sequence[Told]) -> Outcome:
    """What became of the call; one that was neither answered nor sent away was abandoned."""
    if any(joined(fact) for fact in facts):
        return Outcome.ANSWERED
    if any(fact.kind == "callback-wished" for fact in facts):
        return Outcome.CALLBACK
    if any(fact.kind == "arrived" and fact.detail.get("closed") for fact in facts):
        return Outcome.CLOSED
    if any(fact.kind == "queue-left" and fact.detail.get("result") in QUEUE_FAILURES for fact in facts):
        return Outcome.FAILED
    return Outcome.ABANDONED


def talked(offers: Sequence[Offer], facts: Sequence[Told]) -> list[Offer]:
    """The offers whose agent the caller really met, in their order."""
    return [offer for offer in offers if any(joined(fact, offer.id) for fact in facts)]


def read_offer(offer: Offer, facts: Sequence[Told], limits: RingLimits) -> OfferRecord:
    """Measure one offer from ringing to pick-up and read it against the three limits (K4, D4, T7)."""
    leg = read_leg(offer.id, facts)
    ring = ring_time(leg.ringing, leg.pick_up) if leg.ringing and leg.pick_up else None
    answered = any(accepted(fact, offer.id) for fact in facts)

    def read(limit: int) -> Reading:
        if answered:
            return ring.read(limit) if ring else Reading.INDETERMINATE
        return _unanswered(offer, leg, facts, limit_ms=limit)

    readings = {
        "strict": read(limits.strict),
        "literal": read(limits.literal),
        "customary": read(limits.customary),
    }
    return OfferRecord(offer, ring, answered, readings)


def _unanswered(offer: Offer, leg: Leg, facts: Sequence[Told], *, limit_ms: int) -> Reading:
    """An offer nobody took was missed if the agent let it ring past the limit or turned it down."""
    if leg.ringing is None or offer.outcome is None:
        return Reading.NOT_APPLICABLE
    if offer.outcome in TURNED_DOWN:
        return Reading.MISSED
    rang_at = leg.ringing.received_at
    # A telephone that is silenced late did not ring any longer for a caller who had left.
    ends = [fact.received_at for fact in facts if _leaves(fact) and fact.received_at >= rang_at]
    ends += [leg.ended.received_at] if leg.ended else []
    ends += [offer.closed_at] if offer.closed_at else []
    rang_ms = (min(ends, default=rang_at) - rang_at) / timedelta(milliseconds=1)
    return Reading.MISSED if rang_ms >= limit_ms else Reading.NOT_APPLICABLE


def _leaves(fact: Told) -> bool:
    return fact.leg == CALLER and fact.kind in {"leg-ended", "leaving", "queue-left"}


def call_ring(offers: Sequence[Offer], facts: Sequence[Told]) -> RingTime | None:
    """The caller's view: from the first telephone that rang to the pick-up of the agent who took the call."""
    met = talked(offers, facts)
    ringing = [leg.ringing for leg in (read_leg(offer.id, facts) for offer in offers) if leg.ringing]
    pick_up = read_leg(met[0].id, facts).pick_up if met else None
    if pick_up is None or not ringing:
        return None
    return ring_time(min(ringing, key=lambda fact: fact.received_at), pick_up)


def announcement_of(facts: Sequence[Told]) -> Announcement | None:
    """The last announcement of affiliation, name and title to the caller (K5, D5, T8)."""
    made = [fact for fact in facts if fact.kind == "announced"]
    if not made:
        return None
    last = max(made, key=lambda fact: fact.sequence or 0)
    complete = any(fact.kind == "joining" and fact.detail.get("offer") == last.detail.get("offer") for fact in facts)
    return Announcement(
        text=str(last.detail.get("text", "")),
        template=str(last.detail.get("template", "")),
        evidence=str(last.detail.get("evidence", "")),
        played=True,
        complete=complete,
    )


def notices_of(facts: Sequence[Told]) -> list[NoticePlayed]:
    """The notices before the first menu, by id and version; asking for the menu proves they were heard out."""
    arrived = next((fact for fact in facts if fact.kind == "arrived"), None)
    if arrived is None or not arrived.detail.get("notices"):
        return []
    complete = any(fact.kind == "menu" for fact in facts)
    versions = (notice.rpartition("/") for notice in str(arrived.detail["notices"]).split(","))
    return [NoticePlayed(notice, int(version), arrived.received_at, complete) for notice, _, version in versions]


def ended_by(offers: Sequence[Offer], facts: Sequence[Told]) -> Party:
    """Who left first (D8): in a talk the room's own order of leaving, else whoever ended the last step."""
    caller = read_leg(CALLER, facts)
    met = talked(offers, facts)
    if not met:
        if caller.state is not LegState.ENDED:
            return Party.UNKNOWN
        step = last_step(facts)
        return Party.SYSTEM if step is not None and step.detail.get("ends") else Party.CUSTOMER
    agent = read_leg(met[-1].id, facts)
    return _first_to_leave(caller, agent, facts) or _first_to_end(caller, agent)


def _first_to_leave(caller: Leg, agent: Leg, facts: Sequence[Told]) -> Party | None:
    leaving = sorted(
        (
            fact
            for fact in facts
            if fact.kind == "room"
            and fact.detail.get("event") == "participant-leave"
            and fact.detail.get("offer") == agent.name
        ),
        key=lambda fact: (fact.sequence is None, fact.sequence or 0, fact.said_at or fact.received_at),
    )
    party = {caller.sid: Party.CUSTOMER, agent.sid: Party.AGENT}
    left = [fact for fact in leaving if fact.sid in party]
    # One leaving alone proves nothing: the other may have been told first and lost on its way.
    return party[left[0].sid] if len({fact.sid for fact in left}) == len(party) else None


def _first_to_end(caller: Leg, agent: Leg) -> Party:
    """By the carrier's stamps alone, where both ends have one and they lie apart; a lost end proves nothing."""
    customer_end = caller.ended.said_at if caller.ended else None
    agent_end = agent.ended.said_at if agent.ended else None
    if customer_end is None or agent_end is None or abs(customer_end - agent_end) <= timedelta(seconds=1):
        return Party.UNKNOWN
    return Party.CUSTOMER if customer_end < agent_end else Party.AGENT
