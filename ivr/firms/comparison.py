"""What a year would cost a firm at another call centre and at this one, as the document compares them."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ivr.firms.amounts import MonthEstimate, month_estimate
from ivr.lines.centre import CentreRule, Prices
from ivr.rounding import rounded

TENTH: Final = 100_000
"""The unit in which the document prints amounts: a tenth of a million won."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One row of the table, in won a year: `id` is labour, seats, running or carriage."""

    id: str
    other: int
    ours: int


@dataclass(frozen=True, slots=True)
class Side:
    """The sum of a year: exactly, and as printed, where each row is rounded to a tenth of a million won first."""

    exact: int
    tenths: int

    @property
    def millions(self) -> Fraction:
        """As printed, in millions of won."""
        return Fraction(self.tenths, 10)

    @property
    def monthly_millions(self) -> Fraction:
        """A month of it, in millions of won; the document prints thousands there, which is a slip (A12)."""
        return self.millions / 12

    @property
    def monthly(self) -> int:
        """A month of it exactly, parts of a won cut off."""
        return self.exact // 12


@dataclass(frozen=True, slots=True)
class CostTable:
    """The comparison at so many calls a day; `month` is what a month costs here, support included."""

    calls_per_day: int
    monthly_calls: int
    agents: Fraction
    other_agents: int
    supervisors: int
    month: MonthEstimate
    costs: Sequence[Cost]

    @property
    def support(self) -> int:
        """What the support bears of the agents in a year, in won."""
        return 12 * (self.month.gross - self.month.service)

    @property
    def other(self) -> Side:
        """The sum elsewhere."""
        return _side([cost.other for cost in self.costs])

    @property
    def ours(self) -> Side:
        """The sum here."""
        return _side([cost.ours for cost in self.costs])

    @property
    def excess(self) -> Side:
        """What elsewhere costs more; below 0 where it costs less."""
        return Side(self.other.exact - self.ours.exact, self.other.tenths - self.ours.tenths)

    @property
    def share(self) -> Fraction:
        """What it costs here, of what it costs elsewhere, by the printed sums."""
        return Fraction(self.ours.tenths, self.other.tenths)

    @property
    def excess_share(self) -> Fraction:
        """What elsewhere costs more, of what it costs here, by the printed sums."""
        return Fraction(self.excess.tenths, self.ours.tenths)

    @property
    def everybody(self) -> Fraction:
        """Agents here and those who lead them and stand in, as printed (A11)."""
        return Fraction(rounded(self.agents)) + self.supervisors


def compare(rule: CentreRule, *, prices: Prices | None = None, calls_per_day: int | None = None) -> CostTable:
    """The table of the document (A8 to A13), at its own calls a day or at any other number, from 1 on.

    Elsewhere whole agents are hired: as many as the document has at its calls, more or fewer in proportion, begun ones
    whole, under as many supervisors at any number; lines and texts cost in proportion to calls. Here the bands count.
    """
    comparison, mine = rule.comparison, prices or rule.prices
    calls = calls_per_day or comparison.calls_per_day
    monthly = calls * mine.working_days
    month = month_estimate(mine, monthly)
    agents = -(-comparison.agents * calls // comparison.calls_per_day)
    labour = agents * comparison.agent_per_year + comparison.supervisors * comparison.supervisor_per_year
    seats = (agents + comparison.supervisors) * comparison.seat_per_month * 12
    carriage = comparison.carriage_per_month * 12 * calls // comparison.calls_per_day
    return CostTable(
        calls_per_day=calls,
        monthly_calls=monthly,
        agents=Fraction(calls, mine.calls_per_agent_day),
        other_agents=agents,
        supervisors=comparison.supervisors,
        month=month,
        costs=(
            Cost("labour", labour, 12 * month.service),
            Cost("seats", seats, 0),
            Cost("running", 0, 12 * month.base),
            Cost("carriage", carriage, 0),
        ),
    )


def tenths_of(amount: int) -> int:
    """Won as tenths of a million, a half rounded up."""
    return (2 * amount + TENTH) // (2 * TENTH)


def _side(amounts: Sequence[int]) -> Side:
    return Side(sum(amounts), sum(tenths_of(amount) for amount in amounts))
