"""Whether the record of a call agrees with the carrier's truth, and stays the same however it is read."""

from collections.abc import Iterator, Sequence
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from carrier.calls import Call as CarrierCall
from commands.world import World
from ivr.calls.facts import Told, facts_of
from ivr.calls.following import follow
from ivr.calls.record import Outcome, Party, announcement_of, call_ring, ended_by, outcome_of, read_offer
from ivr.calls.rings import ring_limits
from ivr.calls.rows import Call, Offer
from ivr.calls.steps import passed_on
from ivr.promises import PromiseRow

UNSEEN_HOLD_UP_MS = 1000
LIMITS = ring_limits(rings=3, tone_ms=1000, pause_ms=2000)


def records_agree_with_the_truth(world: World) -> list[str]:
    """Outcome, ring, announcement and who hung up first, against the carrier's exact times."""
    legs = world.carrier.network.calls
    wrong: list[str] = []
    with world.store.reading() as session:
        for call in session.scalars(select(Call)):
            facts = facts_of(session, call.id)
            offers = _offers(session, call.id)
            wrong += _wrong_about(legs[call.carrier_sid], facts, offers, world)
    return wrong


def _wrong_about(caller: CarrierCall, facts: Sequence[Told], offers: Sequence[Offer], world: World) -> Iterator[str]:
    if caller.talks and outcome_of(facts) is not Outcome.ANSWERED:
        yield f"call {caller.sid} was talked in and is recorded as {outcome_of(facts).value}"
    for offer in offers:
        yield from _wrong_ring(offer, facts, world)
    if not _was_passed_on(caller, facts, offers):
        yield from _wrong_party(caller, ended_by(offers, facts), world)
    announcement = announcement_of(facts)
    if announcement and announcement.complete and not _heard(caller, announcement.text):
        yield f"call {caller.sid} is recorded as having heard an announcement that was cut off"


def _was_passed_on(caller: CarrierCall, facts: Sequence[Told], offers: Sequence[Offer]) -> bool:
    """Whether the caller was taken out of the last talk to another agent: then nobody left it by hanging up."""
    last = caller.talks[-1].others[0] if caller.talks else None
    return any(offer.leg_sid == last and passed_on(facts, offer.id) for offer in offers)


def _wrong_ring(offer: Offer, facts: Sequence[Told], world: World) -> Iterator[str]:
    """The truth lies within the stated uncertainty, which assumes that no callback is held up unseen.

    A hold-up of less than a second cannot be seen in stamps of whole seconds: where the network is made to hold
    callbacks up so (`callback_reorder`), the error stays below that second.
    """
    ring = read_offer(offer, facts, LIMITS).ring
    leg = world.carrier.network.calls.get(offer.leg_sid or "")
    if ring is None or leg is None or "answered" not in leg.times:
        return
    truth = (leg.times["answered"] - leg.times["ringing"]).total_seconds() * 1000
    unseen = UNSEEN_HOLD_UP_MS if world.carrier.network.faults.callback_reorder else 0
    if abs(truth - ring.milliseconds) > max(ring.uncertainty, unseen):
        yield f"offer {offer.id} rang {truth:.0f} ms, recorded as {ring}"


def _wrong_party(caller: CarrierCall, party: Party, world: World) -> Iterator[str]:
    if not caller.talks:
        return
    agent = world.carrier.network.calls[caller.talks[-1].others[0]]
    customer_left, agent_left = caller.times["ended"], agent.times["ended"]
    if party is Party.CUSTOMER and agent_left < customer_left:
        yield f"call {caller.sid} was left by the agent first, recorded as left by the customer"
    if party is Party.AGENT and customer_left < agent_left:
        yield f"call {caller.sid} was left by the customer first, recorded as left by the agent"


def following_again_changes_nothing(world: World) -> list[str]:
    """`follow` on a call that was followed leaves every row as it is."""
    with world.store.reading() as session:
        calls = session.execute(select(Call.id, Call.line)).all()
    return [f"following {row.id} again changed it" for row in calls if _moves(world, row.id, row.line)]


class _TakenBackError(Exception):
    """Ends a transaction that must leave nothing behind."""


def _moves(world: World, call: str, line: str) -> bool:
    changed = False
    try:
        with world.store.transaction() as session:
            promises = _count(session)
            follow(session, call, line=world.lines.by_id(line), at=world.now())
            dirty = [row for row in session.dirty if session.is_modified(row)]
            session.flush()
            changed = bool(dirty) or _count(session) != promises
            raise _TakenBackError
    except _TakenBackError:
        return changed


def _count(session: Session) -> int:
    # A call is judged anew whenever there are more facts, which is no change of the call.
    return len(session.scalars(select(PromiseRow.id).where(PromiseRow.kind != "judge")).all())


def order_makes_no_difference(world: World, dice: Random) -> list[str]:
    """The facts of a call, read in any order, give the same record."""
    wrong = []
    with world.store.reading() as session:
        for call in session.scalars(select(Call)):
            facts, offers = facts_of(session, call.id), _offers(session, call.id)
            shuffled = dice.sample(facts, len(facts))
            if _derived(facts, offers) != _derived(shuffled, offers):
                wrong.append(f"call {call.id} reads differently when its facts come in another order")
            if call.outcome is not None and call.outcome != outcome_of(facts).value:
                wrong.append(f"call {call.id} was closed as {call.outcome} and reads {outcome_of(facts).value}")
    return wrong


def _derived(facts: Sequence[Told], offers: Sequence[Offer]) -> tuple[object, ...]:
    read = [read_offer(offer, facts, LIMITS) for offer in offers]
    rings = [(record.ring, record.answered, record.readings) for record in read]
    return outcome_of(facts), rings, call_ring(offers, facts), announcement_of(facts), ended_by(offers, facts)


def _offers(session: Session, call: str) -> list[Offer]:
    return list(session.scalars(select(Offer).where(Offer.call_id == call).order_by(Offer.ordinal)))


def _heard(caller: CarrierCall, text: str) -> bool:
    return any(piece.text == text and piece.complete for piece in caller.heard)
