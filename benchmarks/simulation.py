"""`simulation` and `ring`: the whole product in virtual time, many calls, against the carrier's ground truth."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import select

from benchmarks.hotline import ground
from benchmarks.measured import Measured, at_least, percentile, show
from benchmarks.people import add_agents, agent_phone, caller_phone
from benchmarks.run import Run
from benchmarks.signed_steps import LINE
from benchmarks.stores import called, settings
from benchmarks.usage import backends_of, processor_seconds
from carrier.calls import Call
from carrier.options import Faults
from carrier.persons import PersonPlan
from commands.world import World
from ivr.calls.facts import facts_of
from ivr.calls.record import read_offer
from ivr.calls.rings import ring_limits
from ivr.calls.rows import Offer
from ivr.identifiers import call_id
from ivr.sealing import Keyring
from ivr.store import make_engine

SECONDS_BETWEEN_CALLS = 7.0
LATENCY_SECONDS = (0.005, 0.25)
SHORTEST_RING, LONGEST_RING = 0.4, 8.4
AGENTS = 30
LIMITS = ring_limits(rings=3, tone_ms=1000, pause_ms=2000)
# One in five status callbacks comes late, one in ten twice, one in twenty not at all.
FAULTS = Faults(callback_delay=0.2, callback_duplicate=0.1, callback_drop=0.05, delay_seconds=(0.2, 3.0))


@dataclass(frozen=True, slots=True)
class Simulated:
    """What a simulation gave: pairs of (error, uncertainty) in ms, calls, unmeasured calls, processor seconds."""

    errors: Sequence[tuple[float, float]]
    calls: int
    unmeasured: int
    seconds: float


def simulation(run: Run) -> None:
    """Whole calls in virtual time for each second of processor time, carrier included."""
    for kind in run.databases:
        done = _simulate(kind, run.many(200, when_quick=8), Faults())
        rate = done.calls / done.seconds
        show(Measured("simulated_calls", kind, rate, "calls/processor s", rounds=done.calls))


def ring(run: Run) -> None:
    """Ring times as measured from jittering webhooks beside the carrier's own; virtual time, 5 to 250 ms on the way."""
    count = run.many(300, when_quick=8)
    for kind in run.databases:
        for name, faults in (("ring", Faults()), ("ring_faults", FAULTS)):
            _show(name, kind, _simulate(kind, count, faults))


def _simulate(kind: str, count: int, faults: Faults) -> Simulated:
    with ground(kind) as base:
        url = called(base.database_url, "world")
        keyring = Keyring.from_secrets(settings(url, base.redis_url, base.place)["CHARTERLINE_SECRET_KEYS"])
        engine = make_engine(url, keyring=keyring)
        try:
            world = World(engine, seed=1)
            before = time.process_time() + processor_seconds(backends_of(url))
            sids = _ring_up(world, count, faults)
            seconds = time.process_time() + processor_seconds(backends_of(url)) - before
            pairs = [pair for sid in sids for pair in _errors(world, sid)]
            picked_up = sum(_is_picked_up(leg) for leg in world.carrier.network.calls.values())
        finally:
            engine.dispose()
    return Simulated(pairs, count, picked_up - len(pairs), seconds)


def _is_picked_up(leg: Call) -> bool:
    """Whether an agent's telephone rang and was picked up, in truth."""
    return leg.route.direction == "outbound-api" and {"ringing", "answered"} <= leg.times.keys()


def _ring_up(world: World, count: int, faults: Faults) -> list[str]:
    """Place so many calls, one after the other; returns the carrier's ids of them."""
    dice = Random(1)
    network = world.carrier.network
    world.carrier.latency = LATENCY_SECONDS
    add_agents(world.store, world.lines.by_id(LINE), AGENTS, at=world.now())
    for number in range(AGENTS):
        answer_after = dice.uniform(SHORTEST_RING, LONGEST_RING)
        network.handset(agent_phone(number)).plan = PersonPlan(answer_after=answer_after, press_on_answer="1")
    network.faults = faults
    number_to_ring = world.lines.by_id(LINE).number
    sids = []
    for number in range(count):
        plan = PersonPlan(presses=("1",), talk_seconds=5.0, hang_up_after=300.0)
        sids.append(network.handset(caller_phone(number)).dial(number_to_ring, plan=plan).sid)
        world.run_for(SECONDS_BETWEEN_CALLS)
    world.run_until_quiet()
    return sids


def _errors(world: World, sid: str) -> list[tuple[float, float]]:
    """For each leg of the call that was picked up and that we measured: how far off we were, and may be."""
    call = call_id(sid)
    found: list[tuple[float, float]] = []
    with world.store.reading() as session:
        facts = facts_of(session, call)
        for offer in session.scalars(select(Offer).where(Offer.call_id == call)):
            leg = world.carrier.network.calls.get(offer.leg_sid or "")
            measured = read_offer(offer, facts, LIMITS).ring
            if leg is None or measured is None or not _is_picked_up(leg):
                continue
            truth = (leg.times["answered"] - leg.times["ringing"]).total_seconds() * 1000
            found.append((abs(measured.milliseconds - truth), measured.uncertainty))
    return found


def _show(name: str, kind: str, done: Simulated) -> None:
    errors = [error for error, _ in done.errors]
    within = sum(error <= uncertainty for error, uncertainty in done.errors) / len(errors)
    low, high, rounds = min(errors), max(errors), len(errors)
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        value = percentile(errors, share)
        show(Measured(f"{name}_error_{label}", kind, value, "ms", rounds=rounds, min=low, max=high))
    show(Measured(f"{name}_within_uncertainty", kind, within, "share", rounds=rounds, goal=at_least(1.0)))
    show(Measured(f"{name}_unmeasured", kind, done.unmeasured, "picked-up legs", rounds=rounds + done.unmeasured))
