"""Queues in balance: Erlang B, Erlang C (nobody gives up) and Erlang A (callers have patience); pure sums.

Erlang 1917; Palm 1957; Mandelbaum and Zeltyn, The Palm/Erlang-A queue, 2005.
"""

import math
from dataclasses import dataclass
from typing import Final

# A term below this part of the sum changes none of its digits; above the other the sums are made smaller.
NEGLIGIBLE: Final = 1e-17
HUGE: Final = 1e200
LEAST_PANELS: Final = 64
PANELS_PER_SERVICE: Final = 16


@dataclass(frozen=True, slots=True)
class Offered:
    """What comes in: `load` in erlangs (calls per second x seconds of work), `work` seconds for each call.

    `patience` is how many seconds callers wait in the mean before they give up.
    """

    load: float
    work: float
    patience: float


@dataclass(frozen=True, slots=True)
class Expected:
    """What callers meet: shares (0 to 1) of all of them who wait, who are answered within the time, who give up.

    `wait` is the mean of all in seconds, those who give up among them; None where it grows without end. `occupancy`
    is the share of an agent's time that is work.
    """

    waits: float
    within: float
    abandoned: float
    wait: float | None
    occupancy: float


NOBODY_CALLS: Final = Expected(0.0, 1.0, 0.0, 0.0, 0.0)


def offered(calls: float, *, minutes: float, work: float, patience: float) -> Offered:
    """What so many calls in so many minutes offer."""
    return Offered(calls * work / (minutes * 60), work, patience)


def erlang_b(load: float, agents: int) -> float:
    """The share of callers who find all of them at work where nobody can wait."""
    blocked = 1.0
    for number in range(1, agents + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def erlang_c(load: float, agents: int) -> float:
    """The share of callers who must wait where nobody gives up; all of them where the work is too much."""
    if load >= agents:
        return 1.0 if load > 0 else 0.0
    blocked = erlang_b(load, agents)
    return agents * blocked / (agents - load * (1 - blocked))


def expect_patient(given: Offered, agents: int, *, seconds: float) -> Expected:
    """What callers meet who never give up (Erlang C); `within` is of those answered in so many seconds."""
    if given.load <= 0:
        return NOBODY_CALLS
    if given.load >= agents:
        return Expected(1.0, 0.0, 0.0, None, 1.0)
    waits, spare = erlang_c(given.load, agents), agents - given.load
    within = 1 - waits * math.exp(-spare * seconds / given.work)
    return Expected(waits, within, 0.0, waits * given.work / spare, given.load / agents)


def expect(given: Offered, agents: int, *, seconds: float) -> Expected:
    """What callers meet who have patience (Erlang A); `within` is of those answered in so many seconds.

    Steady also where there is more work than agents: whoever cannot be answered gives up.
    """
    if given.load <= 0:
        return NOBODY_CALLS
    if agents == 0:
        return Expected(1.0, 0.0, 1.0, given.patience, 0.0)
    hurry = given.work / given.patience
    full, queued, waited = _waiting(given.load, agents, hurry)
    blocked = erlang_b(given.load, agents)
    if blocked == 0:
        return Expected(0.0, 1.0, 0.0, 0.0, given.load / agents)
    whole = full / blocked + queued
    queue = waited / whole
    waits, abandoned = (full + queued) / whole, hurry * queue / given.load
    later = agents * (full / whole) * _served_later(given.load, agents, hurry, until=seconds / given.work)
    return Expected(
        waits=waits,
        within=min(1 - waits + later, 1.0),
        abandoned=min(abandoned, 1.0),
        wait=queue * given.work / given.load,
        occupancy=given.load * (1 - abandoned) / agents,
    )


def _waiting(load: float, agents: int, hurry: float) -> tuple[float, float, float]:
    """The weight of all agents at work and nobody waiting, of all states with a queue, and of queues by length.

    They are in proportion only: long queues weigh more than a float can count.
    """
    full = term = 1.0
    queued = waited = 0.0
    place = 0
    while True:
        place += 1
        shrinks = load / (agents + place * hurry)
        term *= shrinks
        queued += term
        waited += place * term
        if shrinks < 1 and place * term < NEGLIGIBLE * (full + waited) * (1 - shrinks):
            return full, queued, waited
        if term > HUGE:
            full, term, queued, waited = (weight / HUGE for weight in (full, term, queued, waited))


def _served_later(load: float, agents: int, hurry: float, *, until: float) -> float:
    """The integral over the wait, in times of service, of who waits so long and has not given up (Simpson's rule)."""
    panels = 2 * math.ceil(max(LEAST_PANELS, PANELS_PER_SERVICE * agents * until) / 2)
    step = until / panels

    def density(wait: float) -> float:
        return math.exp(-hurry * wait - load * math.expm1(-hurry * wait) / hurry - agents * wait)

    inner = sum((4 if place % 2 else 2) * density(place * step) for place in range(1, panels))
    return step / 3 * (density(0.0) + inner + density(until))
