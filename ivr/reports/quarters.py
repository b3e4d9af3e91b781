"""A quarter of a year, as reports are made for: `2026Q4`, its months and its first and last day."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

WRITTEN = re.compile(r"(\d{4})-?[Qq]([1-4])")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of a year."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months; days are local ones, both ends included."""

    year: int
    number: int

    @property
    def months(self) -> tuple[Month, ...]:
        """Its three months, in order."""
        return tuple(Month(self.year, 3 * self.number - 2 + place) for place in range(3))

    @property
    def first(self) -> date:
        """Its first day."""
        return self.months[0].first

    @property
    def last(self) -> date:
        """Its last day."""
        return self.months[-1].last

    def days(self) -> Iterator[date]:
        """Every day of it."""
        return map(date.fromordinal, range(self.first.toordinal(), self.last.toordinal() + 1))

    def __str__(self) -> str:
        return f"{self.year:04}Q{self.number}"


def read_quarter(written: str) -> Quarter:
    """Read `2026Q4` (also `2026-Q4`, `2026q4`). Raises ValueError in plain words."""
    found = WRITTEN.fullmatch(written.strip())
    if found is None:
        raise ValueError(f"{written!r} is no quarter: write the year and the quarter like 2026Q4")
    year = int(found[1])
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise ValueError(f"{written!r} lies in the year {year}: give one from {FIRST_YEAR} to {LAST_YEAR - 1}")
    return Quarter(year, int(found[2]))


def month_of(day: date) -> Month:
    """The month in which a day lies."""
    return Month(day.year, day.month)
