"""The traffic of the demo's centre: who called when and was answered after how long, drawn from a seed."""

import calendar
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from pydantic import BaseModel, ConfigDict

from ivr.lines.hours import SEOUL

HALF_HOUR = timedelta(minutes=30)
FIRST = time(9)
UNTIL_ONE = 8
"""How many half hours a Saturday has."""
TOPICS = (("repair", 60), ("usage", 25), ("purchase", 15))
"""What callers ring about, with how many of a hundred."""
UNTIL_QUEUE = 17.0
"""Seconds of greeting, notices and menu, as the line speaks them."""
SPREAD_OF_RINGS, SPREAD_OF_TALKS = 0.42, 0.6


class DemoFirm(BaseModel):
    """A firm of the demo; `by_code` is the part of its customers who ring the shared number, 0 to 1."""

    model_config = ConfigDict(extra="forbid")
    id: str
    calls_per_day: float
    registration: str
    by_code: float


class DemoKnowledge(BaseModel):
    """A question of the demo and its answer; without a firm it is about all of them."""

    model_config = ConfigDict(extra="forbid")
    question: str
    answer: str
    firm: str = ""
    product: str = ""
    topic: str = ""


class DemoShift(BaseModel):
    """Agents planned from one minute of the day to another, on weekdays (0 Monday)."""

    model_config = ConfigDict(extra="forbid")
    weekdays: str
    begins: int
    ends: int
    agents: int
    why: str


class DemoCentre(BaseModel):
    """The file `config/demo/centre.toml`."""

    model_config = ConfigDict(extra="forbid")
    line: str
    seed: int
    weekdays: list[float]
    half_hours: list[float]
    knowledge: list[DemoKnowledge]
    shifts: list[DemoShift]
    talk_seconds: float
    wrap_seconds: float
    patience_seconds: float
    ring_seconds: float
    firms: list[DemoFirm]


@dataclass(frozen=True, slots=True)
class Group:
    """Who answers for a firm, by places among the agents: its own group, and after so many seconds who help it."""

    own: Sequence[int]
    helping: Sequence[int] = ()
    helped_after: float = 0


@dataclass(frozen=True, slots=True)
class DrawnCall:
    """One call: seconds are counted from `arrived_at`; `agent` is None for who gave up at `queue_left`.

    `agent` is a place among the agents on duty, `talk_from` the moment of the connection, `ring` how long it rang.
    """

    arrived_at: datetime
    firm: str
    topic: str
    by_code: bool
    caller: int
    agent: int | None
    queue_left: float
    ring: float
    talk_from: float
    talk: float
    wrap: float


def draw_day(centre: DemoCentre, day: date, *, groups: Mapping[str, Group]) -> list[DrawnCall]:
    """The calls of an open local day, in the order of their arrival; the same for each day, whenever it is asked.

    `groups` are by firm; firms of one group share its agents.
    """
    dice = Random(f"{centre.seed}:{day}")  # noqa: S311 - the demo is the same each time
    free: dict[int, float] = defaultdict(float)
    opens = datetime.combine(day, FIRST, SEOUL)
    drawn = sorted(_arrivals(centre, day, dice), key=lambda arrival: arrival[0])
    return [
        _call(centre, opens + timedelta(seconds=second), firm, (dice, free, groups[firm.id])) for second, firm in drawn
    ]


def _arrivals(centre: DemoCentre, day: date, dice: Random) -> Iterator[tuple[float, DemoFirm]]:
    """Seconds since nine o'clock; Saturday ends at one, as the line does."""
    shares = centre.half_hours[:UNTIL_ONE] if day.weekday() == calendar.SATURDAY else centre.half_hours
    for firm in centre.firms:
        for slot, share in enumerate(shares):
            expected = firm.calls_per_day * centre.weekdays[day.weekday()] * share / sum(centre.half_hours)
            for _ in range(_poisson(expected, dice)):
                yield (slot + dice.random()) * HALF_HOUR.total_seconds(), firm


def _poisson(mean: float, dice: Random) -> int:
    """Knuth, The Art of Computer Programming 3.4.1: by products of uniform numbers."""
    limit, product, count = math.exp(-mean), dice.random(), 0
    while product > limit:
        product, count = product * dice.random(), count + 1
    return count


def _agent_for(group: Group, queued: float, free: Mapping[int, float]) -> tuple[int, float]:
    """The agent of the own group who is free first, or of who help it where those are sooner; and from when on."""
    own = min(group.own, key=lambda place: free[place])
    begins, helped_from = max(queued, free[own]), queued + group.helped_after
    if group.helping and begins > helped_from:
        other = min(group.helping, key=lambda place: free[place])
        if max(helped_from, free[other]) < begins:
            return other, max(helped_from, free[other])
    return own, begins


def _call(centre: DemoCentre, at: datetime, firm: DemoFirm, state: tuple[Random, dict[int, float], Group]) -> DrawnCall:
    """Whoever waits takes the agent of the group who is free first; `free` is when each is, in seconds since nine."""
    dice, free, group = state
    since_nine = (at - at.replace(hour=FIRST.hour, minute=0, second=0, microsecond=0)).total_seconds()
    queued = since_nine + UNTIL_QUEUE
    agent, ready_at = _agent_for(group, queued, free)
    begins, patience = ready_at + 0.8, dice.expovariate(1 / centre.patience_seconds)
    ring = dice.lognormvariate(math.log(centre.ring_seconds), SPREAD_OF_RINGS)
    talk = max(15.0, dice.lognormvariate(math.log(centre.talk_seconds), SPREAD_OF_TALKS))
    wrap = max(4.0, dice.gauss(centre.wrap_seconds, 5))
    gives_up = begins - queued > patience
    met = begins + ring + 6.0
    if not gives_up:
        free[agent] = met + talk + wrap
    return DrawnCall(
        arrived_at=at,
        firm=firm.id,
        topic=dice.choices([topic for topic, _ in TOPICS], [share for _, share in TOPICS])[0],
        by_code=dice.random() < firm.by_code,
        caller=dice.randrange(1, 9000),
        agent=None if gives_up else agent,
        queue_left=(queued + patience if gives_up else begins) - since_nine,
        ring=ring,
        talk_from=met - since_nine,
        talk=talk,
        wrap=wrap,
    )
