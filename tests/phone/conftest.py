"""The stages of the telephone tests: mostly on SQLite; `both` runs a test on either database.

Everything that is sent in them, TwiML and REST, is held against Twilio's published contract.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from sqlalchemy import Engine

from commands.world import START, Watchers, World
from tests.contract import ContractWatch
from tests.phone.scene import Scene

Stage = Callable[..., Scene]


@contextmanager
def _stage(engine: Engine) -> Iterator[Stage]:
    watch = ContractWatch()
    watchers = Watchers(webhooks=watch.webhooks, carrier=watch.carrier)

    def make(line: str = "kibo", *, start: datetime = START, seed: int = 0) -> Scene:
        world = World(engine, seed=seed, start=start, watchers=watchers)
        return Scene(world, world.lines.by_id(line))

    yield make
    watch.assert_clean()


@pytest.fixture
def stage(sqlite_engine: Engine) -> Iterator[Stage]:
    """Make the scene of a line: `stage("kibo", start=...)`."""
    with _stage(sqlite_engine) as make:
        yield make


@pytest.fixture
def scene(stage: Stage) -> Scene:
    """KIBO's line on a weekday morning."""
    return stage()


@pytest.fixture
def both(engine: Engine) -> Iterator[Stage]:
    """Make the scene of a line, once on SQLite and once on PostgreSQL."""
    with _stage(engine) as make:
        yield make
