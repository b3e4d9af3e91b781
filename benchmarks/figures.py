"""`figures`: a year of calls as a dashboard shows it, from the sums by day and from the raw rows (goal P9)."""

import os
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from statistics import median
from typing import TypeVar

from sqlalchemy.orm import Session

from benchmarks import stores
from benchmarks.figures_late import late_fact
from benchmarks.figures_rebuild import multiply, rebuilding
from benchmarks.figures_rows import FIRST_DAY, LINES, Numbers, Place, fill, raw_year, settle
from benchmarks.measured import Goal, Measured, at_least, at_most, show
from benchmarks.run import Run
from benchmarks.signed_steps import LINE
from benchmarks.usage import memory_of
from commands.world import World
from ivr.figures.asking import By, LineDay, Period, days_of, figures_by
from ivr.figures.histogram import bucket
from ivr.figures.tallying import tally
from ivr.lines.model import Line
from ivr.store import Store

CALLS = {stores.POSTGRESQL: 10_000_000, stores.SQLITE: 1_000_000}
QUICK_CALLS, QUICK_DAYS = 6_000, 10
DAYS, ROUNDS = 365, 5
REBUILT = 3_000
TIMES_FASTER, YEAR_GOAL, REFRESH_GOAL, LATE_GOAL, GROWTH_GOAL = (
    at_least(200),
    at_most(50),
    at_most(50),
    at_most(60),
    at_most(5),
)
# Filling and the raw year take minutes, which no request ever may.
PATIENCE = 3600.0
ALL_LINES = [f"line{number:02}" for number in range(LINES)]
Found = TypeVar("Found")


def figures(run: Run) -> None:
    """Day by line of a year from the sums and from raw rows, a day made anew, memory, and a fact that comes late."""
    rounds = run.many(ROUNDS, when_quick=2)
    for kind in run.databases:
        with stores.store(kind, patience=PATIENCE) as store:
            world = World(store.engine)
            _show(("figures_late_fact", kind), [late_fact(store, world)], "s, virtual", LATE_GOAL)
            _rebuild(store, world.lines.by_id(LINE), kind, run.many(REBUILT, when_quick=100))
        with stores.store(kind, patience=PATIENCE) as store:
            calls = run.many(CALLS[kind], when_quick=QUICK_CALLS)
            days = run.many(DAYS, when_quick=QUICK_DAYS)
            year = Period(FIRST_DAY, FIRST_DAY + timedelta(days=days - 1))
            fill(store, calls, days)
            _build(store, kind, calls, days)
            _year(store, kind, rounds, year)
            _refresh(store, kind, 4 * rounds, days)


def _rebuild(store: Store, line: Line, kind: str, calls: int) -> None:
    multiply(store, calls, days=30)
    rate, growth = rebuilding(store, line, calls)
    _show(("figures_rebuild", kind), [rate], "calls/s", None)
    _show(("figures_rebuild_memory_growth", kind), [growth], "MiB", GROWTH_GOAL)


def _build(store: Store, kind: str, calls: int, days: int) -> None:
    """The sums of every day from raw rows; memory at a tenth of the days and at their end."""
    began, sizes = time.perf_counter(), []
    for number in range(days):
        for line in ALL_LINES:
            with store.transaction() as session:
                tally(session, line, FIRST_DAY + timedelta(days=number))
        sizes.append(memory_of(os.getpid()).uss)
    seconds = time.perf_counter() - began
    settle(store)
    _show(("figures_build", kind), [calls / seconds], "calls/s", None)
    growth = sizes[-1] - sizes[len(sizes) // 10]
    _show(("figures_build_memory_growth", kind), [growth], "MiB", GROWTH_GOAL)


def _year(store: Store, kind: str, rounds: int, year: Period) -> None:
    raw_seconds, own_seconds = [], []
    for _ in range(rounds):
        seconds, (calls, rings) = _timed(store, lambda session: raw_year(session, year.first, year.last))
        raw_seconds.append(seconds)
        seconds, days = _timed(store, lambda session: days_of(session, ALL_LINES, year))
        own_seconds.append(seconds)
        _agree(days, calls, rings)
    asked = [
        _timed(store, lambda session: figures_by(session, ALL_LINES, period=year, by=By.DAY)) for _ in range(rounds)
    ]
    _show(("figures_year_by_day", kind), [1000 * seconds for seconds, _ in asked], "ms", None)
    # The goal is for the database that large institutions use.
    is_large = kind == stores.POSTGRESQL
    ratios = [raw / own for raw, own in zip(raw_seconds, own_seconds, strict=True)]
    _show(("figures_year_raw", kind), [1000 * seconds for seconds in raw_seconds], "ms", None)
    _show(("figures_year", kind), [1000 * seconds for seconds in own_seconds], "ms", YEAR_GOAL if is_large else None)
    _show(("figures_year_faster", kind), ratios, "times", TIMES_FASTER if is_large else None)


def _agree(days: Sequence[LineDay], calls: dict[Place, Numbers], rings: dict[Place, Numbers]) -> None:
    """Counts are equal, percentiles lie within one bucket; an AssertionError names the first day that differs."""
    assert {(day.line, day.day) for day in days} == set(calls)
    for day in days:
        place = (day.line, day.day)
        assert (day.calls, day.asked, day.answered, day.abandoned) == calls[place], place
        met, missed, *exact = rings.get(place, (0, 0))
        assert (day.rings_met, day.rings_missed) == (met, missed), place
        for own, true in zip((day.ring_p50, day.ring_p90, day.ring_p99), exact, strict=False):
            assert own is not None, place
            assert abs(bucket(own) - bucket(true)) <= 1, place


def _refresh(store: Store, kind: str, rounds: int, days: int) -> None:
    times = []
    for number in range(rounds):
        began = time.perf_counter()
        with store.transaction() as session:
            tally(session, ALL_LINES[number % LINES], FIRST_DAY + timedelta(days=number * 97 % days))
        times.append(1000 * (time.perf_counter() - began))
    _show(("figures_refresh_day", kind), times, "ms", REFRESH_GOAL)


def _timed(store: Store, ask: Callable[[Session], Found]) -> tuple[float, Found]:
    with store.reading() as session:
        began = time.perf_counter()
        found = ask(session)
        return time.perf_counter() - began, found


def _show(name: tuple[str, str], values: Sequence[float], unit: str, goal: Goal | None) -> None:
    value = median(values)
    show(Measured(*name, value, unit, rounds=len(values), min=min(values), max=max(values), goal=goal))
