"""How many agents are enough for the calls of a half hour, and what callers meet with those who are there; pure."""

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from ivr.lines.model import Line
from ivr.staffing.erlang import NOBODY_CALLS, Expected, Offered, expect, expect_patient, offered
from ivr.staffing.slots import SLOT_MINUTES

# What the document plans with where a line says nothing else: 60 calls of a working day for each agent (A11).
CALLS_PER_AGENT_DAY: Final = 60
MOST_AGENTS: Final = 5000


@dataclass(frozen=True, slots=True)
class Target:
    """`percent` of all callers answered within `seconds`; they wait `patience` seconds in the mean before they give up.

    `away` is the percent of an agent's planned time in which no call can be taken: breaks, training, other work.
    """

    percent: int = 80
    seconds: int = 20
    patience: int = 120
    away: int = 0


@dataclass(frozen=True, slots=True)
class Needed:
    """Agents at their telephones by Erlang A and by Erlang C, and how many must be planned for those of Erlang A."""

    agents: int
    patient: int
    planned: int


NOBODY_NEEDED: Final = Needed(0, 0, 0)


def target_of(line: Line, *, away: int = 0) -> Target:
    """The target of a centre's rule; the one most call centres have where the line is no centre."""
    if line.centre is None:
        return Target(away=away)
    rule = line.centre.staffing
    return Target(rule.percent, rule.seconds, rule.patience, away=away)


def calls_per_agent_day(line: Line) -> int:
    """How many calls of a day the rule of thumb gives to one agent."""
    return line.centre.prices.calls_per_agent_day if line.centre else CALLS_PER_AGENT_DAY


def agents_by_rule(calls: float, line: Line) -> float:
    """The agents of a day by the rule of thumb: 100 calls are 1.67 of them at 60 a day (A11)."""
    return calls / calls_per_agent_day(line)


def offered_in_slot(calls: float, work: float, target: Target) -> Offered:
    """What the calls of a half hour offer, each of `work` seconds."""
    return offered(calls, minutes=SLOT_MINUTES, work=work, patience=target.patience)


def needed_for(given: Offered, target: Target) -> Needed:
    """The fewest agents with whom the target is reached."""
    if given.load <= 0:
        return NOBODY_NEEDED
    agents = _fewest(given, target, is_patient=False)
    return Needed(agents, _fewest(given, target, is_patient=True), planned_for(agents, target.away))


def planned_for(agents: int, away: int) -> int:
    """So many must be planned that so many are there while the others are away for this percent of their time."""
    return math.ceil(Fraction(agents * 100, 100 - away))


def expect_planned(given: Offered, planned: int, target: Target) -> Expected:
    """What callers meet where so many are planned, some of whom are away: between the whole numbers in proportion."""
    if given.load <= 0:
        return NOBODY_CALLS
    there = planned * (100 - target.away) / 100
    low, part = int(there), there - int(there)
    first = expect(given, low, seconds=target.seconds)
    if part == 0:
        return first
    return between(first, expect(given, low + 1, seconds=target.seconds), part)


def between(first: Expected, second: Expected, part: float) -> Expected:
    """`part` of the second and the rest of the first; both have a mean wait."""

    def mixed(one: float, other: float) -> float:
        return one * (1 - part) + other * part

    return replace(
        first,
        waits=mixed(first.waits, second.waits),
        within=mixed(first.within, second.within),
        abandoned=mixed(first.abandoned, second.abandoned),
        wait=mixed(first.wait or 0.0, second.wait or 0.0),
        occupancy=mixed(first.occupancy, second.occupancy),
    )


def _fewest(given: Offered, target: Target, *, is_patient: bool) -> int:
    """By halving: more agents never answer fewer calls in time."""
    model = expect_patient if is_patient else expect

    def is_enough(agents: int) -> bool:
        return model(given, agents, seconds=target.seconds).within * 100 >= target.percent - 1e-9

    low, high = 0, max(1, math.ceil(given.load))
    while not is_enough(high):
        low, high = high, high + max(1, high // 4)
        if high > MOST_AGENTS:
            raise TooMuchWork(
                f"{given.load:.0f} erlangs need over {MOST_AGENTS} agents: check calls and seconds of work"
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high


class TooMuchWork(ValueError):
    """More work than any centre has; the message says what to check."""
