"""`step` and `mix`: signed, de-duplicated, stored steps of a call against the leanest handler (performance goal P1)."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from benchmarks.hotline import FLOOR, HOTLINE, Cost, Make, ground
from benchmarks.measured import Goal, at_least, compared, show
from benchmarks.run import Run
from benchmarks.signed_steps import Calls

GOAL = at_least(0.45)


def step(run: Run) -> None:
    """Keys in menus, as fast as they are answered; the goal is for requests per second and for processor time."""
    for kind in run.databases:
        _compare(run, kind, ("step", Calls.key_steps), GOAL)


def mix(run: Run) -> None:
    """The same with every other step a turn of waiting in the queue, which asks more of the database."""
    for kind in run.databases:
        _compare(run, kind, ("mix", Calls.mixed_steps), None)


def _compare(run: Run, kind: str, what: tuple[str, Make], goal: Goal | None) -> None:
    name, make = what
    count = run.many(2400, when_quick=160)
    ours: list[Cost] = []
    floors: list[Cost] = []
    with ground(kind) as base, base.target(FLOOR) as floor, base.target(HOTLINE) as hotline:
        hotline.answer(hotline.calls.key_steps(run.many(1200, when_quick=80)))
        floor.answer(([], floor.calls.key_steps(run.many(1200, when_quick=80))[1]))
        for _ in range(run.many(7, when_quick=2)):
            floors.append(floor.answer(([], floor.calls.key_steps(count)[1])))
            ours.append(hotline.answer(make(hotline.calls, count)))
    _show(name, kind, (ours, floors), goal)


def _show(name: str, kind: str, rounds: tuple[Sequence[Cost], Sequence[Cost]], goal: Goal | None) -> None:
    own, least = ([cost.answered.rate for cost in costs] for costs in rounds)
    show(replace(compared((f"{name}_rate", kind), "requests/s", ours=own, floors=least), goal=goal))
    # Less is better here: turned round, the share means the same as that of the rates.
    own, least = ([cost.microseconds for cost in costs] for costs in rounds)
    turned = compared((f"{name}_cpu", kind), "us/request", ours=least, floors=own)
    show(replace(turned, value=median(own), floor=median(least), goal=goal))
