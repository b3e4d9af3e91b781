"""How far forecasts lay from what came, and whether they are better than the same half hour a week before; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ivr.staffing.forecasting import FEWEST_DAYS, learn
from ivr.staffing.history import History, TooLittleHistory
from ivr.staffing.slots import Days

WEEK: Final = timedelta(days=7)
MOST_WEEKS: Final = 8


@dataclass(frozen=True, slots=True)
class Error:
    """Of so many half hours with so many calls in all: `expected` calls, and the differences added up without sign."""

    slots: int
    calls: int
    expected: float
    missed: float

    @property
    def wape(self) -> float | None:
        """The differences as a share of the calls (weighted absolute percentage error); None where none came."""
        return self.missed / self.calls if self.calls else None

    @property
    def bias(self) -> float | None:
        """How many calls too many (or, below 0, too few) were expected, as a share of those that came."""
        return (self.expected - self.calls) / self.calls if self.calls else None

    @property
    def mean(self) -> float | None:
        """The mean difference of a half hour, in calls."""
        return self.missed / self.slots if self.slots else None


@dataclass(frozen=True, slots=True)
class WeekTested:
    """One week that was forecast from what was known on the day before its first."""

    first: date
    ours: Error
    week_before: Error


@dataclass(frozen=True, slots=True)
class Backtest:
    """Past weeks, forecast as they would have been, beside the same half hour of the last such day that was open."""

    weeks: tuple[WeekTested, ...]

    @property
    def ours(self) -> Error:
        """The error of our forecasts over all weeks."""
        return together(week.ours for week in self.weeks)

    @property
    def week_before(self) -> Error:
        """The error of taking the same half hour a week before."""
        return together(week.week_before for week in self.weeks)


def error_of(pairs: Iterable[tuple[float, int]]) -> Error:
    """The error of pairs of what was expected and what came."""
    slots, calls, expected, missed = 0, 0, 0.0, 0.0
    for forecast, came in pairs:
        slots, calls = slots + 1, calls + came
        expected, missed = expected + forecast, missed + abs(forecast - came)
    return Error(slots, calls, expected, missed)


def together(errors: Iterable[Error]) -> Error:
    """Several errors as one."""
    found = list(errors)
    return Error(
        sum(one.slots for one in found),
        sum(one.calls for one in found),
        sum(one.expected for one in found),
        sum(one.missed for one in found),
    )


def backtest(history: History, days: Days, *, most_weeks: int = MOST_WEEKS) -> Backtest:
    """Forecast the last weeks of the history from what stood before each; raises `TooLittleHistory` below 3 weeks."""
    weeks: list[WeekTested] = []
    first = history.last - WEEK + timedelta(days=1)
    while len(weeks) < most_weeks and (first - history.first).days >= FEWEST_DAYS:
        weeks.append(_tested(history, days, first))
        first -= WEEK
    if not weeks:
        raise TooLittleHistory(
            f"the calls of {days.line.id} are known for {history.days} days: to test a forecast takes "
            f"{FEWEST_DAYS + WEEK.days}"
        )
    return Backtest(tuple(reversed(weeks)))


def _tested(history: History, days: Days, first: date) -> WeekTested:
    model = learn(history.until(first - timedelta(days=1)), days)
    ours: list[tuple[float, int]] = []
    before: list[tuple[float, int]] = []
    for day in (first + timedelta(days=number) for number in range(WEEK.days)):
        came, earlier = history.calls.get(day, {}), _last_such_day(history, days, day)
        for slot, calls in model.calls(day, days).items():
            ours.append((calls, came.get(slot, 0)))
            before.append((earlier.get(slot, 0), came.get(slot, 0)))
    return WeekTested(first, error_of(ours), error_of(before))


def _last_such_day(history: History, days: Days, day: date) -> Mapping[int, int]:
    """What came a week before, or where the line was closed then, on the last such weekday on which it was open."""
    earlier = day - WEEK
    while earlier >= history.first and not days.open_shares(earlier):
        earlier -= WEEK
    return history.calls.get(earlier, {})
