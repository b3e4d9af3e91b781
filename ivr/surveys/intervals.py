"""Intervals that hold the true value in 95 of 100 samples: for shares and for means, of small and large samples."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

NORMAL = 1.959964
"""The 97.5 % quantile of the normal distribution."""

SMALL = 30
"""Below so many answers an interval is wide, and is to be read with care."""

LARGE_SHARE = 0.05
"""A sample that is a larger part of all people than this says more than an endless population would let it."""

# Student's t, 97.5 %, for 1 to 30 degrees of freedom.
_STUDENT = (
    *(12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281),
    *(2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860),
    *(2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423),
)


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of `n` answers, and its interval; none where one answer, or none that differs, tells nothing of it."""

    n: int
    value: float
    deviation: float
    interval: Interval | None


def share_interval(successes: int, n: int, *, population: int | None = None) -> Interval | None:
    """Wilson's interval for a share of `n`; None for no answers.

    Of a large part of a `population` the sample counts for more (finite population correction); where everybody
    answered, the share is what it is.
    """
    if n == 0:
        return None
    share = successes / n
    if population is not None and n >= population:
        return Interval(share, share)
    size = _effective(n, population)
    square = NORMAL**2
    middle = (share + square / (2 * size)) / (1 + square / size)
    reach = NORMAL / (1 + square / size) * sqrt(share * (1 - share) / size + square / (4 * size**2))
    return Interval(max(0.0, middle - reach), min(1.0, middle + reach))


def mean_of(counts: Mapping[int, int], *, population: int | None = None, bounds: Interval | None = None) -> Mean | None:
    """The mean of answers counted by value, with Student's interval, cut at `bounds`; None for no answers."""
    n = sum(counts.values())
    if n == 0:
        return None
    mean = sum(value * count for value, count in counts.items()) / n
    squares = sum(count * (value - mean) ** 2 for value, count in counts.items())
    deviation = sqrt(squares / (n - 1)) if n > 1 else 0.0
    if population is not None and n >= population:
        return Mean(n, mean, deviation, Interval(mean, mean))
    if deviation == 0.0:
        return Mean(n, mean, deviation, None)
    reach = student(n - 1) * deviation / sqrt(_effective(n, population))
    low, high = mean - reach, mean + reach
    if bounds is not None:
        low, high = max(low, bounds.low), min(high, bounds.high)
    return Mean(n, mean, deviation, Interval(low, high))


def student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t with so many degrees of freedom, right to three places."""
    if freedom < 1:
        raise ValueError(f"{freedom} degrees of freedom: a mean of one answer has no interval")
    if freedom <= len(_STUDENT):
        return _STUDENT[freedom - 1]
    # Cornish and Fisher: the first two terms are enough for more than 30.
    cube, fifth = NORMAL**3, NORMAL**5
    return NORMAL + (cube + NORMAL) / (4 * freedom) + (5 * fifth + 16 * cube + 3 * NORMAL) / (96 * freedom**2)


def _effective(n: int, population: int | None) -> float:
    """How many answers of an endless population would say as much."""
    if population is None or n / population <= LARGE_SHARE:
        return float(n)
    return n * (population - 1) / (population - n)
