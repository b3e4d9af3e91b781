"""For how long a firm is supported: three years from its selection, and two more after a review (A14)."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from ivr.firms.refusing import FirmRefused
from ivr.lines.centre import CentreRule


def months_after(day: date, months: int) -> date:
    """The same day of another month, `months` later (below 0: before); the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def last_day_of_months(first_day: date, months: int) -> date:
    """The last day of a period of months: the day before the corresponding one, else the last of its month.

    So the Civil Act (art. 160): a year from 29 February ends on the 28th.
    """
    corresponding = months_after(first_day, months)
    is_there = corresponding.day == first_day.day
    return corresponding - timedelta(days=1) if is_there else corresponding


@dataclass(frozen=True, slots=True)
class Support:
    """The days of a firm's support, all included: until `first_last_day` without a review, `last_day` as it is."""

    first_day: date
    first_last_day: date
    last_day: date
    longest_last_day: date
    is_reviewed: bool

    def year_on(self, day: date) -> int:
        """The how manieth year of support it is, 1 at the beginning; 0 before it, and no more than there are."""
        if day < self.first_day:
            return 0
        last = min(day, self.longest_last_day)
        months = (last.year - self.first_day.year) * 12 + last.month - self.first_day.month
        return (months - (last_day_of_months(self.first_day, months) >= last)) // 12 + 1


def support_of(rule: CentreRule, selected_on: date, reviewed_on: date | None) -> Support:
    """The support of a firm that was selected, and perhaps reviewed, on these local days."""
    first = last_day_of_months(selected_on, rule.first_years * 12)
    longest = last_day_of_months(selected_on, (rule.first_years + rule.more_years) * 12)
    reviewed = reviewed_on is not None
    return Support(selected_on, first, longest if reviewed else first, longest, reviewed)


def last_day_of(rule: CentreRule, support: Support, first_day: date) -> date:
    """The last day of a contract that begins on `first_day`: a year (A16), or less where the support ends before (A14).

    Raises `FirmRefused` for a day before the support or after it, and where a review is needed first.
    """
    if first_day < support.first_day:
        raise FirmRefused("before_support", selected_on=str(support.first_day))
    if first_day > support.longest_last_day:
        years = rule.first_years + rule.more_years
        raise FirmRefused("support_over", years=years, last_day=str(support.longest_last_day))
    if first_day > support.last_day:
        raise FirmRefused(
            "review_needed", years=rule.first_years, last_day=str(support.first_last_day), more=rule.more_years
        )
    return min(last_day_of_months(first_day, rule.contract_months), support.last_day)
