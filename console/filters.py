"""How templates write moments, spans, amounts and numbers of telephones: by the clock in Seoul, masked."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final

from console.visitor import wording
from ivr import rounding
from ivr.cases.telling import until_words
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber, mask_numbers
from ivr.people.masking import masked_name

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def moment(at: datetime | None) -> str:
    """A moment to the minute, by the clock in Seoul: 2026-11-22 09:05; nothing for None."""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}" if at else ""


def clock(at: datetime | None) -> str:
    """The time of day to the second."""
    return f"{at.astimezone(SEOUL):%H:%M:%S}" if at else ""


def short_clock(at: datetime | None) -> str:
    """The time of day to the minute."""
    return f"{at.astimezone(SEOUL):%H:%M}" if at else ""


def machine(at: datetime) -> str:
    """A moment for the `datetime` of a time element, with its zone."""
    return at.astimezone(SEOUL).isoformat(timespec="milliseconds")


def day(when: datetime | date | None) -> str:
    """A day with its weekday, in words."""
    if when is None:
        return ""
    local = when.astimezone(SEOUL).date() if isinstance(when, datetime) else when
    weekday = wording().say(f"common.weekday.{WEEKDAYS[local.weekday()]}")
    return wording().say("common.day", year=local.year, month=local.month, day=local.day, weekday=weekday)


def span(length: timedelta | float | None) -> str:
    """A length of time (seconds, or a timedelta) in its two largest units, in words; nothing for None."""
    if length is None:
        return ""
    seconds = int(length.total_seconds() if isinstance(length, timedelta) else length)
    sign, seconds = ("-" if seconds < 0 else ""), abs(seconds)
    days, hours, minutes = seconds // 86400, seconds // 3600 % 24, seconds // 60 % 60
    say = wording().say
    if days:
        return sign + say("common.days_hours", days=days, hours=hours)
    if hours:
        return sign + say("common.hours_minutes", hours=hours, minutes=minutes)
    if minutes:
        return sign + say("common.minutes_seconds", minutes=minutes, seconds=seconds % 60)
    return sign + say("common.seconds", seconds=seconds)


def stopwatch(length: timedelta | float | None) -> str:
    """A length of time as a clock shows it: 4:07, 1:02:03; nothing for None."""
    if length is None:
        return ""
    seconds = max(0, int(length.total_seconds() if isinstance(length, timedelta) else length))
    minutes = f"{seconds // 60 % 60:02}" if seconds >= 3600 else f"{seconds // 60 % 60}"
    return (f"{seconds // 3600}:" if seconds >= 3600 else "") + f"{minutes}:{seconds % 60:02}"


def number(count: int | float | None) -> str:
    """A count with separators."""
    return "" if count is None else f"{count:,}"


def won(amount: int | None) -> str:
    """An amount of money."""
    return "" if amount is None else wording().say("common.won", amount=f"{amount:,}")


def percent(share: float | Fraction | None) -> str:
    """A share in percent with one decimal; a dash for None."""
    return "–" if share is None else f"{rounding.percent(share)} %"


def masked(value: PhoneNumber | str | None) -> str:
    """A telephone number with its middle hidden; E.164 or as typed; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, PhoneNumber):
        return value.masked
    return PhoneNumber.parse(value).masked


def public(value: str | None) -> str:
    """A number of an institution in the form people read: E.164 in, 1544-1120 out."""
    return PhoneNumber.parse(value).national if value else ""


FILTERS: Final[Mapping[str, Callable[..., str | None]]] = {
    "moment": moment,
    "clock": clock,
    "short_clock": short_clock,
    "machine": machine,
    "day": day,
    "span": span,
    "stopwatch": stopwatch,
    "number": number,
    "won": won,
    "percent": percent,
    "masked": masked,
    "public": public,
    "masked_name": masked_name,
    "until": until_words,
    "numbers_hidden": mask_numbers,
}
