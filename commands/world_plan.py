"""The plan of one world: a line, a stretch of time, who is in it and what goes wrong. Small enough to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from ivr.lines.calendar import Calendar
from ivr.lines.hours import SEOUL, open_spans
from ivr.lines.model import Line, Lines

FIRST_DAY, DAYS = date(2026, 9, 1), 120
# Most worlds begin in mid-morning; some come into the noon, some into the end of the working day.
BEGINS: Mapping[time, int] = {time(10, 0): 6, time(11, 40): 2, time(17, 30): 2}
# The others are small: what goes wrong needs few people, and many worlds show more than long ones.
SHARE_LARGE = 0.05


class BadPlan(ValueError):
    """A plan does not fit; says which field and what it takes."""


class WorldFault(StrEnum):
    """What goes wrong in a world, by the name that the command takes."""

    CALLBACKS = "callbacks"
    CARRIER = "carrier"
    KILLS = "kills"
    DATABASE = "database"
    REDIS = "redis"
    CLOCK = "clock"
    PAIRS = "pairs"
    WEB = "web"


Between = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Size:
    """How large worlds are (each number is drawn from the least to the most), and which share of them has a campaign.

    `pace` is how many times as often processes die and outages come as in a large world: a small one is over sooner.
    """

    minutes: Between
    callers: Between
    agents: Between
    people: Between
    campaigns: float
    pace: float


LARGE = Size((8, 20), (1, 5), (1, 3), (1, 4), campaigns=0.5, pace=1.0)
SMALL = Size((5, 9), (1, 2), (1, 2), (1, 2), campaigns=0.2, pace=2.0)


@dataclass(frozen=True, slots=True)
class WorldPlan:
    """One world. `callers`, `agents` and `people` (of the campaign) are ordinals: each is drawn for itself.

    Leaving one out therefore leaves all others as they were. `minutes` is the busy stretch; what was promised in it is
    then seen to its end. `pace` is that of its size.
    """

    seed: int
    line: str
    begins: datetime
    minutes: int
    callers: tuple[int, ...]
    agents: tuple[int, ...]
    people: tuple[int, ...]
    faults: tuple[WorldFault, ...]
    pace: float = 1.0

    def dice(self, what: str) -> Random:
        """Chance for one matter of this world, whatever else is in it."""
        return Random(f"world {what} {self.seed}")  # noqa: S311 - a world can be lived through again

    def as_json(self) -> dict[str, object]:
        """The plan as `--plan FILE` reads it."""
        lists = {name: list(value) for name, value in asdict(self).items() if isinstance(value, tuple)}
        return {**asdict(self), **lists, "begins": self.begins.isoformat()}


def drawn_plan(
    seed: int, faults: Sequence[WorldFault], *, lines: Lines, calendar: Calendar, size: Size | None = None
) -> WorldPlan:
    """The world of a seed with these faults, which change nothing of who is in it; its size is drawn, too, or given."""
    size = size or _drawn_size(seed)
    dice = Random(f"world plan {seed}")  # noqa: S311 - a world can be lived through again
    line = dice.choice(sorted(lines, key=lambda line: line.id))
    begins = datetime.combine(_working_day(dice, line, calendar), _drawn(dice, BEGINS), tzinfo=SEOUL)
    minutes = dice.randint(*size.minutes)
    callers, agents, people = (dice.randint(*between) for between in (size.callers, size.agents, size.people))
    if dice.random() >= size.campaigns:
        people = 0
    return WorldPlan(
        seed,
        line.id,
        begins,
        minutes,
        callers=tuple(range(callers)),
        agents=tuple(range(agents)),
        people=tuple(range(people)),
        faults=tuple(fault for fault in WorldFault if fault in faults),
        pace=size.pace,
    )


def _drawn_size(seed: int) -> Size:
    dice = Random(f"world size {seed}")  # noqa: S311 - a world can be lived through again
    return LARGE if dice.random() < SHARE_LARGE else SMALL


def read_world_plan(given: object) -> WorldPlan:
    """Build a plan from what `as_json` wrote; raises `BadPlan` naming the field that does not fit."""
    if not isinstance(given, dict):
        raise BadPlan("a plan is one JSON object, as `charterline simulate world --json` prints it under `plan`")
    try:
        begins = datetime.fromisoformat(given["begins"])
        numbers = {name: _ordinals(given, name) for name in ("callers", "agents", "people")}
        faults = tuple(WorldFault(name) for name in given["faults"])
        seed, line, minutes = int(given["seed"]), str(given["line"]), int(given["minutes"])
        pace = float(given.get("pace", LARGE.pace))
    except KeyError as error:
        raise BadPlan(f"the plan lacks {error.args[0]}") from None
    except (TypeError, ValueError) as error:
        raise BadPlan(f"the plan cannot be read: {error}") from None
    if begins.tzinfo is None or not numbers["agents"] or minutes < 1 or pace <= 0:
        raise BadPlan("the plan needs a moment with its zone, a minute and an agent at least, and a pace above 0")
    return WorldPlan(seed, line, begins, minutes, **numbers, faults=faults, pace=pace)


def _ordinals(given: Mapping[str, object], name: str) -> tuple[int, ...]:
    several = given[name]
    if not isinstance(several, list):
        raise TypeError(f"{name} is a list of numbers")
    return tuple(int(one) for one in several)


def _working_day(dice: Random, line: Line, calendar: Calendar) -> date:
    days = [FIRST_DAY + timedelta(days=number) for number in range(DAYS)]
    return dice.choice([day for day in days if open_spans(line, calendar, day)])


def _drawn(dice: Random, table: Mapping[time, int]) -> time:
    return dice.choices(list(table), list(table.values()))[0]
