"""Hours of the week and special days of the visitor's line: what holds, what is coming, and changing it."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from flask import flash, redirect, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.filters import day as day_in_words
from console.forms import Faults, faults_in, read_form
from console.lines.editing import kept_editions, make
from console.lines.faults import told, told_all
from console.lines.room import EDITORS, blueprint
from console.lines.scope import scope
from console.office import office
from console.visitor import STAFF, allowed, visitor, wording
from ivr.base import Refused
from ivr.editions.checking import Draft
from ivr.editions.merging import WEEK
from ivr.editions.publishing import StaleEdition
from ivr.editions.rows import ALL_LINES, Edition, EditionKind
from ivr.editions.schedule import Place, in_force
from ivr.faults import BadData
from ivr.lines.calendar import Calendar, DayRule
from ivr.lines.hours import SEOUL, open_spans
from ivr.lines.model import Hours, Line
from ivr.lines.spans import Span, written

PARTS = ("weekdays", "saturday", "sunday", "holidays")
DAYS_SHOWN, SHOWN_BACK = 14, timedelta(days=30)
SEPARATORS = re.compile(r"[,\s]+")


class WeekForm(BaseModel):
    """Hours of a week as typed, spans separated by commas; `version` is the newest one that was seen."""

    weekdays: str = ""
    saturday: str = ""
    sunday: str = ""
    holidays: str = ""
    begins: date
    why: str = Field(min_length=2, max_length=200)
    version: int = 0


class DayForm(BaseModel):
    """A special day; `name` is told to callers, `over` is the version that it knowingly takes the place of."""

    day: date
    change: Literal["closed", "open", "hours"] = "closed"
    spans: str = ""
    name: str = Field(min_length=1, max_length=60)
    why: str = Field(min_length=2, max_length=200)
    over: int = 0
    sure: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One local day: its spans as written, the holiday that it is, and the rule that makes it special."""

    day: date
    spans: str
    holiday: str
    rule: DayRule | None


@blueprint.get("/hours")
@allowed(*STAFF)
def hours() -> str:
    """The hours of the week, the next days, and the days that differ."""
    return _page()


@blueprint.post("/hours/week")
@allowed(*EDITORS)
def change_week() -> Response | tuple[str, int]:
    """Other hours from a day on."""
    form = read_form(WeekForm)
    if isinstance(form, Faults):
        return _page(week_faults=form), 422
    begins = datetime(form.begins.year, form.begins.month, form.begins.day, tzinfo=SEOUL).astimezone(UTC)
    content: dict[str, object] = {part: spans_of(getattr(form, part)) for part in PARTS}
    draft = Draft(Place(visitor().line.id, EditionKind.HOURS, WEEK), content, form.why, form.version, begins)
    try:
        make(draft)
    except BadData as error:
        return _page(week_faults=faults_in(form, _by_part(error))), 422
    except Refused as error:
        return _page(week_faults=faults_in(form, {"begins": _refusal(error)})), 409
    flash(wording().say("lines.hours_begin", day=day_in_words(form.begins)), "good")
    return redirect(url_for("lines.hours"), 303)


@blueprint.post("/hours/days")
@allowed(*EDITORS)
def add_day() -> Response | tuple[str, int]:
    """A day that differs; one that is over, or that is entered already, is asked about once."""
    form = read_form(DayForm)
    if isinstance(form, Faults):
        return _page(day_faults=form), 422
    place = Place(scope(), EditionKind.DAY, form.day.isoformat())
    versions = {one.version: one for one in kept_editions() if (one.line, one.kind, one.key) == place}
    newest = max(versions, default=0)
    if newest and versions[newest].withdrawn_at is None and form.over != newest:
        return _page(day_faults=faults_in(form, {"day": wording().say("lines.day_known")}), over=newest), 422
    if form.day < office().clock().astimezone(SEOUL).date() and not form.sure:
        return _page(
            day_faults=faults_in(form, {"day": wording().say("lines.day_past")}), ask_sure=True, over=newest
        ), 422
    content: dict[str, object] = {"change": form.change, "reason": form.name}
    if form.change == "hours":
        content["hours"] = spans_of(form.spans)
    try:
        make(Draft(place, content, form.why, newest))
    except BadData as error:
        return _page(day_faults=faults_in(form, {"spans": told_all(error.faults)[0].text})), 422
    except Refused as error:
        return _page(day_faults=faults_in(form, {"day": _refusal(error)})), 409
    flash(effect_of(visitor().line.id, form.day), "good")
    return redirect(url_for("lines.hours"), 303)


def effect_of(line_id: str, day: date) -> str:
    """What a day has come to be, in a sentence."""
    here = office()
    spans = _written(open_spans(here.lines.by_id(line_id), here.calendar, day))
    if here.calendar.is_always_open:
        return wording().say("lines.day_kept", day=day_in_words(day))
    return wording().say("lines.day_open" if spans else "lines.day_closed", day=day_in_words(day), spans=spans)


def _page(
    *,
    week_faults: Faults | None = None,
    day_faults: Faults | None = None,
    over: int = 0,
    ask_sure: bool = False,
) -> str:
    here, line = office(), visitor().line
    today, editions = here.clock().astimezone(SEOUL).date(), kept_editions()
    own_week = [one for one in editions if (one.line, one.kind) == (line.id, EditionKind.HOURS)]
    return render_template(
        "lines/hours.html",
        line=line,
        today=today,
        tomorrow=today + timedelta(days=1),
        always_open=here.calendar.is_always_open,
        week=_week(line.hours_on(today)),
        coming=[(one, _week(Hours.model_validate(one.content))) for one in own_week if _is_coming(one, today)],
        days=[_shown(line, here.calendar, today + timedelta(days=ahead)) for ahead in range(DAYS_SHOWN)],
        special=_special(line, here.calendar, editions, today - SHOWN_BACK),
        version=max((one.version for one in own_week), default=0),
        week_faults=week_faults,
        day_faults=day_faults,
        over=over,
        ask_sure=ask_sure,
    )


def _special(
    line: Line, calendar: Calendar, editions: list[Edition], since: date
) -> list[tuple[Shown, DayRule, Edition | None]]:
    """The days that differ from `since` on, each with the edition that made it so, None for the file."""
    chosen = in_force(editions, office().clock())
    rules = {rule.date: rule for rule in calendar.rules if rule.date >= since and rule.concerns(rule.date, line.id)}
    return [
        (_shown(line, calendar, day), rule, _edition_of(chosen, line.id, day)) for day, rule in sorted(rules.items())
    ]


def _edition_of(chosen: dict[Place, Edition], line_id: str, day: date) -> Edition | None:
    places = [Place(owner, EditionKind.DAY, day.isoformat()) for owner in (line_id, ALL_LINES)]
    return next((chosen[place] for place in places if place in chosen), None)


def _is_coming(edition: Edition, today: date) -> bool:
    return edition.withdrawn_at is None and edition.effective_from.astimezone(SEOUL).date() > today


def _shown(line: Line, calendar: Calendar, day: date) -> Shown:
    spans = _written(open_spans(line, calendar, day))
    return Shown(day, spans, calendar.holiday(day, line.id), calendar.rule(day, line.id))


def _week(hours: Hours) -> dict[str, str]:
    return {part: _written(getattr(hours, part)) for part in PARTS}


def _written(spans: tuple[Span, ...]) -> str:
    return ", ".join(written(span) for span in spans)


def spans_of(text: str) -> list[str]:
    """The spans of a day as they were typed, separated by commas or spaces; nothing is checked."""
    return [span for span in SEPARATORS.split(text.replace("~", "-").strip()) if span]


def _by_part(error: BadData) -> dict[str, str]:
    """The first fault of each part of the week; one of the whole stands at the weekdays."""
    found: dict[str, str] = {}
    for fault in error.faults:
        parts = fault.key.split(".")
        found.setdefault(parts[1] if len(parts) > 1 and parts[1] in PARTS else "weekdays", told(fault).text)
    return found


def _refusal(error: Refused) -> str:
    return wording().say("lines.stale") if isinstance(error, StaleEdition) else told(error).text
