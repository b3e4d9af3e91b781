"""The hours of the day at which a text does not wake anybody: 08:00 to 21:00 in Seoul."""

from datetime import datetime, time, timedelta

from ivr.lines.hours import SEOUL, moment_of

BEGINS, ENDS = time(8), time(21)
MINUTES_TO_BEGIN = BEGINS.hour * 60


def daytime(at: datetime) -> datetime:
    """This moment, or by night the next 08:00 (UTC)."""
    local = at.astimezone(SEOUL)
    if BEGINS <= local.time() < ENDS:
        return at
    day = local.date() + timedelta(days=local.time() >= ENDS)
    return moment_of(day, MINUTES_TO_BEGIN)


def daytime_before(at: datetime) -> datetime:
    """This moment, or by night the minute before the 21:00 that began it (UTC)."""
    local = at.astimezone(SEOUL)
    if BEGINS <= local.time() < ENDS:
        return at
    day = local.date() - timedelta(days=local.time() < BEGINS)
    return moment_of(day, ENDS.hour * 60 - 1)
