"""Runs worlds one after the other: each in an empty store, judged at its end; a failing one is made small."""

import gc
import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import structlog
from sqlalchemy import select

from commands.world import World
from commands.world_judge import violations_of_world
from commands.world_living import WorldLived, live_world
from commands.world_plan import WorldPlan
from commands.world_routes import compile_each_route_once
from commands.world_stores import Stores, stores
from commands.world_truths import agents_are_held_by_something
from ivr.calls.rows import Fact
from ivr.promises import PromiseRow
from ivr.sealing import Keyring
from ivr.store import Store

# A failing world is lived through again at most so often to find a smaller one.
MOST_TRIES = 40
SHORTEST_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of one world; `digest` is the same for the same events, `struck` counts what went wrong in it."""

    plan: WorldPlan
    wrong: Sequence[str]
    digest: str
    calls: int
    struck: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ground:
    """Where one world after another is lived."""

    stores: Stores

    def run(self, plan: WorldPlan) -> Judged:
        """Live through one world and judge it. An error that escapes is a violation, too."""
        try:
            with self.store() as store:
                return _judged(live_world(plan, store, look=_agents_are_held))
        except Exception as error:
            return Judged(plan, [f"it ended with {type(error).__name__}: {error}"], "", 0)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """An empty store, gone after the block; one at a time."""
        self.stores.renew()
        try:
            # An engine of its own, with the same connections: what is remembered of a database must not outlive it.
            yield Store(self.stores.engine.execution_options())
        finally:
            self.stores.clear()


def _judged(lived: WorldLived) -> Judged:
    deaths = {place.value: number for place, number in lived.troubles.fate.deaths.items()}
    struck = {**lived.troubles.struck, **deaths}
    calls = len(lived.world.carrier.network.calls)
    return Judged(lived.plan, violations_of_world(lived), digest_of(lived), calls, struck)


@contextmanager
def ground(keyring: Keyring, *, database: str = "") -> Iterator[Ground]:
    """A place for worlds, on SQLite or on the PostgreSQL at `database`; nothing is left of it after the block.

    Nothing is logged meanwhile: deaths are expected.
    """
    compile_each_route_once()
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        with stores(keyring, database=database) as opened, _little_garbage():
            yield Ground(opened)
    finally:
        structlog.configure(wrapper_class=before)


@contextmanager
def _little_garbage() -> Iterator[None]:
    """What is imported stays: looking through it for garbage again and again costs a tenth of a world."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def shrunk(judged: Judged, run: Callable[[WorldPlan], Judged]) -> Judged:
    """The smallest world found that still fails: fewer faults, fewer people, a shorter stretch."""
    smallest, tries, goes_on = judged, 0, True
    while goes_on and tries < MOST_TRIES:
        goes_on = False
        for smaller in smaller_plans(smallest.plan):
            tries += 1
            found = run(smaller)
            if found.wrong:
                smallest, goes_on = found, True
                break
            if tries >= MOST_TRIES:
                break
    return smallest


def smaller_plans(plan: WorldPlan) -> Iterator[WorldPlan]:
    """Every plan that lacks one thing of this one; what saves most comes first."""
    yield from (replace(plan, people=part) for part in ([()] if plan.people else []))
    yield from (replace(plan, callers=part) for part in _parts(plan.callers))
    if plan.minutes // 2 >= SHORTEST_MINUTES:
        yield replace(plan, minutes=plan.minutes // 2)
    for fault in plan.faults:
        yield replace(plan, faults=tuple(one for one in plan.faults if one is not fault))
    yield from (replace(plan, agents=part) for part in _parts(plan.agents) if part)
    yield from (replace(plan, people=part) for part in _parts(plan.people) if part)


def _parts(several: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    half = len(several) // 2
    if half > 1:
        yield several[:half]
        yield several[half:]
    if several:
        yield from (tuple(other for other in several if other != one) for one in several)


def digest_of(lived: WorldLived) -> str:
    """A digest of everything that happened: the carrier's legs and texts, the facts told and the promises kept."""
    network = lived.world.carrier.network
    legs = [
        [leg.sid, leg.status, leg.ended_by, {name: at.isoformat() for name, at in sorted(leg.times.items())}]
        + [[piece.kind, piece.at.isoformat()] for piece in leg.heard]
        for leg in network.calls.values()
    ]
    texts = [[text.sid, text.to, text.created.isoformat()] for text in network.messages.values()]
    with lived.world.store.reading() as session:
        told, row = Fact, PromiseRow
        by_key = select(told.subject, told.key, told.kind, told.received_at).order_by(told.subject, told.key)
        facts = session.execute(by_key).all()
        promises = session.execute(select(row.key, row.due_at, row.done_at, row.outcome).order_by(row.id)).all()
    said = json.dumps([legs, texts, [[*fact] for fact in facts], [[*one] for one in promises]], default=str)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _agents_are_held(world: World) -> Sequence[str]:
    """Whoever is away may be so by their own wish."""
    return agents_are_held_by_something(world, away=None)


def digest_of_several(several: Sequence[Judged]) -> str:
    """One digest of many worlds in their order."""
    return hashlib.sha256("".join(one.digest for one in several).encode()).hexdigest()[:16]
