"""What the past of a line or team teaches: its pattern, and how far forecasts by it would have lain from what came."""

from dataclasses import dataclass
from functools import cached_property

from ivr.staffing.errors import Backtest, backtest
from ivr.staffing.forecasting import Model, learn
from ivr.staffing.history import History, TooLittleHistory
from ivr.staffing.slots import Days


@dataclass(frozen=True)
class Lesson:
    """A history and what was learnt from it."""

    history: History
    days: Days
    model: Model

    @cached_property
    def tested(self) -> Backtest | None:
        """The error on past weeks; None where there are too few of them."""
        try:
            return backtest(self.history, self.days)
        except TooLittleHistory:
            return None


def lesson_of(history: History, days: Days) -> Lesson:
    """What this history teaches; raises `TooLittleHistory` for fewer than 14 days, or none of them open."""
    return Lesson(history, days, learn(history, days))
