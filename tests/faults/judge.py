"""Judges a run by the carrier's own memory and by the database: the truths of whole worlds, and what was answered."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import cast
from xml.etree import ElementTree

from sqlalchemy import func, select

from commands.world import World
from commands.world_agreement import (
    following_again_changes_nothing,
    order_makes_no_difference,
    records_agree_with_the_truth,
)
from commands.world_dialled import attempts_read_the_same_again, no_telephone_is_rung_twice, who_talked_was_reached
from commands.world_judge import every_wish_is_a_promise, nobody_is_dropped
from commands.world_truths import (
    RECEIPTS,
    every_call_is_known,
    everything_is_at_rest,
    no_text_is_doubled,
    nobody_is_given_twice,
    nobody_is_left_in_silence,
    said_sorry,
)
from config.clock import system_clock
from ivr.addresses import Address
from ivr.agents.rows import Agent, AgentState
from ivr.callbacks.rows import Callback
from ivr.calls.legs import STATUS_KINDS
from ivr.calls.rows import Call, Fact
from ivr.dialling.rows import Attempt, AttemptState
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.campaigns.rooms import wait_for
from tests.faults.exchange import Asked
from tests.faults.house import House

# An order whose worker died is given again after half a minute.
LONGEST_SILENCE = 95.0
OVERDUE = timedelta(seconds=1)
# Two workers at once: the one that waits for the other's commit may have begun before it.
A_PROMISE = timedelta(seconds=0.5)
OURS = "outbound-api"
# What a promise that did not fail may have come to.
HEARD = [outcome for outcome in RECEIPTS if outcome]
NOBODY_SAYS_THIS = "\0"
EVENTS = tuple(f" at {entry.value}" for entry in Address if entry.is_event)


@dataclass(frozen=True, slots=True)
class Excused:
    """What a fault may do to callers: `sorry` for an apology, `fallback` for the static document, `silence` how long.

    With `fallback` documents may be asked for in vain: whoever is on the line hears the static one.
    `unknown` is for callers whose first document came from memory while the database was away.
    """

    sorry: bool = False
    fallback: bool = False
    unknown: bool = False
    silence: float = LONGEST_SILENCE


def wait_for_rest(house: House, seconds: float) -> float | None:
    """Wait until no telephone is off the hook and nothing is due; seconds that took, None where it never came."""
    began = system_clock()
    quiet = wait_for(lambda: _is_at_rest(house), seconds=seconds, pause=1.0)
    return (system_clock() - began).total_seconds() if quiet else None


def overdue(store: Store, at: datetime) -> int:
    """How many promises are late at this moment."""
    late = select(func.count()).where(PromiseRow.done_at.is_(None), PromiseRow.due_at < at - OVERDUE)
    with store.reading() as session:
        return session.scalar(late) or 0


def _is_at_rest(house: House) -> bool:
    with house.exchange.carrier.gate.entered() as network:
        if any(not call.ended for call in network.calls.values()):
            return False
    with house.opened.store.reading() as session:
        soon = PromiseRow.due_at < system_clock() + timedelta(seconds=3)
        stirring = (
            select(Call.id).where(Call.ended_at.is_(None) | Call.outcome.is_(None)),
            select(Agent.id).where(Agent.state != AgentState.READY),
            select(Attempt.id).where(Attempt.state != AttemptState.OVER),
            select(PromiseRow.id).where(PromiseRow.done_at.is_(None), soon | PromiseRow.outcome.not_in(HEARD)),
        )
        return not any(session.scalars(query.limit(1)).first() for query in stirring)


def violations_of(house: House, excused: Excused) -> list[str]:
    """Everything that is wrong, in words, each once."""
    with house.exchange.carrier.gate.entered() as network:
        # Nothing drops any more, but callbacks were held up: the truth about rings is read with that in mind.
        faults, network.faults = network.faults, replace(network.faults, callback_reorder=1e-9)
        # What people wrote to us is not what we wrote to them.
        messages = network.messages
        network.messages = {sid: one for sid, one in messages.items() if one.direction == OURS}
        try:
            return list(dict.fromkeys(_violations(house, excused)))
        finally:
            network.faults, network.messages = faults, messages


def _violations(house: House, excused: Excused) -> Iterator[str]:
    world, dice = _seen_as_world(house), Random(house.seed)
    yield from _not_at_rest(world)
    yield from nobody_is_given_twice(world, apart=A_PROMISE)
    yield from nobody_is_left_in_silence(world, longest=excused.silence)
    # No leg ends for an event that was refused.
    yield from (wrong for wrong in nobody_is_dropped(world) if not wrong.endswith(EVENTS))
    yield from no_text_is_doubled(world)
    yield from records_agree_with_the_truth(world)
    yield from following_again_changes_nothing(world)
    yield from order_makes_no_difference(world, dice)
    yield from every_wish_is_a_promise(world)
    yield from no_telephone_is_rung_twice(world)
    yield from who_talked_was_reached(world)
    yield from attempts_read_the_same_again(world, dice)
    yield from _callbacks_forgotten(world)
    yield from _events_missing(house)
    yield from _documents_wrong(house)
    yield from () if excused.sorry else said_sorry(world)
    yield from () if excused.unknown else every_call_is_known(world)
    if not excused.fallback:
        yield from (f"{path} was not answered in time" for path in _unanswered(house.exchange.carrier.asked))


def _seen_as_world(house: House) -> World:
    """What the truths ask of a world: the database, the carrier's memory, words, lines, and the present moment."""
    opened, network = house.opened, house.exchange.carrier.network
    seen = SimpleNamespace(
        store=opened.store,
        carrier=SimpleNamespace(network=network),
        texts=opened.texts,
        lines=opened.lines,
        now=system_clock,
    )
    return cast(World, seen)


def _not_at_rest(world: World) -> Iterator[str]:
    """A promise that failed on the way and was kept later is kept."""
    with world.store.reading() as session:
        kept = set(session.scalars(select(PromiseRow.key).where(PromiseRow.done_at.is_not(None))))
    failed = tuple(f"promise {key} failed with" for key in kept)
    yield from (wrong for wrong in everything_is_at_rest(world) if not wrong.startswith(failed))


def _callbacks_forgotten(world: World) -> Iterator[str]:
    """A callback that is still open is held by a promise."""
    with world.store.reading() as session:
        held = {
            str(args.get("callback"))
            for args in session.scalars(select(PromiseRow.args).where(PromiseRow.done_at.is_(None)))
        }
        for callback in session.scalars(select(Callback).where(Callback.closed_at.is_(None))):
            if callback.id not in held:
                yield f"callback {callback.id} is {callback.state.value} and nothing will remember it"


def _events_missing(house: House) -> Iterator[str]:
    """Whatever was told of a leg and taken is in the database."""
    with house.opened.store.reading() as session:
        facts = session.execute(select(Fact.sid, Fact.detail)).all()
    kept = {(fact.sid, fact.detail.get("status")) for fact in facts}
    for one in house.exchange.carrier.asked:
        told = one.form.get("CallSid", ""), one.form.get("CallStatus", "")
        taken = one.path == Address.STATUS and one.status in range(200, 300) and told[1] in STATUS_KINDS
        if taken and told not in kept:
            yield f"that the leg {told[0]} is {told[1]} was taken and is lost"


def _documents_wrong(house: House) -> Iterator[str]:
    """Every answer to a leg is 200 with a document; an event is taken, or refused so that it comes again."""
    events = {entry.value for entry in Address if entry.is_event}
    for one in house.exchange.carrier.asked:
        if one.status == 0 or not one.path.startswith(("/voice", "/messages")):
            continue
        if one.path in events:
            if one.status not in (200, 204, 503):
                yield f"{one.path} answered {one.status}"
        elif one.status != 200 or not _is_document(one.body):
            yield f"{one.path} answered {one.status} without a document"


def _is_document(body: bytes) -> bool:
    try:
        return ElementTree.fromstring(body).tag == "Response"  # noqa: S314 - our own answer
    except ElementTree.ParseError:
        return False


def _unanswered(asked: Sequence[Asked]) -> Counter[str]:
    return Counter(one.path for one in asked if one.status == 0)


def waits(
    asked: Sequence[Asked], chosen: Callable[[Asked], bool] = lambda _: True, *, sorry: str = NOBODY_SAYS_THIS
) -> Mapping[str, float]:
    """How many were chosen; of these, not answered, refused, answered with an apology; and the seconds they took."""
    ours = [one for one in asked if one.path.startswith(("/voice", "/messages")) and chosen(one)]
    answered = sorted(one.seconds for one in ours if one.status)
    late = answered[int(len(answered) * 0.99)] if answered else 0.0
    return {
        "requests": len(ours),
        "unanswered": len(ours) - len(answered),
        "refused": sum(one.status >= 500 for one in ours),
        "apologies": sum(sorry.encode() in one.body for one in ours),
        "p99": round(late, 3),
        "longest": round(max(answered, default=0.0), 3),
    }


def latest_kept(store: Store, since: datetime) -> Mapping[str, float]:
    """By how many seconds the latest promise of each kind was late, the three worst."""
    query = select(PromiseRow.kind, PromiseRow.done_at, PromiseRow.due_at).where(PromiseRow.done_at >= since)
    late: dict[str, float] = {}
    with store.reading() as session:
        for kind, done_at, due_at in session.execute(query):
            if done_at is not None:
                late[kind] = max(late.get(kind, 0.0), (done_at - due_at).total_seconds())
    worst = sorted(late.items(), key=lambda one: -one[1])[:3]
    return {kind: round(seconds, 1) for kind, seconds in worst}
