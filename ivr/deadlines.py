"""By when a promise has to be kept: a limit counted from a moment in one of four time bases, in local days."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import assert_never

from ivr.charters.limits import Limit
from ivr.charters.terms import Basis
from ivr.lines.calendar import Calendar
from ivr.lines.hours import SATURDAY, SEOUL, SUNDAY, moment_of, open_spans
from ivr.lines.model import Line
from ivr.lines.spans import Span

# Office hours of public bodies, eight a day: periods of up to five days are counted in them
# (Civil Petitions Treatment Act, article 19).
OFFICE_HOURS = (Span(9 * 60, 12 * 60), Span(13 * 60, 18 * 60))
FURTHEST_DAYS = 400

SpansOf = Callable[[date], tuple[Span, ...]]


class NoDeadline(Exception):
    """The institution does not work long enough within a year and more to count the limit out."""


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When one institution works: its line's opening hours, its holidays, and office hours for whole days."""

    line: Line
    calendar: Calendar

    def due(self, since: datetime, limit: Limit, basis: Basis) -> datetime:
        """The first moment (UTC) at which `limit`, counted from `since` (aware), is over; kept means before it.

        Hours and minutes of `working_hours_8` are opening hours of the line, its days are eight office hours on
        business days. Of `business_days` the first day counts; of `calendar_days` it does not, and the last one
        moves on from a day off (Civil Act, articles 157 and 161). Both end with their last day.
        Raises `NoDeadline`.
        """
        match basis:
            case "calendar_hours":
                return since.astimezone(UTC) + timedelta(minutes=limit.working_minutes)
            case "working_hours_8":
                spans = self._office if limit.unit == "days" else self._opening
                return self._counted(since, timedelta(minutes=limit.working_minutes), spans)
            case "business_days":
                return _end_of(self._business_day(_local(since), limit.amount))
            case "calendar_days":
                return _end_of(self._business_day(_local(since) + timedelta(days=limit.amount), 1))
            case unreachable:
                assert_never(unreachable)

    def is_business_day(self, day: date) -> bool:
        """Monday to Friday, and no holiday of the institution; a day of shorter hours is one."""
        return day.weekday() not in {SATURDAY, SUNDAY} and not self.calendar.holiday(day, self.line.id)

    def _opening(self, day: date) -> tuple[Span, ...]:
        return open_spans(self.line, self.calendar, day)

    def _office(self, day: date) -> tuple[Span, ...]:
        if not self.is_business_day(day):
            return ()
        special = self.calendar.special_hours(day, self.line.id)
        return OFFICE_HOURS if special is None else tuple(_common(OFFICE_HOURS, special))

    def _counted(self, since: datetime, length: timedelta, spans: SpansOf) -> datetime:
        """Where `length` of working time is over: the closing moment itself still belongs to the day."""
        left = length
        for opens, closes in _stretches(since, spans):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise NoDeadline(f"{self.line.id} works less than {length} in {FURTHEST_DAYS} days: look at its hours")

    def _business_day(self, first: date, count: int) -> date:
        """The business day with this number, from 1, on or after `first`."""
        days = (day for day in _days(first) if self.is_business_day(day))
        found = next((day for number, day in enumerate(days, start=1) if number == count), None)
        if found is None:
            raise NoDeadline(f"{self.line.id} has less than {count} business days in {FURTHEST_DAYS} days")
        return found


def _local(at: datetime) -> date:
    return at.astimezone(SEOUL).date()


def _end_of(day: date) -> datetime:
    return moment_of(day + timedelta(days=1), 0)


def _days(first: date) -> Iterator[date]:
    return (first + timedelta(days=ahead) for ahead in range(FURTHEST_DAYS))


def _stretches(since: datetime, spans: SpansOf) -> Iterator[tuple[datetime, datetime]]:
    for day in _days(_local(since)):
        for span in spans(day):
            opens, closes = max(moment_of(day, span.opens), since.astimezone(UTC)), moment_of(day, span.closes)
            if opens < closes:
                yield opens, closes


def _common(some: tuple[Span, ...], others: tuple[Span, ...]) -> Iterator[Span]:
    for one in some:
        for other in others:
            opens, closes = max(one.opens, other.opens), min(one.closes, other.closes)
            if opens < closes:
                yield Span(opens, closes)
