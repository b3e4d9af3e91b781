"""The machine of campaigns by the thousand: `python -m tests.campaigns.seeds --runs 1000 --seed 1`."""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, event

from ivr.sealing import Keyring
from ivr.store import make_engine
from migrations.models import all_tables
from tests.campaigns.machine import Campaigns, NewEngine
from tests.hour.seeds import KEYS, quiet

STEPS, RUNS_OF_A_PIECE = 40, 20


@dataclass
class Found:
    """What one piece came to: counts of what was lived through, and the falsifying example where there was one."""

    seed: int
    counts: Counter[str] = field(default_factory=Counter)
    wrong: str = ""


@contextmanager
def fresh_sqlite() -> Iterator[NewEngine]:
    """Engines on empty SQLite files, which are gone after the block."""
    keyring, number = Keyring.from_secrets(KEYS), count()
    with tempfile.TemporaryDirectory(prefix="charterline-campaigns-") as folder:
        template = Path(folder) / "template.db"
        engine = make_engine(f"sqlite:///{template}", keyring=keyring)
        all_tables().create_all(engine)
        engine.dispose()

        def fresh() -> Engine:
            path = Path(folder) / f"{next(number)}.db"
            shutil.copy(template, path)
            return never_waiting(make_engine(f"sqlite:///{path}", keyring=keyring))

        yield fresh


def never_waiting(engine: Engine) -> Engine:
    """The same engine, which does not wait for the disk."""
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    return engine


def machine_on(new_engine: NewEngine, counts: Counter[str]) -> type[Campaigns]:
    """The machine over such engines; what it lives through is added to `counts`."""
    return type("CampaignsOf", (Campaigns,), {"new_engine": staticmethod(new_engine), "counts": counts})


def piece(first: int) -> Found:
    """Some runs of one seed."""
    found = Found(first)
    asked = settings(
        max_examples=RUNS_OF_A_PIECE,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    with quiet(), fresh_sqlite() as new_engine:
        try:
            run_state_machine_as_test(seed(first)(machine_on(new_engine, found.counts)), settings=asked)
        except AssertionError as error:
            found.wrong = "\n".join([str(error), *getattr(error, "__notes__", [])])
    return found


def main() -> int:
    """Run them and say what was found; the exit status is 1 when anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="how many lives")
    parser.add_argument("--seed", type=int, default=1, help="the first seed; each gives 20 lives")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many at once")
    asked = parser.parse_args()
    began, counts, failed = time.monotonic(), Counter[str](), 0
    pieces = range(asked.seed, asked.seed + -(-asked.runs // RUNS_OF_A_PIECE))
    with ProcessPoolExecutor(asked.jobs) as pool:
        for found in pool.map(piece, pieces):
            counts.update(found.counts)
            if found.wrong:
                failed += 1
                sys.stdout.write(f"seed {found.seed}: {found.wrong}\n")
    lived = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
    sys.stdout.write(f"{lived}; {failed} of {len(pieces)} seeds wrong, {time.monotonic() - began:.0f} s\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
