"""When a client firm is answered for: within the hours of its line, by its own where it has any."""

from datetime import date, datetime

from ivr.lines.calendar import Calendar
from ivr.lines.firms import Firm
from ivr.lines.hours import SATURDAY, SEOUL, SUNDAY, Closed, Open, open_spans, state_at
from ivr.lines.model import Line
from ivr.lines.spans import Span, both


def is_firm_open(line: Line, firm: Firm, calendar: Calendar, *, at: datetime) -> Open | Closed:
    """Is the firm answered for at `at` (aware)? A closed one says why, and when it is again.

    It looks at the hours alone, not at the day from which nobody answers for it any more.
    """

    def spans(day: date) -> tuple[Span, ...]:
        return firm_spans(line, firm, calendar, day=day)

    holiday = calendar.holiday(at.astimezone(SEOUL).date(), line.id)
    return state_at(spans, at, holiday=holiday)


def firm_spans(line: Line, firm: Firm, calendar: Calendar, *, day: date) -> tuple[Span, ...]:
    """The spans in which the firm is answered for on a local day; a special day of the line counts as its weekday."""
    of_line = open_spans(line, calendar, day)
    if firm.hours is None:
        return of_line
    if calendar.holiday(day, line.id):
        return both(of_line, firm.hours.holidays)
    by_weekday = {SATURDAY: firm.hours.saturday, SUNDAY: firm.hours.sunday}
    return both(of_line, by_weekday.get(day.weekday(), firm.hours.weekdays))
