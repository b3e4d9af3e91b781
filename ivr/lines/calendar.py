"""Which days are holidays: the public ones of Korea, corrected by the installation's own table."""

import datetime
from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from ivr.faults import BadData, Fault, refuse_errors
from ivr.lines.shapes import Shape
from ivr.lines.spans import DAY, Span, Spans
from ivr.lines.wording import in_words

FILE = "holidays.toml"
WHOLE_DAY = Span(0, DAY)


class DayRule(Shape):
    """A day that differs: a late holiday, a working holiday, a half day; `lines` empty means all of them."""

    date: datetime.date
    change: Literal["closed", "open", "hours"]
    reason: Annotated[str, Field(min_length=1)]
    hours: Spans = ()
    lines: tuple[str, ...] = ()

    def concerns(self, day: datetime.date, line_id: str) -> bool:
        """Does this rule hold for that line on that day?"""
        return self.date == day and (not self.lines or line_id in self.lines)


class Table(Shape):
    """The file: special days, and the public holidays of the years that were worked out beforehand."""

    day: tuple[DayRule, ...] = ()
    public: Mapping[str, Mapping[str, str]] = {}


class Calendar:
    """Answers for one line and one local day; a later rule of the table overrides an earlier one."""

    is_always_open = False

    def __init__(self, rules: tuple[DayRule, ...] = (), public: Mapping[date, str] | None = None) -> None:
        self.rules = rules
        self.public = public or {}
        self._years = {day.year for day in self.public}

    def rule(self, day: date, line_id: str) -> DayRule | None:
        """The table's last word on this day, if it has one."""
        return next((rule for rule in reversed(self.rules) if rule.concerns(day, line_id)), None)

    def holiday(self, day: date, line_id: str) -> str:
        """The name of the holiday that this day is for this line, empty when it is none."""
        rule = self.rule(day, line_id)
        if rule is not None:
            return rule.reason if rule.change == "closed" else ""
        known = self.public if day.year in self._years else public_holidays(day.year)
        return known.get(day, "")

    def strangers(self, line_ids: Collection[str], file: str = FILE) -> list[Fault]:
        """Name the rules that are for lines which do not exist."""
        return [
            Fault(file, f"day.{index}.lines", f"names the line {id!r}, which is not there: correct the id")
            for index, rule in enumerate(self.rules)
            for id in rule.lines
            if id not in line_ids
        ]

    def special_hours(self, day: date, line_id: str) -> tuple[Span, ...] | None:
        """The hours that the table sets for this day, None where it sets none."""
        rule = self.rule(day, line_id)
        return rule.hours if rule is not None and rule.change == "hours" else None


class AlwaysOpen(Calendar):
    """Every line is open at all hours, to try things out at any time; holidays count for dates all the same."""

    is_always_open = True

    def special_hours(self, day: date, line_id: str) -> tuple[Span, ...] | None:
        """The whole day."""
        return (WHOLE_DAY,)


@lru_cache(maxsize=8)
def public_holidays(year: int) -> Mapping[date, str]:
    """Work out the public holidays of Korea, substitutes included, with their Korean names.

    For years that the table does not hold: the library takes 40 MB and half a second on its first use.
    """
    import holidays

    return dict(holidays.country_holidays("KR", years=year, language="ko"))


def installed_calendar(document: Mapping[str, object], *, always_open: bool) -> Calendar:
    """The calendar of an installation, which may treat every line as always open; raises `BadData`."""
    calendar = load_calendar(document)
    return AlwaysOpen(calendar.rules, calendar.public) if always_open else calendar


def load_calendar(document: Mapping[str, object], file: str = FILE) -> Calendar:
    """Build the calendar from `[[day]]` rules and `[public.YEAR]` tables; raises `BadData`."""
    try:
        table = Table.model_validate(document)
    except ValidationError as error:
        raise BadData([in_words(item, file) for item in error.errors()]) from None
    public: dict[date, str] = {}
    faults: list[Fault] = []
    for year, days in table.public.items():
        for day, name in days.items():
            try:
                public[date.fromisoformat(f"{year}-{day}")] = name
            except ValueError:
                faults.append(Fault(file, f"public.{year}.{day}", 'is no day: write [public.2026] and "01-31"'))
    refuse_errors(faults)
    return Calendar(table.day, public)
