"""Measures of the charts of campaigns: columns by minute, bars with intervals; all in percent of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.campaigns.minutes import Minute
from ivr.surveys.counted import QuestionResult
from ivr.surveys.intervals import Interval

FULL = 100.0


@dataclass(frozen=True, slots=True)
class Column:
    """One minute: where it stands and how high its three parts are, in percent of the chart."""

    left: float
    width: float
    dialled: float
    answered: float
    completed: float
    minute: Minute


@dataclass(frozen=True, slots=True)
class Reach:
    """A bar from 0 to `end`, with the interval from `low` to `high` over it; all in percent."""

    end: float
    low: float
    high: float


def columns_of(minutes: Sequence[Minute]) -> list[Column]:
    """The columns of a chart whose highest one fills it."""
    most = max((one.dialled for one in minutes), default=0) or 1
    width = FULL / max(len(minutes), 10)
    return [
        Column(
            left=round(place * width, 3),
            width=round(width * 0.8, 3),
            dialled=_share(one.dialled, most),
            answered=_share(one.answered, most),
            completed=_share(one.completed, most),
            minute=one,
        )
        for place, one in enumerate(minutes)
    ]


def reach_of_share(share: float, interval: Interval | None) -> Reach:
    """The bar of a share (0 to 1)."""
    held = interval or Interval(share, share)
    return Reach(round(share * FULL, 2), round(held.low * FULL, 2), round(held.high * FULL, 2))


def reach_of_score(result: QuestionResult) -> Reach | None:
    """The bar of a score (0 to 100), None where there is none."""
    if result.score is None:
        return None
    held = result.score_interval or Interval(result.score, result.score)
    return Reach(round(result.score, 2), round(held.low, 2), round(held.high, 2))


def _share(part: int, of: int) -> float:
    return round(part / of * FULL, 2)
