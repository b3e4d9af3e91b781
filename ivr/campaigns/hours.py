"""When a campaign may ring: the days and hours of its plan, in local time, and never on a holiday unless it says so."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ivr.campaigns.plan import Plan
from ivr.lines.calendar import WHOLE_DAY, Calendar
from ivr.lines.hours import SEOUL, moment_of
from ivr.lines.spans import Span

FURTHEST_DAYS = 400


def may_dial_now(plan: Plan, calendar: Calendar, at: datetime, *, line: str) -> bool:
    """Whether the plan allows to ring at `at` (aware), to the second; what the law says of nights is asked elsewhere.

    An installation that is always open rings at all hours, on the days of the plan.
    """
    local = at.astimezone(SEOUL)
    minute = local.hour * 60 + local.minute
    spans = dialling_spans(plan, calendar, local.date(), line=line)
    return any(span.opens <= minute < span.closes for span in spans)


def dial_from(plan: Plan, calendar: Calendar, at: datetime, *, line: str) -> datetime | None:
    """The first moment (UTC), `at` itself included, at which the plan allows to ring; None when it never does again."""
    for opens, _ in dialling_times(plan, calendar, at, line=line):
        return opens
    return None


def dialling_times(plan: Plan, calendar: Calendar, at: datetime, *, line: str) -> Iterator[tuple[datetime, datetime]]:
    """The stretches (UTC) in which the plan allows to ring, from `at` on, within 400 days."""
    today = at.astimezone(SEOUL).date()
    first = max(today, plan.starts_on or today)
    last = min(plan.ends_on or date.max, first + timedelta(days=FURTHEST_DAYS))
    for day in (first + timedelta(days=ahead) for ahead in range((last - first).days + 1)):
        for span in dialling_spans(plan, calendar, day, line=line):
            opens, closes = max(moment_of(day, span.opens), at), moment_of(day, span.closes)
            if opens < closes:
                yield opens, closes


def dialling_spans(plan: Plan, calendar: Calendar, day: date, *, line: str) -> tuple[Span, ...]:
    """The spans of one local day; empty before the plan starts and after it ends."""
    if (plan.starts_on and day < plan.starts_on) or is_over(plan, day):
        return ()
    if calendar.is_always_open:
        return (WHOLE_DAY,)
    if calendar.holiday(day, line):
        return plan.hours.holidays
    return plan.hours.week[day.weekday()]


def is_over(plan: Plan, day: date) -> bool:
    """Whether the last day of the plan lies before this local day."""
    return plan.ends_on is not None and day > plan.ends_on
