"""From the database to a plan: the history up to yesterday, what it teaches, and the shifts of the days."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Final, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.figures.rows import DayFigure, Dimension
from ivr.staffing.history import read_history
from ivr.staffing.lessons import Lesson, lesson_of
from ivr.staffing.needing import Target
from ivr.staffing.planning import DayPlan, Planning
from ivr.staffing.shifts import shifts_of
from ivr.staffing.slots import Days

Sums: TypeAlias = tuple[int | None, ...]
# A year of half hours and their model are about 1 MiB.
MOST_REMEMBERED: Final = 24


def read_lesson(session: Session, days: Days, *, team: str = "", today: date) -> Lesson:
    """What was known of a line or team yesterday; raises `TooLittleHistory`."""
    return lesson_of(read_history(session, days.line, team=team, last=today - timedelta(days=1)), days)


@dataclass(frozen=True, slots=True)
class _Remembered:
    days: Days
    sums: Sums
    lesson: Lesson


class Memory:
    """Lessons of a process that shows pages: a year of calls is read again only when its sums have changed.

    The sums are those of the line's days: calls, who asked for an agent, and the seconds of talks and wrap-ups.
    """

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str, date], _Remembered] = OrderedDict()
        self._lock = Lock()

    def lesson(self, session: Session, days: Days, *, team: str = "", today: date) -> Lesson:
        """As `read_lesson`; the line and calendar of `days` must be the same ones for it to be remembered."""
        key, sums = (days.line.id, team, today), _sums(session, days.line.id, today)
        with self._lock:
            known = self._kept.get(key)
        if known is not None and known.sums == sums and known.days.are_of(days):
            return known.lesson
        lesson = read_lesson(session, days, team=team, today=today)
        with self._lock:
            self._kept[key] = _Remembered(days, sums, lesson)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST_REMEMBERED:
                self._kept.popitem(last=False)
        return lesson


def _sums(session: Session, line_id: str, today: date) -> Sums:
    row = DayFigure
    asked = select(*(func.sum(column) for column in (row.calls, row.asked, row.talk_ms, row.wrap_ms)))
    of_line = asked.where(row.dimension == Dimension.LINE, row.line == line_id, row.day < today)
    return tuple(None if value is None else int(value) for value in session.execute(of_line).one())


def plans_of(session: Session, planning: Planning, *, team: str = "", first: date, last: date) -> list[DayPlan]:
    """The plans of days with the shifts that hold on them."""
    shifts = shifts_of(session, planning.days.line, team=team, first=first, last=last)
    return planning.between(first, last, shifts)


def planning_of(session: Session, days: Days, *, team: str = "", target: Target, today: date) -> Planning:
    """What plans of a line are made from, by what was known yesterday; raises `TooLittleHistory`."""
    return Planning(read_lesson(session, days, team=team, today=today), target)


def missing_by_weekday(plans: list[DayPlan]) -> dict[int, dict[int, int]]:
    """Who is missing on the days of a week: by weekday (0 Monday) and half hour, closed days left out."""
    return {plan.day.weekday(): {one.slot: one.missing for one in plan.slots} for plan in plans if plan.slots}
