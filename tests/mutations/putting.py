"""How a defect is put into a rule and taken out again, and where it is looked for."""

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import reduce
from typing import Any

from commands.living import private_store
from commands.world_plan import LARGE, WorldFault, WorldPlan
from ivr.sealing import Keyring
from tests.hour.seeds import quiet
from tests.hour.seeds import run as live_an_hour
from tests.world.ground import ALL, KEYS, plan_of, worlds

FAR = timedelta(days=30)
# By this the tests of another process know which defect they are to be run with (`tests/mutations/infected.py`).
NAMED_BY = "CHARTERLINE_TEST_DEFECT"
TESTS_FAILED = 1


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect: what it does in words, what stands in the place of what (`module:name.name`), who notices it."""

    name: str
    swaps: Sequence[tuple[str, Any]]  # Any: whatever stands there, a function or a number
    catcher: "Catcher"

    def noticed(self) -> list[str]:
        """What is found to be wrong while the defect is in place."""
        return self.catcher(self)


Catcher = Callable[[Defect], list[str]]


def wrapped(change: Callable[..., Any]) -> "Wrapping":
    """Stands in the place of a function, which is handed to `change` first."""
    return Wrapping(change)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """What is made of the function that stands there."""

    change: Callable[..., Any]


@contextmanager
def put(defect: Defect) -> Iterator[None]:
    """The product with this defect, as long as the block lasts."""
    undo: list[tuple[Any, str, Any]] = []
    try:
        for target, replacement in defect.swaps:
            module, _, path = target.partition(":")
            *owners, name = path.split(".")
            owner = reduce(getattr, owners, importlib.import_module(module))
            before = getattr(owner, name)
            undo.append((owner, name, before))
            setattr(owner, name, _made(replacement, before))
        yield
    finally:
        for owner, name, before in reversed(undo):
            setattr(owner, name, before)


def _made(replacement: Any, before: Any) -> Any:
    if not isinstance(replacement, Wrapping):
        return replacement
    change = replacement.change
    return lambda *given, **named: change(before, *given, **named)


def in_worlds(
    *faults: WorldFault, seeds: Iterable[int] = range(1, 13), at: time | None = None, campaign: bool = False
) -> Catcher:
    """Worlds of these faults (all, where none is named), at another time of day, or each with a campaign."""

    def notice(_defect: Defect) -> list[str]:
        with worlds() as ground:
            for seed in seeds:
                judged = ground.run(_plan(seed, faults or ALL, at, campaign))
                if judged.wrong:
                    return [f"seed {seed}: {wrong}" for wrong in judged.wrong]
        return []

    return notice


def _plan(seed: int, faults: Sequence[WorldFault], at: time | None, campaign: bool) -> WorldPlan:
    plan = plan_of(seed, faults, size=LARGE)
    if campaign:
        plan = replace(plan, people=(0, 1, 2, 3, 4, 5), callers=plan.callers[:1], minutes=12)
    if at is not None:
        plan = replace(plan, begins=datetime.combine(plan.begins, at, plan.begins.tzinfo))
    return plan


def in_hours(*seeds: int) -> Catcher:
    """Hours of callbacks, without kills."""

    def notice(_defect: Defect) -> list[str]:
        for seed in seeds:
            with quiet(), private_store(Keyring.from_secrets(KEYS)) as store:
                wrong = live_an_hour(store, seed, strength=0.0).wrong
            if wrong:
                return [f"hour {seed}: {one}" for one in wrong]
        return []

    return notice


def in_tests(*places: str) -> Catcher:
    """Tests of the suite, which pass without the defect, in a process of their own."""

    def notice(defect: Defect) -> list[str]:
        words = [sys.executable, "-m", "pytest", "-q", "-x", "--tb=line", "-p", "no:cacheprovider"]
        done = subprocess.run(
            [*words, "-p", "tests.mutations.infected", *places],
            env={**os.environ, NAMED_BY: defect.name},
            capture_output=True,
            text=True,
            check=False,
        )
        failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
        # What cannot even be run has noticed nothing.
        if done.returncode != (TESTS_FAILED if failed else 0):
            raise RuntimeError(f"the tests for {defect.name!r} could not be run:\n{done.stdout}{done.stderr}")
        return failed

    return notice
