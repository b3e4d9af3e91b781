"""Shifts: so many agents of a team from one time of the day to another, on some weekdays, from a day on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ivr.lines.model import Line
from ivr.lines.spans import DAY
from ivr.staffing.rows import Shift
from ivr.staffing.slots import SLOT_MINUTES

WEEKDAYS: Final = "0123456"
MOST_AGENTS: Final = 999
LONGEST_WHY: Final = 120


class BadShift(ValueError):
    """A shift that cannot be planned; the message says what to do, `field` which part of it is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Wanted:
    """A shift as it is wanted: minutes of the local day, weekdays as digits (0 Monday), local days both included."""

    team: str
    weekdays: str
    begins: int
    ends: int
    agents: int
    first_day: date
    last_day: date | None = None
    why: str = ""


def add_shift(session: Session, line: Line, wanted: Wanted, *, by: str, at: datetime) -> Shift:
    """Plan a shift; raises `BadShift`."""
    _check(line, wanted)
    shift = Shift(
        line=line.id,
        team=wanted.team,
        weekdays="".join(sorted(set(wanted.weekdays))),
        begins=wanted.begins,
        ends=wanted.ends,
        agents=wanted.agents,
        first_day=wanted.first_day,
        last_day=wanted.last_day,
        why=wanted.why[:LONGEST_WHY],
        made_by=by,
        made_at=at,
    )
    session.add(shift)
    session.flush()
    return shift


def end_shift(shift: Shift, last_day: date) -> None:
    """Let a shift hold for the last time on a local day; raises `BadShift` where that is before its first one."""
    if last_day < shift.first_day:
        raise BadShift("last_day", f"shift {shift.id} begins on {shift.first_day}: remove it, or end it on a later day")
    shift.last_day = last_day


def remove_shift(session: Session, shift: Shift, *, today: date) -> None:
    """Take back a shift that has not begun; raises `BadShift` for one that has, which can be ended."""
    if shift.first_day <= today:
        raise BadShift("first_day", f"shift {shift.id} has held since {shift.first_day}: end it instead of removing it")
    session.delete(shift)


def shifts_of(session: Session, line: Line, *, team: str = "", first: date, last: date) -> list[Shift]:
    """The shifts that hold on some of those days; those of all teams where `team` is empty."""
    query = select(Shift).where(
        Shift.line == line.id,
        Shift.first_day <= last,
        or_(Shift.last_day.is_(None), Shift.last_day >= first),
        *([Shift.team == team] if team else []),
    )
    return list(session.scalars(query.order_by(Shift.begins, Shift.ends, Shift.id)))


def shifts_page(session: Session, line: Line, *, team: str = "", after: int | None, limit: int) -> list[Shift]:
    """Every shift of a line, or of one team of it, the newest first, from behind an id."""
    query = select(Shift).where(
        Shift.line == line.id,
        *([Shift.team == team] if team else []),
        *([Shift.id < after] if after is not None else []),
    )
    return list(session.scalars(query.order_by(Shift.id.desc()).limit(limit)))


def holds(shift: Shift, day: date) -> bool:
    """Does the shift hold on that local day?"""
    is_begun = shift.first_day <= day and (shift.last_day is None or day <= shift.last_day)
    return is_begun and str(day.weekday()) in shift.weekdays


def planned_on(shifts: Iterable[Shift], day: date) -> dict[int, int]:
    """How many agents are planned in each half hour of a day."""
    planned: dict[int, int] = {}
    for shift in (one for one in shifts if holds(one, day)):
        for slot in range(shift.begins // SLOT_MINUTES, shift.ends // SLOT_MINUTES):
            planned[slot] = planned.get(slot, 0) + shift.agents
    return planned


def _check(line: Line, wanted: Wanted) -> None:
    if wanted.team and wanted.team not in line.teams:
        raise BadShift("team", f"{line.id} has no team {wanted.team!r}: known are {', '.join(line.teams)}")
    if not wanted.weekdays or not set(wanted.weekdays) <= set(WEEKDAYS):
        raise BadShift("weekdays", "choose at least one weekday: 0 is Monday, 6 is Sunday")
    if not 0 <= wanted.begins < wanted.ends <= DAY:
        raise BadShift("ends", "a shift ends after it begins, on the same day")
    if wanted.begins % SLOT_MINUTES or wanted.ends % SLOT_MINUTES:
        raise BadShift("begins", "a shift begins and ends on a full or a half hour")
    if not 1 <= wanted.agents <= MOST_AGENTS:
        raise BadShift("agents", f"a shift has 1 to {MOST_AGENTS} agents")
    if wanted.last_day is not None and wanted.last_day < wanted.first_day:
        raise BadShift("last_day", f"the last day is before the first, {wanted.first_day}")
