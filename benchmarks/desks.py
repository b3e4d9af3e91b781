"""`desks`: a hundred open desks; how soon a ring is known and shown at each, and what the webhooks feel of it."""

import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from benchmarks import stores
from benchmarks.desk_rows import Desks, set_up
from benchmarks.desk_tabs import Tab
from benchmarks.hotline import HOTLINE, Ground, Target, ground
from benchmarks.measured import Measured, at_most, percentile, show
from benchmarks.run import Run
from benchmarks.servers import free_port, process, wait_until_healthy
from benchmarks.usage import children_of, memory_of, processor_seconds
from ivr.desks.presence import BEAT_EVERY
from ivr.store import make_engine

CONSOLE = "console.app:create_app()"
DESKS, RINGS, WARM_UP = 100, 400, 20
BETWEEN_SECONDS = 0.05
# A busy hour of a line with a hundred agents has far fewer steps than this.
STEPS_PER_SECOND = 40
GOAL = at_most(300)


@dataclass(frozen=True, slots=True)
class Rung:
    """One ring: milliseconds from the commit to the event at the client, and to the page that shows it."""

    known: float
    shown: float


def desks(run: Run) -> None:
    """Rings at random desks while all the others are open, and steps of callers at the webhooks beside them."""
    for kind in run.databases:
        with ground(kind) as base, base.target(HOTLINE) as hotline:
            _measure(run, kind, base, hotline)


def _measure(run: Run, kind: str, base: Ground, hotline: Target) -> None:
    count, rings = run.many(DESKS, when_quick=20), run.many(RINGS, when_quick=40)
    alone = _steps(hotline, rings)
    port = free_port()
    environment = stores.settings(base.database_url, base.redis_url, base.place, port=free_port())
    environment["CHARTERLINE_CONSOLE_PORT"] = str(port)
    with _opened(base, environment, count) as made, _console(base, environment, port) as master:
        before = processor_seconds(children_of(master))
        began = time.monotonic()
        with ThreadPoolExecutor() as pool:
            beside = pool.submit(_steps, hotline, rings)
            rung = asyncio.run(_ring_desks(made, port, rings))
        used = processor_seconds(children_of(master)) - before
        share = used / (time.monotonic() - began) * 100
        memory = max(memory_of(worker).uss for worker in children_of(master))
    for name, waits in (("known", [one.known for one in rung]), ("shown", [one.shown for one in rung])):
        _show((f"desk_ring_{name}_p50", kind), waits, 0.5)
        _show((f"desk_ring_{name}_p99", kind), waits, 0.99)
    show(Measured("desks_console_processor", kind, share, "% of one core", rounds=count))
    show(Measured("desks_console_memory", kind, memory, "MiB USS", rounds=count))
    _compare(kind, alone, beside.result())


@contextmanager
def _console(base: Ground, environment: dict[str, str], port: int) -> Iterator[int]:
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", CONSOLE]
    log = base.place / "console.log"
    with process(command, environment, log) as master:
        wait_until_healthy(port, log)
        yield master


@contextmanager
def _opened(base: Ground, environment: dict[str, str], count: int) -> Iterator[Desks]:
    made = set_up(make_engine(base.database_url, keyring=None), environment["CHARTERLINE_SECRET_KEYS"], count)
    try:
        yield made
    finally:
        made.store.engine.dispose()


async def _ring_desks(made: Desks, port: int, rings: int) -> list[Rung]:
    """Open all desks, and ring one after another at random; each tab does what a real one does."""
    tabs = [Tab(port, cookie) for cookie in made.cookies]
    await asyncio.gather(*(tab.open() for tab in tabs))
    await asyncio.sleep(BEAT_EVERY.total_seconds() / 10)
    dice, rung = Random("desks"), []
    for number in range(rings + WARM_UP):
        chosen = dice.randrange(len(tabs))
        tabs[chosen].expect()
        at = await asyncio.to_thread(made.ring, chosen, number)
        known, shown = await tabs[chosen].told()
        if number >= WARM_UP:
            rung.append(Rung((known - at) * 1000, (shown - at) * 1000))
        await asyncio.to_thread(made.end, number)
        await asyncio.sleep(BETWEEN_SECONDS)
    await asyncio.gather(*(tab.close() for tab in tabs))
    return rung


def _steps(hotline: Target, rings: int) -> list[float]:
    """The waits of steps at the webhooks, for about as long as so many rings take."""
    count = max(80, int(rings * BETWEEN_SECONDS * 2 * STEPS_PER_SECOND))
    return hotline.answer(hotline.calls.key_steps(count), rate=STEPS_PER_SECOND, connections=8).answered.waits


def _show(name: tuple[str, str], waits: Sequence[float], share: float) -> None:
    value, goal = percentile(waits, share), GOAL if share > 0.9 else None
    show(Measured(*name, value, "ms", rounds=len(waits), min=min(waits), max=max(waits), goal=goal))


def _compare(kind: str, alone: Sequence[float], beside: Sequence[float]) -> None:
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        floor, value = percentile(alone, share), percentile(beside, share)
        show(Measured(f"webhooks_beside_desks_{name}", kind, value, "ms", floor=floor, ratio=value / floor))
