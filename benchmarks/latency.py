"""`latency`: how long a step takes at half of what the webhooks can do at most (performance goal P3)."""

from statistics import median

from benchmarks.hotline import HOTLINE, Target, ground
from benchmarks.measured import Goal, Measured, at_most, percentile, show
from benchmarks.run import Run
from benchmarks.stores import POSTGRESQL, SQLITE

GOALS = {POSTGRESQL: at_most(100), SQLITE: at_most(250)}
SHARE_OF_SATURATION = 0.5
# Enough that a request never waits for a free line: that would hide a slow server.
CONNECTIONS = 32


def latency(run: Run) -> None:
    """Requests at fixed moments, each wait counted from the moment at which the request was due."""
    for kind in run.databases:
        with ground(kind) as base, base.target(HOTLINE) as hotline:
            _measure(run, kind, hotline)


def _measure(run: Run, kind: str, hotline: Target) -> None:
    count = run.many(1600, when_quick=160)
    hotline.answer(hotline.calls.key_steps(count))
    saturated = [hotline.answer(hotline.calls.key_steps(count)).answered.rate for _ in range(run.many(3, when_quick=1))]
    rate = median(saturated) * SHARE_OF_SATURATION
    rounds = [_waits(hotline, rate, run.many(8, when_quick=1)) for _ in range(run.many(5, when_quick=2))]
    show(Measured("latency_rate", kind, rate, "requests/s", floor=median(saturated), ratio=SHARE_OF_SATURATION))
    _show(("latency_p50", kind), [percentile(waits, 0.5) for waits in rounds], None)
    _show(("latency_p99", kind), [percentile(waits, 0.99) for waits in rounds], GOALS[kind])


def _waits(hotline: Target, rate: float, seconds: int) -> list[float]:
    arrivals, steps = hotline.calls.key_steps(int(rate * seconds))
    return hotline.answer((arrivals, steps), rate=rate, connections=CONNECTIONS).answered.waits


def _show(name: tuple[str, str], values: list[float], goal: Goal | None) -> None:
    low, high = min(values), max(values)
    show(Measured(*name, median(values), "ms", rounds=len(values), min=low, max=high, goal=goal))
