"""`footprint`: memory of a web process and the time until it answers (performance goal P11)."""

from collections.abc import Sequence
from statistics import median

from benchmarks.hotline import HOTLINE, Ground, Target, ground
from benchmarks.measured import Goal, Measured, at_most, show
from benchmarks.run import Run
from benchmarks.usage import memory_of

MEMORY_GOAL, START_GOAL = at_most(80), at_most(1.0)
STEPS_AT_ONCE = 2000


def footprint(run: Run) -> None:
    """Memory fresh and after many steps, of the largest web process; start until the first healthz."""
    for kind in run.databases:
        with ground(kind) as base:
            starts = [_start(base) for _ in range(run.many(5, when_quick=1))]
            _show(("start", kind), starts, "s", START_GOAL)
            with base.target(HOTLINE) as hotline:
                _memory(run, kind, hotline)


def _start(base: Ground) -> float:
    with base.target(HOTLINE) as hotline:
        return hotline.web.started_in


def _memory(run: Run, kind: str, hotline: Target) -> None:
    # A first few steps, so that connections and everything read on demand are counted from the start.
    hotline.answer(hotline.calls.mixed_steps(160))
    fresh = _largest(hotline)
    _show(("memory_fresh", kind), fresh, "MiB USS", MEMORY_GOAL)
    for _ in range(run.many(10, when_quick=1)):
        hotline.answer(hotline.calls.mixed_steps(STEPS_AT_ONCE))
    used = _largest(hotline)
    _show(("memory_used", kind), used, "MiB USS", MEMORY_GOAL)
    _show(("memory_used_pss", kind), [memory_of(worker).pss for worker in hotline.web.workers], "MiB PSS", None)
    _show(("memory_growth", kind), [(max(used) / max(fresh) - 1) * 100], "%", None)


def _largest(hotline: Target) -> list[float]:
    return [memory_of(worker).uss for worker in hotline.web.workers]


def _show(name: tuple[str, str], values: Sequence[float], unit: str, goal: Goal | None) -> None:
    value = median(values) if unit == "s" else max(values)
    show(Measured(*name, value, unit, rounds=len(values), min=min(values), max=max(values), goal=goal))
