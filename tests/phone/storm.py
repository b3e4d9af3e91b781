"""Calls by the thousand through worlds with faults: `python -m tests.phone.storm --calls 10000 --seed 1`."""

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from sqlalchemy import Engine

from commands.world_truths import agents_are_held_by_something, violations_of
from config.settings import new_secret_keys
from ivr.sealing import Keyring
from ivr.store import make_engine
from migrations.models import all_tables
from tests.phone.weather import CALLS_OF_A_WORLD, live
from tests.store_fixtures.databases import empty

REPORT_EVERY = 100


def lived_through(engine: Engine, seed: int, *, calls: int = CALLS_OF_A_WORLD) -> list[str]:
    """Empty the database, live through the world of a seed, and return what was wrong in it."""
    empty(engine)
    wrong: dict[str, None] = {}
    storm = live(
        engine, seed, lambda world: wrong.update(dict.fromkeys(agents_are_held_by_something(world))), calls=calls
    )
    return [*wrong, *violations_of(storm.world, seed)]


@contextmanager
def database() -> Iterator[Engine]:
    """An engine on a SQLite file of its own."""
    with tempfile.TemporaryDirectory() as folder:
        keyring = Keyring.from_secrets(new_secret_keys(bytes(range(64))))
        engine = make_engine(f"sqlite:///{Path(folder) / 'storm.db'}", keyring=keyring)
        all_tables().create_all(engine)
        yield engine
        engine.dispose()


def main() -> int:
    """Run the storm and say what was found; the exit status is 1 when anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000, help="how many calls, ten to a world")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first world; the next has the next number")
    asked = parser.parse_args()
    # What goes wrong is found in the database and in the carrier's record, not in the log.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    worlds = -(-asked.calls // CALLS_OF_A_WORLD)
    began, failed, found = time.monotonic(), 0, 0
    with database() as engine:
        for number in range(worlds):
            seed = asked.seed + number
            wrong = lived_through(engine, seed)
            failed, found = failed + bool(wrong), found + len(wrong)
            for one in wrong:
                _print(f"seed {seed}: {one}")
            if (number + 1) % REPORT_EVERY == 0:
                _print(f"... {number + 1} worlds, {failed} with violations, {time.monotonic() - began:.0f} s")
    calls, seconds = worlds * CALLS_OF_A_WORLD, time.monotonic() - began
    _print(f"{calls} calls in {worlds} worlds: {found} violations in {failed} worlds, {seconds:.0f} s")
    return 1 if found else 0


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
