"""Measures of the chart of a day: calls as columns, agents needed as columns with the planned ones as a line over them.

All in percent of the drawing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ivr.staffing.planning import SlotPlan
from ivr.staffing.slots import minute_of, written_slot

FULL: Final = 100.0
# Room for numbers above the columns.
HEAD: Final = 14.0
GAP: Final = 0.12
MINUTES_OF_AN_HOUR: Final = 60


@dataclass(frozen=True, slots=True)
class Column:
    """One half hour: where it stands, how high its columns are, and where its part without agents begins."""

    left: float
    width: float
    middle: float
    calls: float
    needed: float
    missing: float
    label: str
    plan: SlotPlan


@dataclass(frozen=True, slots=True)
class Line:
    """A piece of the line of planned agents, from one point to another."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class DayChart:
    """The chart of one day; `most_calls` and `most_agents` are what the highest columns stand for."""

    columns: tuple[Column, ...]
    planned: tuple[Line, ...]
    most_calls: float
    most_agents: int


def chart_of(slots: Sequence[SlotPlan]) -> DayChart:
    """The chart of the half hours of a day."""
    most_calls = max((one.calls for one in slots), default=0.0)
    most_agents = max((max(one.needed.planned, one.planned) for one in slots), default=0)
    width = FULL / max(len(slots), 1)
    columns = tuple(
        Column(
            left=_short(place * width + width * GAP),
            width=_short(width * (1 - 2 * GAP)),
            middle=_short((place + 0.5) * width),
            calls=_height(one.calls, most_calls),
            needed=_height(one.needed.planned, most_agents),
            missing=_height(one.missing, most_agents),
            label="" if minute_of(one.slot) % MINUTES_OF_AN_HOUR else written_slot(one.slot),
            plan=one,
        )
        for place, one in enumerate(slots)
    )
    return DayChart(columns, _steps([_height(one.planned, most_agents) for one in slots]), most_calls, most_agents)


def _steps(heights: Sequence[float]) -> tuple[Line, ...]:
    """A level piece for each half hour, and an upright one where the next is another."""
    width = FULL / max(len(heights), 1)
    tops = [_short(FULL - height) for height in heights]
    level = [Line(_short(place * width), top, _short((place + 1) * width), top) for place, top in enumerate(tops)]
    upright = [Line(one.x2, one.y2, one.x2, other.y1) for one, other in pairwise(level) if one.y2 != other.y1]
    return (*level, *upright)


def _height(part: float, most: float) -> float:
    return _short(part / most * (FULL - HEAD)) if most else 0.0


def _short(number: float) -> float:
    return round(number, 3)
