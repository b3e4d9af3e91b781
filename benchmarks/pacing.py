"""`pacing`: the pace that diallers keep at 1, 10 and 50 calls a second, one process and four that share it."""

import re
import sys
import time
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.dialling import Ground, dialling_ground
from benchmarks.measured import Measured, at_least, at_most, show
from benchmarks.run import Run
from benchmarks.servers import process
from benchmarks.stores import POSTGRESQL

PACES, PROCESSES = (1, 10, 50), (1, 4)
# The carrier takes 50 ms, and up to 400 ms more.
LATENCY = ("0.05", "0.45")
SECONDS, WARM_UP_SECONDS, SECONDS_TO_START = 60, 8, 90
LATE = re.compile(r'"?late_p99_ms"?[=:] ?([\d.]+)')


def pacing(run: Run) -> None:
    """Diallers ring a campaign; the stub's clock tells the pace, the worst second, and they how late orders left."""
    seconds = run.many(SECONDS, when_quick=6)
    kinds = [kind for kind in run.databases if kind == POSTGRESQL] or run.databases
    for kind in kinds:
        with dialling_ground(kind, LATENCY) as ground:
            for pace in PACES:
                for processes in PROCESSES:
                    _measure(ground, (f"{kind}", pace, processes), seconds)


def _measure(ground: Ground, what: tuple[str, int, int], seconds: int) -> None:
    kind, pace, processes = what
    ground.campaign(pace * (seconds + WARM_UP_SECONDS + 10) + 50, pace)
    before = ground.noted(0)[1]
    logs = [ground.folder / f"dialler-{pace}-{processes}-{number}.log" for number in range(processes)]
    command = [sys.executable, "-m", "commands.main", "run", "dialler"]
    with ExitStack() as stack:
        for log in logs:
            stack.enter_context(process(command, ground.with_pace(pace), log))
        _wait_for_the_first(ground, before)
        time.sleep(WARM_UP_SECONDS + seconds)
    arrivals = [moment.timestamp() for moment in ground.noted(before)[0]]
    steady = [moment for moment in arrivals if moment > arrivals[0] + WARM_UP_SECONDS][: pace * seconds]
    achieved = (len(steady) - 1) / (steady[-1] - steady[0])
    name = f"{pace} a second, {processes} process{'es' * (processes > 1)}"
    show(
        Measured(
            f"pacing, {name}", kind, achieved, "calls/s", floor=float(pace), ratio=achieved / pace, goal=at_least(0.99)
        )
    )
    worst = most_in_a_second(steady)
    show(Measured(f"pacing, worst second, {name}", kind, worst, "calls", goal=at_most(pace + 1)))
    late = max((float(found[-1]) for found in (LATE.findall(log.read_text()) for log in logs) if found), default=0.0)
    show(Measured(f"pacing, p99 lateness, {name}", kind, late, "ms", goal=at_most(100)))


def _wait_for_the_first(ground: Ground, before: int) -> None:
    """Processes that start share the processor with those that dial: only what comes after them is measured."""
    give_up_at = time.monotonic() + SECONDS_TO_START
    while not ground.noted(before)[0]:
        if time.monotonic() > give_up_at:
            raise RuntimeError(f"no order arrived at the carrier within {SECONDS_TO_START:g} s")
        time.sleep(0.2)


def most_in_a_second(moments: Sequence[float]) -> int:
    """How many of these moments (seconds) the fullest window of one second holds."""
    ordered = sorted(moments)
    return max((bisect_left(ordered, first + 1.0) - place for place, first in enumerate(ordered)), default=0)
