"""How many calls will come in each half hour: a level of the week x the kind of day x the half hour's share; pure."""

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ivr.staffing.history import History, TooLittleHistory
from ivr.staffing.slots import FRIDAY, Days

FEWEST_DAYS: Final = 14
ROUNDS: Final = 4
# The level follows the last weeks: what is so many weeks older counts half, and a week far off is drawn to the others.
LEVEL_HALF_LIFE: Final = 3.0
PROFILE_HALF_LIFE: Final = 8.0
USUAL: Final = (0.6, 1.6)
MEDIAN_WEEKS: Final = 8
# With how many days and calls of the common pattern a weekday's own is mixed.
COMMON_DAYS: Final = 1.0
COMMON_CALLS: Final = 150.0


@dataclass(frozen=True, slots=True)
class Model:
    """What was learnt: `level` is the calls of a usual weekday, `factors` by kind of day, `shares` of its half hours.

    The shares of a kind are together 1 over the half hours in which such a day was open.
    """

    level: float
    factors: Mapping[int, float]
    shares: Mapping[int, Mapping[int, float]]

    def calls(self, day: date, days: Days) -> dict[int, float]:
        """The calls that are expected in each open half hour of a day; none on a day on which the line is closed."""
        kind = days.kind(day)
        shares, factor = self.shares.get(kind, {}), self.factors.get(kind, 0.0)
        return {
            slot: self.level * factor * shares.get(slot, 0.0) * share for slot, share in days.open_shares(day).items()
        }


def learn(history: History, days: Days) -> Model:
    """What the history teaches; raises `TooLittleHistory` for fewer than 14 days, or none of them open."""
    totals = _totals(history, days)
    if history.days < FEWEST_DAYS or not totals:
        raise TooLittleHistory(
            f"the calls of {days.line.id} are known from {history.first} to {history.last} only: {history.days} days, "
            f"a forecast needs at least {FEWEST_DAYS}"
        )
    ages = {day: (history.last - day).days // 7 for day in totals}
    kinds = {day: days.kind(day) for day in totals}
    factors = {kind: 1.0 for kind in kinds.values()}
    levels: dict[int, float] = {}
    for _ in range(ROUNDS):
        levels = _levels(totals, ages, {day: factors[kind] for day, kind in kinds.items()})
        factors = _factors(totals, kinds, {day: levels[ages[day]] for day in totals})
    weights = _weights(ages, {day: factors[kind] for day, kind in kinds.items()})
    return Model(_level(levels, weights), factors, _shares(history, days, kinds, ages))


def _totals(history: History, days: Days) -> dict[date, int]:
    """The calls of each day on which the line was open."""
    every = (history.first + timedelta(days=number) for number in range(history.days))
    return {day: sum(history.calls.get(day, {}).values()) for day in every if days.open_shares(day)}


def _levels(totals: Mapping[date, int], ages: Mapping[date, int], factors: Mapping[date, float]) -> dict[int, float]:
    """By age in weeks: calls of a usual weekday, by the days that the week had; so a week of holidays is not low."""
    calls: dict[int, float] = {}
    usual: dict[int, float] = {}
    for day, total in totals.items():
        calls[ages[day]] = calls.get(ages[day], 0.0) + total
        usual[ages[day]] = usual.get(ages[day], 0.0) + factors[day]
    return {age: calls[age] / usual[age] if usual[age] else 0.0 for age in calls}


def _factors(totals: Mapping[date, int], kinds: Mapping[date, int], levels: Mapping[date, float]) -> dict[int, float]:
    """How many calls a kind of day has, as a part of a usual weekday's; of few days it is drawn to the common one."""
    seen: dict[int, list[float]] = {}
    for day, total in totals.items():
        if levels[day]:
            seen.setdefault(kinds[day], []).append(total / levels[day])
    own = {kind: _trimmed(values) for kind, values in seen.items()}
    weekdays = [own[kind] for kind in own if kind <= FRIDAY]
    common = statistics.fmean(weekdays) if weekdays else 1.0
    drawn = {
        kind: (len(seen[kind]) * value + COMMON_DAYS * (common if kind <= FRIDAY else value))
        / (len(seen[kind]) + COMMON_DAYS)
        for kind, value in own.items()
    }
    scale = statistics.fmean([drawn[kind] for kind in drawn if kind <= FRIDAY]) if weekdays else 1.0
    return {kind: drawn.get(kind, 0.0) / (scale or 1.0) for kind in set(kinds.values())}


def _trimmed(values: list[float]) -> float:
    """The mean with what lies far off the median drawn to its bounds."""
    middle = statistics.median(values)
    low, high = (middle * bound for bound in USUAL)
    return statistics.fmean([min(max(value, low), high) for value in values])


def _weights(ages: Mapping[date, int], factors: Mapping[date, float]) -> dict[int, float]:
    """By age in weeks: a newer week counts more, one with few days less."""
    weights: dict[int, float] = {}
    for day, age in ages.items():
        weights[age] = weights.get(age, 0.0) + factors[day] * _aged(age, LEVEL_HALF_LIFE)
    return weights


def _level(levels: Mapping[int, float], weights: Mapping[int, float]) -> float:
    """The level of the next week: that of the last ones, each kept near the median of the newest of them."""
    middle = statistics.median([levels[age] for age in sorted(levels)[:MEDIAN_WEEKS]])
    low, high = (middle * bound for bound in USUAL)
    whole = sum(weights.values())
    return sum(weights[age] * min(max(level, low), high) for age, level in levels.items()) / whole if whole else middle


def _shares(
    history: History, days: Days, kinds: Mapping[date, int], ages: Mapping[date, int]
) -> dict[int, dict[int, float]]:
    """The share of each half hour, for each kind of day; of few calls it is drawn to that of all days."""
    own: dict[int, dict[int, float]] = {}
    open_for: dict[int, dict[int, float]] = {}
    for day, kind in kinds.items():
        weight = _aged(ages[day], PROFILE_HALF_LIFE)
        came = history.calls.get(day, {})
        for slot, share in days.open_shares(day).items():
            _add(own.setdefault(kind, {}), slot, weight * came.get(slot, 0))
            _add(open_for.setdefault(kind, {}), slot, weight * share)
    common = _rates(own.values(), open_for.values())
    return {kind: _drawn(own[kind], {slot: common[slot] for slot in own[kind]}) for kind in own}


def _rates(own: Iterable[Mapping[int, float]], open_for: Iterable[Mapping[int, float]]) -> dict[int, float]:
    """Calls of each half hour for each time that it was open, over all days."""
    calls: dict[int, float] = {}
    times: dict[int, float] = {}
    for kind_calls, kind_times in zip(own, open_for, strict=True):
        for slot, number in kind_calls.items():
            _add(calls, slot, number)
            _add(times, slot, kind_times[slot])
    return {slot: calls[slot] / times[slot] if times[slot] else 0.0 for slot in calls}


def _drawn(own: Mapping[int, float], common: Mapping[int, float]) -> dict[int, float]:
    whole, usual = sum(own.values()), sum(common.values())
    if not usual:
        return {slot: 1 / len(own) for slot in own}
    return {slot: (own[slot] + COMMON_CALLS * common[slot] / usual) / (whole + COMMON_CALLS) for slot in own}


def _add(sums: dict[int, float], slot: int, number: float) -> None:
    sums[slot] = sums.get(slot, 0.0) + number


def _aged(age: int, half_life: float) -> float:
    return float(0.5 ** (age / half_life))
