"""The plan of some days: calls that are expected, agents who are enough for them, and who is planned; pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from ivr.staffing.erlang import Expected
from ivr.staffing.history import History
from ivr.staffing.lessons import Lesson
from ivr.staffing.needing import Needed, Target, agents_by_rule, expect_planned, needed_for, offered_in_slot
from ivr.staffing.rows import Shift
from ivr.staffing.shifts import planned_on
from ivr.staffing.slots import SLOT_MINUTES, Days, minute_of, written_slot

HOUR: Final = 60
DIGITS: Final = 12
# A line that is never closed has half hours in which nobody calls: they are no part of a plan.
FEWEST_CALLS: Final = 0.005


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """One half hour: `calls` expected, each of `work` seconds; who is needed, how many are planned."""

    slot: int
    calls: float
    work: float
    needed: Needed
    planned: int

    @property
    def begins_at(self) -> str:
        """Its beginning as a clock shows it."""
        return written_slot(self.slot)

    @property
    def missing(self) -> int:
        """How many more must be planned."""
        return max(0, self.needed.planned - self.planned)

    def expected(self, target: Target, *, more: int = 0) -> Expected:
        """What callers meet with those who are planned, and so many more."""
        return expect_planned(offered_in_slot(self.calls, self.work, target), self.planned + more, target)


@dataclass(frozen=True, slots=True)
class DayPlan:
    """One local day, from the first to the last half hour that has calls or planned agents.

    `by_rule` is how many agents the rule of thumb gives it.
    """

    day: date
    is_open: bool
    holiday: str
    slots: tuple[SlotPlan, ...]
    by_rule: float

    @property
    def calls(self) -> float:
        """The calls that are expected."""
        return sum(one.calls for one in self.slots)

    @property
    def most_needed(self) -> int:
        """The most agents who must be planned in a half hour."""
        return max((one.needed.planned for one in self.slots), default=0)

    @property
    def hours_needed(self) -> float:
        """The hours of agents that must be planned."""
        return sum(one.needed.planned for one in self.slots) * SLOT_MINUTES / HOUR

    @property
    def hours_planned(self) -> float:
        """The hours of agents that are planned in half hours in which the line is open."""
        return sum(one.planned for one in self.slots) * SLOT_MINUTES / HOUR

    @property
    def hours_missing(self) -> float:
        """The hours in which too few are planned, for each of them who is missing."""
        return sum(one.missing for one in self.slots) * SLOT_MINUTES / HOUR


@dataclass(frozen=True, slots=True)
class Outlook:
    """What several half hours together mean for callers: shares (0 to 1) of all of them, the mean wait in seconds."""

    calls: float
    within: float | None
    wait: float | None
    abandoned: float | None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Some half hours as they are planned, and with so many more agents."""

    slots: tuple[tuple[SlotPlan, Expected, Expected], ...]
    before: Outlook
    after: Outlook


@dataclass(frozen=True, slots=True)
class Planning:
    """What plans of days are made from."""

    lesson: Lesson
    target: Target

    @property
    def history(self) -> History:
        """The calls that the lesson was learnt from."""
        return self.lesson.history

    @property
    def days(self) -> Days:
        """The days of the line."""
        return self.lesson.days

    def on(self, day: date, shifts: Sequence[Shift]) -> DayPlan:
        """The plan of a local day with the shifts of its line or team."""
        planned = planned_on(shifts, day)
        calls = self.lesson.model.calls(day, self.days)
        busy = [slot for slot, number in calls.items() if number >= FEWEST_CALLS or planned.get(slot)]
        slots = tuple(
            self._slot(slot, number, planned) for slot, number in calls.items() if busy and busy[0] <= slot <= busy[-1]
        )
        by_rule = agents_by_rule(sum(calls.values()), self.days.line)
        return DayPlan(day, bool(calls), self.days.holiday(day), slots, by_rule)

    def between(self, first: date, last: date, shifts: Sequence[Shift]) -> list[DayPlan]:
        """The plans of the days from the first to the last, both included."""
        return [self.on(first + timedelta(days=number), shifts) for number in range((last - first).days + 1)]

    def _slot(self, slot: int, calls: float, planned: Mapping[int, int]) -> SlotPlan:
        work = self.history.work
        return SlotPlan(slot, calls, work, _needed(calls, work, self.target), planned.get(slot, 0))


@lru_cache(maxsize=4096)
def _needed(calls: float, work: float, target: Target) -> Needed:
    return needed_for(offered_in_slot(calls, work, target), target)


def outlook(slots: Iterable[tuple[float, Expected]]) -> Outlook:
    """Half hours together: calls with what they meet."""
    found = [(calls, expected) for calls, expected in slots if calls > 0]
    calls = sum(number for number, _ in found)
    if not calls:
        return Outlook(0.0, None, None, None)
    return Outlook(
        calls,
        # All of all is all, however the sum was rounded.
        round(sum(number * expected.within for number, expected in found) / calls, DIGITS),
        sum(number * (expected.wait or 0.0) for number, expected in found) / calls,
        round(sum(number * expected.abandoned for number, expected in found) / calls, DIGITS),
    )


def what_if(plan: DayPlan, target: Target, *, begins: int, ends: int, more: int) -> WhatIf:
    """The half hours of a day from one minute to another, as planned and with so many more agents (fewer below 0)."""
    chosen = [one for one in plan.slots if begins <= minute_of(one.slot) < ends]
    slots = tuple((one, one.expected(target), one.expected(target, more=max(more, -one.planned))) for one in chosen)
    before = outlook((one.calls, expected) for one, expected, _ in slots)
    return WhatIf(slots, before, outlook((one.calls, expected) for one, _, expected in slots))
