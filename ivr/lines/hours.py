"""Is a line open at a moment, why not, and when does it open again; local time is used only in here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from ivr.lines.calendar import Calendar
from ivr.lines.model import Line
from ivr.lines.spans import Span
from ivr.messages.texts import Spoken, Texts

SEOUL = ZoneInfo("Asia/Seoul")
SATURDAY, SUNDAY = 5, 6
FURTHEST_DAYS = 60

Reason = Literal["night", "weekend", "holiday", "lunch"]
SpansOn: TypeAlias = Callable[[date], tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Open:
    """Open until `closes_at` (UTC)."""

    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """Closed; `opens_at` (UTC) is None when the line does not open within 60 days."""

    reason: Reason
    opens_at: datetime | None
    holiday: str = ""


def is_open(line: Line, calendar: Calendar, at: datetime) -> Open | Closed:
    """Is the line open at `at` (aware)? A closed line says why, and when it opens."""
    holiday = calendar.holiday(at.astimezone(SEOUL).date(), line.id)
    return state_at(lambda day: open_spans(line, calendar, day), at, holiday=holiday)


def state_at(spans_on: SpansOn, at: datetime, *, holiday: str) -> Open | Closed:
    """The state at `at` (aware) of whatever is open in these spans; `holiday` is the name of the day, if it has one."""
    local = at.astimezone(SEOUL)
    spans = spans_on(local.date())
    minute = local.hour * 60 + local.minute
    for span in spans:
        if span.opens <= minute < span.closes:
            return Open(moment_of(local.date(), span.closes))
    opens_at = _next_opening(spans_on, at)
    return Closed(_reason(spans, minute, local=local, holiday=holiday), opens_at, holiday)


def next_opening(line: Line, calendar: Calendar, at: datetime) -> datetime | None:
    """The first opening after `at`, in UTC; None when there is none within 60 days."""
    return _next_opening(lambda day: open_spans(line, calendar, day), at)


def _next_opening(spans_on: SpansOn, at: datetime) -> datetime | None:
    today = at.astimezone(SEOUL).date()
    for day in (today + timedelta(days=ahead) for ahead in range(FURTHEST_DAYS)):
        for span in spans_on(day):
            opens_at = moment_of(day, span.opens)
            if opens_at > at:
                return opens_at
    return None


def open_spans(line: Line, calendar: Calendar, day: date) -> tuple[Span, ...]:
    """The spans in which the line is open on a local day."""
    special = calendar.special_hours(day, line.id)
    if special is not None:
        return special
    hours = line.hours_on(day)
    if calendar.holiday(day, line.id):
        return hours.holidays
    by_weekday = {SATURDAY: hours.saturday, SUNDAY: hours.sunday}
    return by_weekday.get(day.weekday(), hours.weekdays)


def closed_notice(closed: Closed, at: datetime, texts: Texts) -> Spoken:
    """What a caller hears while the line is closed: why, and when it opens."""
    if closed.opens_at is None:
        return texts.say("closed.unknown")
    opens = (closed.opens_at.astimezone(SEOUL), at.astimezone(SEOUL))
    if closed.reason == "holiday":
        return texts.say("closed.holiday", holiday=closed.holiday, opens=opens)
    return texts.say(f"closed.{closed.reason}", opens=opens)


def _reason(spans: tuple[Span, ...], minute: int, *, local: datetime, holiday: str) -> Reason:
    if holiday:
        return "holiday"
    if not spans and local.weekday() in {SATURDAY, SUNDAY}:
        return "weekend"
    between = bool(spans) and spans[0].closes <= minute < spans[-1].opens
    return "lunch" if between else "night"


def moment_of(day: date, minute: int) -> datetime:
    """The moment (UTC) so many minutes after the midnight with which a local day begins."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=SEOUL)
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)
