"""Hours by the thousand, each with its own kills: `python -m tests.hour.seeds --runs 1000 --seed 1`."""

import argparse
import logging
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random

import structlog

from commands.demo import read_demo
from commands.fate import Fate
from commands.hour_living import live_hour
from commands.hour_plan import HourPlan
from commands.ladder import ladder_of, sums_of
from commands.living import private_store
from config.files import HOLIDAYS, LINES, MESSAGES, read_file, read_folder
from config.settings import new_secret_keys
from ivr.lines.calendar import load_calendar
from ivr.lines.hours import open_spans
from ivr.lines.model import Lines
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.sealing import Keyring
from ivr.store import Store
from tests.hour.truths import violations_of
from tests.store_fixtures.databases import empty

CALLBACKS = 3
STRENGTH = 0.5
FIRST_DAY, DAYS = date(2026, 9, 1), 120
REPORT_EVERY = 50
KEYS = new_secret_keys(bytes(range(64)))


@dataclass(frozen=True, slots=True)
class Found:
    """What one run came to: violations, the sums of its ladder, what was killed, the latest reminder in seconds."""

    seed: int
    wrong: list[str]
    sums: Mapping[str, int]
    killed: int
    latest: float


def plan_of(seed: int, *, callbacks: int = CALLBACKS) -> HourPlan:
    """The hour of a seed: a line, and a working day of the four months around Chuseok."""
    dice, installed = Random(seed), lines()
    line = dice.choice(list(installed))
    calendar = load_calendar(read_file(HOLIDAYS))
    days = [FIRST_DAY + timedelta(days=number) for number in range(DAYS)]
    day = dice.choice([day for day in days if open_spans(line, calendar, day)])
    return HourPlan(line, day, seed, callbacks, [one for one in read_demo().agents if one.line == line.id])


@lru_cache(maxsize=1)
def lines() -> Lines:
    """The lines of the installation, read once in each process."""
    return load_lines(read_folder(LINES), load_texts(read_folder(MESSAGES)))


def run(store: Store, seed: int, *, strength: float = STRENGTH) -> Found:
    """Live the hour of a seed with its kills in an empty store, and look at what is left of it."""
    fate = Fate(seed, strength)
    lived = live_hour(plan_of(seed), store, fate=fate if strength else None, look=lambda _: None)
    with store.reading() as session:
        ladder = ladder_of(session)
    late = (reminder["seconds_late"] for rung in ladder for reminder in rung["reminders"])
    return Found(seed, violations_of(lived.world), sums_of(ladder), fate.deaths.total(), max(late, default=0.0))


@contextmanager
def quiet() -> Iterator[None]:
    """Say nothing of refusals and deaths: what goes wrong is found in the rows, not in the log."""
    before = structlog.get_config()["wrapper_class"]
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(wrapper_class=before)


def several(seeds: range) -> list[Found]:
    """Several runs in one process, one database after the other."""
    found = []
    with quiet(), private_store(Keyring.from_secrets(KEYS)) as store:
        for seed in seeds:
            found.append(run(store, seed))
            empty(store.engine)
    return found


def main() -> int:
    """Run them and say what was found; the exit status is 1 when anything was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000, help="how many hours")
    parser.add_argument("--seed", type=int, default=1, help="seed of the first one; the next has the next number")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    asked = parser.parse_args()
    began, sums, killed, failed, latest = time.monotonic(), Counter[str](), 0, 0, 0.0
    last = asked.seed + asked.runs
    pieces = [range(first, min(first + 10, last)) for first in range(asked.seed, last, 10)]
    with ProcessPoolExecutor(asked.jobs) as pool:
        for number, piece in enumerate(pool.map(several, pieces), start=1):
            for found in piece:
                sums.update(found.sums)
                killed, failed, latest = killed + found.killed, failed + bool(found.wrong), max(latest, found.latest)
                for wrong in found.wrong:
                    _print(f"seed {found.seed}: {wrong}")
            if number * 10 % REPORT_EVERY == 0:
                _print(f"... {number * 10} runs, {failed} with violations, {time.monotonic() - began:.0f} s")
    _print(", ".join(f"{count} {what}" for what, count in sums.items()))
    _print(f"{asked.runs} runs, {killed} kills, latest reminder {latest:.1f} s late: {failed} runs with violations")
    return 1 if failed else 0


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
