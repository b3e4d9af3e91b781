"""The half hours of a local day, which of them a line is open in, and to which kind of day a day belongs."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from ivr.lines.calendar import Calendar
from ivr.lines.hours import SUNDAY, open_spans
from ivr.lines.model import Line

SLOT_MINUTES: Final = 30
SLOTS: Final = 48
FRIDAY = 4


def minute_of(slot: int) -> int:
    """The local minute of the day with which a half hour begins."""
    return slot * SLOT_MINUTES


def written_minute(minute: int) -> str:
    """A minute of the day as a clock shows it, `09:30`; the end of the day is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def written_slot(slot: int) -> str:
    """The beginning of a half hour as a clock shows it."""
    return written_minute(minute_of(slot))


class Days:
    """The days of one line: what is asked of the calendar once is remembered."""

    def __init__(self, line: Line, calendar: Calendar) -> None:
        self.line = line
        self.calendar = calendar
        self._open: dict[date, Mapping[int, float]] = {}

    def are_of(self, other: "Days") -> bool:
        """Whether these are of the very same line and calendar: an edition makes other ones."""
        return self.line is other.line and self.calendar is other.calendar

    def open_shares(self, day: date) -> Mapping[int, float]:
        """The half hours in which the line is open on a local day, each with the share (0 to 1) for which it is."""
        if day not in self._open:
            self._open[day] = self._shares(day)
        return self._open[day]

    def kind(self, day: date) -> int:
        """The weekday (0 Monday) that a day is like: a holiday on which the line is open is like a Sunday."""
        return SUNDAY if self.holiday(day) else day.weekday()

    def holiday(self, day: date) -> str:
        """The name of the holiday, empty where it is none."""
        return self.calendar.holiday(day, self.line.id)

    def _shares(self, day: date) -> dict[int, float]:
        shares: dict[int, float] = {}
        for span in open_spans(self.line, self.calendar, day):
            for slot in range(span.opens // SLOT_MINUTES, -(-span.closes // SLOT_MINUTES)):
                begins = minute_of(slot)
                minutes = min(span.closes, begins + SLOT_MINUTES) - max(span.opens, begins)
                shares[slot] = shares.get(slot, 0.0) + minutes / SLOT_MINUTES
        return dict(sorted(shares.items()))
