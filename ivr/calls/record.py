"""The record of a call: what its facts, read together, say happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ivr.calls.facts import Told
from ivr.calls.legs import CALLER, Leg, LegState, joined, read_leg
from ivr.calls.rings import Reading, RingLimits, RingTime, ring_time
from ivr.calls.rows import Offer, OfferState


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


# Facts that decide the outcome of a call that nobody answered, the strongest first.
_OUTCOMES = (
    ("callback-wished", Outcome.CALLBACK),
    ("closed", Outcome.CLOSED),
    ("failed", Outcome.FAILED),
)


def outcome_of(facts: Sequence[Told]) -> Outcome:
    """What became of the call; one that was neither answered nor sent away was abandoned."""
    if any(joined(fact) for fact in facts):
        return Outcome.ANSWERED
    kinds = {fact.kind for fact in facts}
    return next((outcome for kind, outcome in _OUTCOMES if kind in kinds), Outcome.ABANDONED)


def read_offer(offer: Offer, facts: Sequence[Told], limits: RingLimits) -> OfferRecord:
    """Measure one offer from ringing to pick-up and read it against the three limits (K4, D4, T7)."""
    leg = read_leg(offer.id, facts)
    pick_up = leg.pick_up
    ring = ring_time(leg.ringing, pick_up) if leg.ringing and pick_up else None
    answered = offer.state is OfferState.ACCEPTED or offer.outcome in {"finished", "gone"}
    return OfferRecord(offer, ring, answered, _readings(ring, limits, answered=answered))


def _readings(ring: RingTime | None, limits: RingLimits, *, answered: bool) -> dict[str, Reading]:
    def read(limit: int) -> Reading:
        if ring is None:
            return Reading.INDETERMINATE if answered else Reading.MISSED
        return ring.read(limit) if answered else Reading.MISSED

    return {
        "strict": read(limits.strict),
        "literal": read(limits.literal),
        "customary": read(limits.customary),
    }


def call_ring(offers: Sequence[Offer], facts: Sequence[Told]) -> RingTime | None:
    """The caller's view: from the first telephone that rang to the pick-up of the agent who took the call."""
    taken = next((o for o in offers if o.state is OfferState.ACCEPTED or o.outcome == "finished"), None)
    ringing = [leg.ringing for leg in (read_leg(o.id, facts) for o in offers) if leg.ringing]
    if taken is None or not ringing:
        return None
    pick_up = read_leg(taken.id, facts).pick_up
    return ring_time(min(ringing, key=lambda fact: fact.received_at), pick_up) if pick_up else None


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
    """Who left first (D8): the room's own order of leaving, else the legs' ends where they lie apart."""
    if any(fact.kind == "ended-by-us" for fact in facts):
        return Party.SYSTEM
    caller = read_leg(CALLER, facts)
    talked = [offer for offer in offers if any(joined(fact, offer.id) for fact in facts)]
    if not talked:
        return Party.CUSTOMER if caller.state is LegState.ENDED else Party.UNKNOWN
    agent = read_leg(talked[-1].id, facts)
    return _first_to_leave(caller, agent, facts) or _first_to_end(caller, agent)


def _first_to_leave(caller: Leg, agent: Leg, facts: Sequence[Told]) -> Party | None:
    leaving = sorted(
        (fact for fact in facts if fact.kind == "room" and fact.detail.get("event") == "participant-leave"),
        key=lambda fact: (fact.sequence is None, fact.sequence or 0, fact.said_at or fact.received_at),
    )
    party = {caller.sid: Party.CUSTOMER, agent.sid: Party.AGENT}
    left = [fact for fact in leaving if fact.sid in party]
    # One leaving alone proves nothing: the other may have been told first and lost on its way.
    return party[left[0].sid] if len({fact.sid for fact in left}) == len(party) else None


def _first_to_end(caller: Leg, agent: Leg) -> Party:
    if caller.ended is None or agent.ended is None:
        if caller.ended is None and agent.ended is None:
            return Party.UNKNOWN
        return Party.AGENT if caller.ended is None else Party.CUSTOMER
    customer_end, agent_end = caller.ended_at, agent.ended_at
    if customer_end is None or agent_end is None or abs(customer_end - agent_end) <= timedelta(seconds=1):
        return Party.UNKNOWN
    return Party.CUSTOMER if customer_end < agent_end else Party.AGENT
