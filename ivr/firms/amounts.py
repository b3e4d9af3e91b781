"""What a month of so many calls would cost a firm, and from it what the firm leaves as security; all in won."""

from dataclasses import dataclass
from datetime import date, timedelta

from ivr.billing.reckoning import MONTHS, bands_of, labour_of
from ivr.firms.rows import SecurityKind
from ivr.firms.support import months_after
from ivr.lines.centre import Prices, SecurityRule


@dataclass(frozen=True, slots=True)
class MonthEstimate:
    """A whole month: `bands` begun, what their agents cost, the firm's share of it (`service`), and its `base` fee."""

    bands: int
    gross: int
    service: int
    base: int

    @property
    def owed(self) -> int:
        """What the firm bears of the month."""
        return self.service + self.base


def month_estimate(prices: Prices, calls: int) -> MonthEstimate:
    """The cost of a month of so many handled calls: each band that is begun counts whole (A8, A9, A10).

    Parts of a won are cut off the firm's share; the support takes the rest.
    """
    bands = bands_of(prices, calls)
    gross = labour_of(prices, bands)
    return MonthEstimate(bands, int(gross), int(gross * prices.firm_percent / 100), prices.base_per_year // MONTHS)


def needed(rule: SecurityRule, prices: Prices, kind: SecurityKind, *, monthly_calls: int) -> int:
    """The least that stands behind a contract of so many calls (A16): months of its band, or the least deposit."""
    months = rule.months * month_estimate(prices, monthly_calls).owed
    return max(months, rule.least_deposit) if kind is SecurityKind.DEPOSIT else months


def due_on(rule: SecurityRule, kind: SecurityKind, first_day: date) -> date:
    """The last day on which it may be received: a deposit `due_months` before the first, a bond the day before."""
    return months_after(first_day, -rule.due_months) if kind is SecurityKind.DEPOSIT else first_day - timedelta(days=1)


def first_day_after(rule: SecurityRule, received_on: date) -> date:
    """The first day from which on a contract may begin whose deposit came on a day."""
    day = months_after(received_on, rule.due_months)
    while due_on(rule, SecurityKind.DEPOSIT, day) < received_on:
        day += timedelta(days=1)
    return day
