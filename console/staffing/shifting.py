"""The pages of shifts: who is planned when, which shifts would cover what is missing, and changing them."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from flask import flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.filters import WEEKDAYS
from console.finding import own
from console.forms import Faults, read_form
from console.office import office
from console.paging import asked_after, cut
from console.shell import SUPERVISING
from console.staffing.room import Picked, blueprint, picked, team_choices, team_name, week_of
from console.stale import lock_unchanged, mark_of, refuse_stale
from console.visitor import STAFF, allowed, visitor, wording
from ivr.staffing.covering import Lengths, Proposal, by_weekday, hours_of
from ivr.staffing.planning import DayPlan
from ivr.staffing.reading import missing_by_weekday
from ivr.staffing.rows import Shift
from ivr.staffing.shifts import (
    LONGEST_WHY,
    MOST_AGENTS,
    BadShift,
    Wanted,
    add_shift,
    end_shift,
    remove_shift,
    shifts_page,
)
from ivr.staffing.slots import SLOT_MINUTES, SLOTS, minute_of, written_minute

SIZE = 50
LARGEST_ID = 2**31 - 1
WORKWEEK = list("01234")
Answer = Response | tuple[str, int]


class ShiftForm(BaseModel):
    """The form of a shift; times are minutes of the day, weekdays digits from 0 for Monday."""

    team: str = ""
    weekdays: list[str] = []
    begins: int
    ends: int
    agents: Annotated[int, Field(ge=1, le=MOST_AGENTS)]
    first_day: date
    last_day: date | None = None
    why: Annotated[str, Field(max_length=LONGEST_WHY)] = ""


class EndForm(BaseModel):
    """The last day of a shift, and which change of it was seen."""

    version: int
    last_day: date


class RemoveForm(BaseModel):
    """Which change of the shift was seen."""

    version: int


@blueprint.get("/shifts")
@allowed(*STAFF)
def shifts() -> str:
    """Every shift, the newest first, and what would cover the week that is asked for."""
    return _page(None)


@blueprint.post("/shifts")
@allowed(*SUPERVISING)
def add() -> Answer:
    """Plan a shift."""
    form, here = read_form(ShiftForm), office()
    if isinstance(form, Faults):
        return _page(form), 422
    wanted = Wanted(**form.model_dump() | {"weekdays": "".join(form.weekdays)})
    try:
        with here.store.transaction() as session:
            add_shift(session, visitor().line, wanted, by=visitor().account_id, at=here.clock())
    except BadShift as error:
        return _page(_fault(error)), 422
    flash(wording().say("staffing.shift_added"), "good")
    return redirect(url_for("staffing.shifts"), 303)


@blueprint.post("/shifts/proposed")
@allowed(*SUPERVISING)
def take_over() -> Answer:
    """Plan every shift that is proposed for a week, for that week; refused where other ones would be by now."""
    asked, here = picked(request.form), office()
    with here.store.reading() as session:
        found = proposals_of(week_of(session, asked).plans)
    refuse_stale(_shown(found))
    with here.store.transaction() as session:
        for wanted in (_wanted(asked, one) for one in found):
            add_shift(session, visitor().line, wanted, by=visitor().account_id, at=here.clock())
    flash(wording().say("staffing.taken_over", count=len(found)), "good")
    return redirect(url_for("staffing.page", **asked.query), 303)


@blueprint.post("/shifts/<int:id>/end")
@allowed(*SUPERVISING)
def end(id: int) -> Answer:
    """Let a shift hold for the last time on a day."""
    form = read_form(EndForm)
    with office().store.transaction() as session:
        shift = own(session, Shift, min(id, LARGEST_ID))
        if isinstance(form, Faults):
            flash(wording().say("staffing.bad.last_day"), "error")
            return redirect(url_for("staffing.shifts"), 303)
        lock_unchanged(session, shift, form.version)
        try:
            end_shift(shift, form.last_day)
        except BadShift as error:
            flash(wording().say(f"staffing.bad.{error.field}"), "error")
        else:
            flash(wording().say("staffing.shift_ended"), "good")
    return redirect(url_for("staffing.shifts"), 303)


@blueprint.post("/shifts/<int:id>/remove")
@allowed(*SUPERVISING)
def remove(id: int) -> Answer:
    """Take back a shift that has not begun; the form that follows has it as it was, to plan it again."""
    form, here = read_form(RemoveForm), office()
    with here.store.transaction() as session:
        shift = own(session, Shift, min(id, LARGEST_ID))
        if isinstance(form, Faults):
            return _page(None), 422
        lock_unchanged(session, shift, form.version)
        was = _values(shift)
        try:
            remove_shift(session, shift, today=picked().today)
        except BadShift:
            flash(wording().say("staffing.has_begun"), "error")
            return redirect(url_for("staffing.shifts"), 303)
    flash(wording().say("staffing.shift_removed"), "good")
    return redirect(url_for("staffing.shifts", **was, _anchor="new"), 303)


def proposals_of(plans: list[DayPlan]) -> list[Proposal]:
    """The shifts that would cover a week."""
    return by_weekday(missing_by_weekday(plans), Lengths())


def _page(faults: Faults | None) -> str:
    asked, after = picked(), asked_after(1)
    last_id = min(int(after[0]), LARGEST_ID) if after and after[0].isdecimal() else None
    with office().store.reading() as session:
        found = shifts_page(session, visitor().line, after=last_id, limit=SIZE + 1)
        week = week_of(session, asked)
    proposals = proposals_of(week.plans)
    return render_template(
        "staffing/shifts.html",
        page=cut(found, SIZE, lambda one: [str(one.id)]),
        asked=asked,
        week=week,
        proposals=proposals,
        proposed_hours=hours_of(proposals),
        proposed_mark=mark_of(_shown(proposals)),
        faults=faults,
        typed=_typed(asked, faults),
        chosen=request.form.getlist("weekdays") if faults else list(request.args.get("weekdays", "01234")),
        teams=team_choices(),
        team_name=team_name,
        times=[(minute, written_minute(minute)) for minute in range(0, minute_of(SLOTS) + 1, SLOT_MINUTES)],
        written=written_minute,
        weekdays=WEEKDAYS,
        may_change=visitor().may(*SUPERVISING),
    )


def _wanted(asked: Picked, one: Proposal) -> Wanted:
    return Wanted(
        team=asked.team,
        weekdays=one.weekdays,
        begins=one.begins,
        ends=one.ends,
        agents=one.agents,
        first_day=asked.monday,
        last_day=asked.sunday,
        why=wording().say("staffing.proposed"),
    )


def _fault(error: BadShift) -> Faults:
    return Faults(dict(request.form), {error.field: wording().say(f"staffing.bad.{error.field}")})


def _typed(asked: Picked, faults: Faults | None) -> Mapping[str, str]:
    """What the form of a new shift begins with: what was typed, a shift that was removed, else the next day."""
    usual = {"begins": "660", "ends": "840", "agents": "1", "first_day": f"{asked.today + timedelta(days=1)}"}
    return {**usual, **request.args.to_dict(), **(faults.typed if faults else {})}


def _values(shift: Shift) -> dict[str, Any]:  # Any: parts of an address, as Flask's url_for takes them
    return {
        "team": shift.team,
        "weekdays": shift.weekdays,
        "begins": f"{shift.begins}",
        "ends": f"{shift.ends}",
        "agents": f"{shift.agents}",
        "first_day": f"{shift.first_day}",
        "last_day": f"{shift.last_day or ''}",
        "why": shift.why,
    }


def _shown(proposals: list[Proposal]) -> dict[str, object]:
    return {"proposals": [(one.weekdays, one.begins, one.ends, one.agents) for one in proposals]}
