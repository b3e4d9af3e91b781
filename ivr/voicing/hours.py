"""When a text may be read out by telephone: while the line is open, and between 09:00 and 20:00 in Seoul at most."""

from datetime import datetime, time, timedelta

from ivr.deadlines import WorkingTime
from ivr.dialling.hours import dial_from
from ivr.lines.hours import SEOUL, moment_of

# A notice is nobody's own wish to be rung at supper: narrower than what customers have asked for.
BEGINS, ENDS = time(9), time(20)
# An opening outside these hours leads to the next morning: that is the end of it.
MOST_STEPS = 5


def reading_from(working: WorkingTime, at: datetime) -> datetime | None:
    """The first moment from `at` on (aware; UTC) at which people may be rung for it; None within the next 60 days."""
    moment = at
    for _ in range(MOST_STEPS):
        dialled_from = dial_from(working, moment)
        if dialled_from is None or _by_day(dialled_from) == dialled_from:
            return dialled_from
        moment = _by_day(dialled_from)
    return None


def _by_day(at: datetime) -> datetime:
    local = at.astimezone(SEOUL)
    if BEGINS <= local.time() < ENDS:
        return at
    day = local.date() + timedelta(days=local.time() >= ENDS)
    return moment_of(day, BEGINS.hour * 60)
