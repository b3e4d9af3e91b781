"""Months as bills name them: `2026-10` is a month in Seoul."""

from datetime import datetime, timedelta

from ivr.billing.refusing import BillRefused
from ivr.lines.hours import SEOUL, moment_of
from ivr.reports.quarters import Month, month_of, read_stretch


def read_month(written: str) -> Month:
    """Read `2026-10`; raises `BillRefused` in plain words."""
    try:
        found = read_stretch(written.strip())
    except ValueError:
        raise BillRefused("bad_month", month=written[:20]) from None
    if not isinstance(found, Month):
        raise BillRefused("bad_month", month=written[:20])
    return found


def month_at(at: datetime) -> Month:
    """The month in Seoul in which a moment lies."""
    return month_of(at.astimezone(SEOUL).date())


def after(month: Month) -> Month:
    """The next month."""
    return month_of(month.last + timedelta(days=1))


def before(month: Month) -> Month:
    """The month before."""
    return month_of(month.first - timedelta(days=1))


def days_of(month: Month) -> int:
    """How many days it has."""
    return month.last.day


def begin_of(month: Month) -> datetime:
    """Its first moment (UTC)."""
    return moment_of(month.first, 0)


def end_of(month: Month) -> datetime:
    """The first moment (UTC) after it."""
    return moment_of(month.last + timedelta(days=1), 0)
