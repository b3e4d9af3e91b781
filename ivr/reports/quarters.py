"""Months, quarters and years, as results are told for: `2026-11`, `2026Q4`, `2026`, with their first and last days."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeAlias

WRITTEN = re.compile(r"(\d{4})-?[Qq]([1-4])")
WRITTEN_MONTH, WRITTEN_YEAR = re.compile(r"(\d{4})-(0[1-9]|1[0-2])"), re.compile(r"\d{4}")
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


@dataclass(frozen=True, slots=True)
class Year:
    """A year; days are local ones, both ends included."""

    year: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, 12, 31)

    def __str__(self) -> str:
        return f"{self.year:04}"


class Stretch(Protocol):
    """A time of whole local days, both ends included."""

    @property
    def first(self) -> date:
        """Its first day."""

    @property
    def last(self) -> date:
        """Its last day."""


Named: TypeAlias = Month | Quarter | Year


def read_stretch(written: str) -> Named:
    """Read `2026-11`, `2026Q4` or `2026`. Raises ValueError in plain words."""
    month = WRITTEN_MONTH.fullmatch(written)
    year = int(month[1]) if month else int(written) if WRITTEN_YEAR.fullmatch(written) else None
    if year is None:
        return read_quarter(written)
    if not FIRST_YEAR <= year < LAST_YEAR:
        raise ValueError(f"{written!r} lies in the year {year}: give one from {FIRST_YEAR} to {LAST_YEAR - 1}")
    return Month(year, int(month[2])) if month else Year(year)


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def months_until(month: Month, count: int) -> list[Month]:
    """So many months in a row, `month` the last of them."""
    last = month.year * 12 + month.number - 1
    return [Month(number // 12, number % 12 + 1) for number in range(last - count + 1, last + 1)]


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
