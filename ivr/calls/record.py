"""The record of a call: what its facts, read together, say happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ivr.calls.facts import Told
from ivr.calls.legs import Leg, LegState, read_leg
from ivr.calls.rings import ARRIVAL_UNCERTAINTY_MS, ClockSource, Reading, RingLimits, RingTime, ring_time
from ivr.calls.rows import Offer, OfferPurpose
from ivr.calls.steps import CALLER, CONSULTING, UNMET, accepted, joined, last_step, passed_on


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
# A telephone that rang and then says "busy" was rejected at the handset.
TURNED_DOWN = frozenset({"rejected", "declined", "busy"})
WITHDRAWN = "withdrawn"


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
    if was_turned_away(facts) or any(fact.kind == UNMET for fact in facts):
        return Outcome.FAILED
    if any(fact.kind == "queue-left" and fact.detail.get("result") in QUEUE_FAILURES for fact in facts):
        return Outcome.FAILED
    return Outcome.ABANDONED


def was_turned_away(facts: Sequence[Told]) -> bool:
    """Whether too many called at that moment, and a callback was offered in place of an agent."""
    return any(fact.kind == "arrived" and fact.detail.get("turned_away") for fact in facts)


def talked(offers: Sequence[Offer], facts: Sequence[Told]) -> list[Offer]:
    """The offers whose agent the caller really met, in their order."""
    return [offer for offer in offers if any(joined(fact, offer.id) for fact in facts)]


def read_offer(offer: Offer, facts: Sequence[Told], limits: RingLimits) -> OfferRecord:
    """Measure one offer from ringing to pick-up and read it against the three limits (K4, D4, T7).

    A colleague who is rung to be asked answers no caller, so that there is nothing to read.
    """
    leg = read_leg(offer.id, facts)
    ring = ring_time(leg.ringing, leg.pick_up) if leg.ringing and leg.pick_up else None
    answered = any(accepted(fact, offer.id) for fact in facts)

    def read(limit: int) -> Reading:
        if offer.purpose is OfferPurpose.CONSULT:
            return Reading.NOT_APPLICABLE
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
    read = _rang(offer, leg, leg.ringing, facts).read(limit_ms)
    if read is Reading.INDETERMINATE and offer.outcome != WITHDRAWN:
        # Nobody left: that it rang just to the limit was our own doing, by our own clock.
        return Reading.MISSED
    return Reading.NOT_APPLICABLE if read is Reading.MET else read


def _rang(offer: Offer, leg: Leg, ringing: Told, facts: Sequence[Told]) -> RingTime:
    """How long it rang: to the caller's leaving, to the leg's end, or to our giving up.

    To the pick-up, where the caller left while the agent had still to press a key, or nothing of ours answered the
    agent; a voicemail answers nobody.
    """
    # A telephone that is silenced late did not ring any longer for a caller who had left.
    ends = [fact for fact in facts if _leaves(fact) and fact.received_at >= ringing.received_at]
    picked_up = leg.pick_up if offer.outcome == WITHDRAWN or leg.went_unserved else None
    ends += [fact for fact in (picked_up, leg.ended) if fact is not None]
    times = [time for time in (ring_time(ringing, fact) for fact in ends) if time is not None]
    if offer.closed_at is not None:
        closed_ms = round((offer.closed_at - ringing.received_at) / timedelta(milliseconds=1))
        times.append(RingTime(max(closed_ms, 0), ARRIVAL_UNCERTAINTY_MS, ClockSource.ARRIVAL))
    if not times:
        return RingTime(0, 0, ClockSource.ARRIVAL)
    shortest = min(times, key=lambda time: time.milliseconds)
    latest = shortest.milliseconds + shortest.uncertainty
    # Two that tell of one end overlap; the surer one counts.
    alike = [time for time in times if time.milliseconds - time.uncertainty <= latest]
    return min(alike, key=lambda time: (time.uncertainty, time.milliseconds))


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
    """Who left first (D8): in a talk the room's own order of leaving, else whoever ended the last step.

    A caller whom an order of ours took out of the room has not hung up; what counts is how the call went on.
    """
    caller = read_leg(CALLER, facts)
    met = talked(offers, facts)
    if not met:
        return _outside_a_talk(caller, facts)
    agent = read_leg(met[-1].id, facts)
    first = _first_to_leave(caller, agent, facts)
    if first is not Party.AGENT and taken_out(facts, agent.name):
        return _outside_a_talk(caller, facts)
    return first or _first_to_end(caller, agent)


def taken_out(facts: Sequence[Told], offer_id: str) -> bool:
    """Whether an order of ours took the caller out of the room of an offer."""
    return passed_on(facts, offer_id) or any(fact.detail.get("out_of") == offer_id for fact in facts)


def _outside_a_talk(caller: Leg, facts: Sequence[Told]) -> Party:
    if caller.state is not LegState.ENDED:
        return Party.UNKNOWN
    step = last_step(facts)
    is_ours = step is not None and (step.detail.get("ends") or step.detail.get(UNMET))
    return Party.SYSTEM if is_ours else Party.CUSTOMER


def _first_to_leave(caller: Leg, agent: Leg, facts: Sequence[Told]) -> Party | None:
    """Whose last leaving came first; who came back into the room has not left."""
    moves = sorted(
        (fact for fact in facts if _is_move(fact, agent, facts) and fact.detail.get("offer") == agent.name),
        key=lambda fact: (fact.sequence is None, fact.sequence or 0, fact.said_at or fact.received_at),
    )
    party = {caller.sid: Party.CUSTOMER, agent.sid: Party.AGENT}
    gone: dict[str | None, Party] = {}
    for fact in moves:
        if fact.sid in party:
            gone.pop(fact.sid, None)
            if fact.detail.get("event") == "participant-leave":
                gone[fact.sid] = party[fact.sid]
    # One leaving alone proves nothing: the other may have been told first and lost on its way.
    return next(iter(gone.values())) if len(gone) == len(party) else None


def _is_move(fact: Told, agent: Leg, facts: Sequence[Told]) -> bool:
    """Whether somebody joined or left a room; an agent taken out of it to ask a colleague has not left the talk."""
    moved = fact.kind == "room" and fact.detail.get("event") in {"participant-join", "participant-leave"}
    return moved and not goes_to_ask(fact, agent, facts)


def goes_to_ask(fact: Told, agent: Leg, facts: Sequence[Told]) -> bool:
    """Whether an order of ours took this agent out of the room to ask a colleague: the talk goes on."""
    if fact.sid != agent.sid or fact.detail.get("reason") != "participant_updated_via_api":
        return False
    return any(told.kind == CONSULTING and told.leg == agent.name for told in facts)


def _first_to_end(caller: Leg, agent: Leg) -> Party:
    """By the carrier's stamps alone, where both ends have one and they lie apart; a lost end proves nothing."""
    customer_end = caller.ended.said_at if caller.ended else None
    agent_end = agent.ended.said_at if agent.ended else None
    if customer_end is None or agent_end is None or abs(customer_end - agent_end) <= timedelta(seconds=1):
        return Party.UNKNOWN
    return Party.CUSTOMER if customer_end < agent_end else Party.AGENT
