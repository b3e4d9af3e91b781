"""The page of a week: calls that are expected, agents who are needed and planned, and what more of them would do."""

from collections.abc import Sequence

from flask import render_template, request

from console.days import read_day
from console.office import office
from console.shell import SUPERVISING
from console.staffing import forecasts, shifting
from console.staffing.chart import chart_of
from console.staffing.room import Picked, Week, blueprint, picked, team_choices, week_of
from console.visitor import STAFF, allowed, visitor
from ivr.staffing.needing import calls_per_agent_day
from ivr.staffing.planning import DayPlan, WhatIf, what_if
from ivr.staffing.slots import SLOT_MINUTES, SLOTS, minute_of, written_minute

# Their views are of the same blueprint.
__all__ = ["blueprint", "forecasts", "shifting"]
MOST_MORE = 99
ELEVEN, FOURTEEN = 11 * 60, 14 * 60


@blueprint.get("/")
@allowed(*STAFF)
def page() -> str:
    """A week, one day of it by half hour, and what more agents on that day would do."""
    asked = picked()
    with office().store.reading() as session:
        week = week_of(session, asked)
    day = _day(week.plans)
    return render_template(
        "staffing/page.html",
        asked=asked,
        week=week,
        day=day,
        chart=chart_of(day.slots) if day else None,
        tested=week.planning.lesson.tested if week.planning else None,
        outcome=_what_if(day, asked) if day else None,
        wish=_wish(),
        times=_times(),
        teams=team_choices(),
        per_day=calls_per_agent_day(visitor().line),
        sums=_sums(week),
        may_change=visitor().may(*SUPERVISING),
    )


def _day(plans: Sequence[DayPlan]) -> DayPlan | None:
    """The day of the week that is asked for; else the one that lacks most, or has most calls."""
    named = read_day(request.args.get("day", ""))
    chosen = next((one for one in plans if one.day == named), None)
    fullest = max(plans, key=lambda one: (one.hours_missing, one.calls), default=None)
    return chosen or fullest


def _sums(week: Week) -> dict[str, float]:
    return {
        "calls": sum(one.calls for one in week.plans),
        "needed": sum(one.hours_needed for one in week.plans),
        "planned": sum(one.hours_planned for one in week.plans),
        "missing": sum(one.hours_missing for one in week.plans),
    }


def _wish() -> dict[str, int]:
    """What would be different: how many more agents, from when, until when; a second agent from 11 to 14 at first."""
    return {
        "more": _number("more", 1, least=-MOST_MORE, most=MOST_MORE),
        "begin": _number("begin", ELEVEN, least=0, most=minute_of(SLOTS)),
        "end": _number("end", FOURTEEN, least=0, most=minute_of(SLOTS)),
    }


def _what_if(day: DayPlan, asked: Picked) -> WhatIf:
    wish = _wish()
    return what_if(day, asked.target, begins=wish["begin"], ends=wish["end"], more=wish["more"])


def _number(name: str, usual: int, *, least: int, most: int) -> int:
    text = request.args.get(name, "").strip()
    digits = text.removeprefix("-")
    if not digits.isdecimal() or len(digits) > len(str(most)):
        return usual
    return min(max(int(text), least), most)


def _times() -> list[tuple[int, str]]:
    """Every full and half hour, for a select element."""
    return [(minute, written_minute(minute)) for minute in range(0, minute_of(SLOTS) + 1, SLOT_MINUTES)]
