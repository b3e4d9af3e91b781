"""Storms at the carrier and killed diallers: its own list of calls is the judge. Nobody is rung twice, nobody lost."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import Engine, event

from carrier.options import Faults
from commands.fate import Death
from commands.world import START, World
from ivr.campaigns.pacing import patience
from ivr.campaigns.rows import DialOutcome, DialState
from ivr.orders import Carrier, Order, Receipt
from tests.http.scripted import ScriptedCarrier
from tests.workers import campaign as made
from tests.workers.campaign import Group
from workers.dialler import Dialler
from workers.dialler_hands import Hands
from workers.dialler_process import DiallerLoop
from workers.dialler_steps import Steps

EVERYBODY = Group(10)
STORM = Faults(rest_429=0.3, rest_error_before=0.1, rest_error_after=0.2)
NEVER_AGAIN = {outcome: {"tries": 0} for outcome in ("busy", "no_answer", "machine", "failed")}
LIMITS = {"per_day": 9, "rolling_day": 9, "life": 9, "across": 99}


@dataclass
class Fate:
    """Kills whoever dials at any commit, and before and after any order, by seed."""

    dice: Random
    chance: float
    is_dialling: bool = False
    deaths: int = 0

    def strike(self, *_: object) -> None:
        """Perhaps."""
        if self.is_dialling and self.dice.random() < self.chance:
            self.deaths += 1
            raise Death

    @contextmanager
    def dialling(self) -> Iterator[None]:
        """Only a dialler dies here, not the carrier or the workers."""
        self.is_dialling = True
        try:
            yield
        finally:
            self.is_dialling = False


@dataclass
class DeadlyCarrier:
    """A carrier port at which a dialler may die before the order leaves, or before its answer is heard."""

    port: Carrier
    fate: Fate

    def do(self, order: Order) -> Receipt:
        """Give the order, if one lives to give it."""
        self.fate.strike()
        self.fate.is_dialling = False
        receipt = self.port.do(order)
        self.fate.is_dialling = True
        self.fate.strike()
        return receipt


def rung(world: World) -> Counter[str]:
    """How often each number was rung, by the carrier's own list."""
    return Counter(call.route.to for call in world.carrier.network.calls.values() if call.route.direction != "inbound")


def is_done(world: World) -> bool:
    """Whether nobody is left to ring, and every dial is over."""
    states = {state for state, _ in made.targets(world.store).values()}
    return states == {"done"} and all(dial.ended_at for dial in made.dials(world.store))


def dial_through(world: World, fate: Fate, seconds: int, *, step: int = 1) -> None:
    """Let the dialler work for so long, or until all is done; one that dies is started again after two steps."""
    keeper = world.worker.keeper  # type: ignore[attr-defined]  # the crew of this world is one that has a keeper

    def new() -> Dialler:
        return Dialler(keeper.store, DeadlyCarrier(keeper.carrier, fate), keeper.house, world.now, lambda: None)

    dialler, dead_for = new(), 0
    for number in range(seconds // step):
        if number % 10 == 0 and is_done(world):
            return
        if dead_for:
            dead_for -= 1
        else:
            try:
                with fate.dialling():
                    dialler.work(world.now())
            except Death:
                dialler, dead_for = new(), 2
        world.worker.ring()
        world.run_for(step)


@pytest.fixture
def campaign_world(sqlite_engine: Engine) -> World:
    """A world with a running campaign for ten people, each of whom is to be rung once."""
    world = World(sqlite_engine, seed=7)
    made.agreed(world.store, EVERYBODY, at=START)
    made.running(world.store, made.plan(cps=5, retries=NEVER_AGAIN, limits=LIMITS), EVERYBODY, at=START)
    return world


@pytest.mark.parametrize(("faults", "chance"), [(STORM, 0.0), (Faults(), 0.12), (STORM, 0.06)])
def test_everybody_is_rung_exactly_once_whatever_the_carrier_answers_and_whoever_dies(
    campaign_world: World, faults: Faults, chance: float
) -> None:
    world, fate = campaign_world, Fate(Random(3), chance)
    event.listen(world.store.engine, "commit", fate.strike)
    world.carrier.network.faults = faults
    dial_through(world, fate, 120)
    world.carrier.network.faults = Faults()
    dial_through(world, Fate(Random(0), 0.0), 240, step=4)
    assert rung(world) == {made.number_of(person).e164: 1 for person in EVERYBODY.ids}
    assert {state for state, _ in made.targets(world.store).values()} == {"done"}
    outcomes = Counter(dial.outcome for dial in made.dials(world.store))
    assert sum(outcomes.values()) - outcomes[DialOutcome.NOT_PLACED] == 10
    assert None not in outcomes
    assert set(made.charges(world.store)) == {"void"}
    assert bool(fate.deaths) is bool(chance)


@dataclass
class Clock:
    """A wall clock that begins on a weekday morning and goes on with the machine's."""

    began: float = field(default_factory=time.monotonic)

    def __call__(self) -> datetime:
        """Now."""
        return START + timedelta(seconds=time.monotonic() - self.began)


def test_the_loop_with_many_hands_rings_everybody_and_settles_all_it_gave_when_stopped(engine: Engine) -> None:
    world = World(engine)
    made.agreed(world.store, Group(30), at=START)
    made.running(world.store, made.plan(cps=100), Group(30), at=START)
    carrier = ScriptedCarrier()
    hands = Hands(lambda: carrier, 4, patience=patience(100))
    house = world.worker.keeper.house  # type: ignore[attr-defined]  # as above
    loop = DiallerLoop(Steps(world.store, house, lambda: None), hands, cps=100, clock=Clock())
    thread = threading.Thread(target=loop.run)
    thread.start()
    give_up_at = time.monotonic() + 60
    while len(carrier.given) < 20 and time.monotonic() < give_up_at:
        time.sleep(0.02)
    loop.stop()
    thread.join()
    hands.stop()
    dials = made.dials(world.store)
    assert len(carrier.given) >= 20
    # On a busy machine an order may miss its place: then it does not leave, and the turn is given back.
    placed = [dial for dial in dials if dial.outcome is not DialOutcome.NOT_PLACED]
    assert {dial.state for dial in placed} == {DialState.PLACED}
    assert len(carrier.given) == len(placed)
    states = Counter(state for state, _ in made.targets(world.store).values())
    assert states == Counter({"dialling": len(placed), "pending": 30 - len(placed)})
