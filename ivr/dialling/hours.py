"""When customers may be dialled: while the line is open, and never before 08:00 or after 21:00 in Seoul."""

from datetime import datetime

from ivr.deadlines import WorkingTime
from ivr.lines.daytime import daytime
from ivr.lines.hours import Open, is_open, next_opening

# An opening before 08:00 leads to 08:00, an opening after 21:00 to the next day: that is the end of it.
MOST_STEPS = 5


def may_dial(working: WorkingTime, at: datetime) -> bool:
    """Whether a customer's telephone may be rung at `at` (aware)."""
    by_day = working.calendar.is_always_open or daytime(at) == at
    return by_day and isinstance(is_open(working.line, working.calendar, at), Open)


def dial_from(working: WorkingTime, at: datetime) -> datetime | None:
    """The first moment from `at` on (UTC) at which customers may be dialled; None within the next 60 days."""
    moment: datetime | None = at
    for _ in range(MOST_STEPS):
        if moment is None or may_dial(working, moment):
            return moment
        by_day = daytime(moment)
        moment = by_day if by_day != moment else next_opening(working.line, working.calendar, moment)
    return None
