"""The blueprint of staffing, and what its pages are asked for: a week, a team, the time in which agents are away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, request
from sqlalchemy.orm import Session

from console.days import read_day
from console.office import office
from console.visitor import visitor, wording
from ivr.lines.hours import SEOUL
from ivr.staffing.history import TooLittleHistory
from ivr.staffing.needing import Target, target_of
from ivr.staffing.planning import DayPlan, Planning
from ivr.staffing.reading import plans_of
from ivr.staffing.slots import Days

blueprint = Blueprint("staffing", __name__, url_prefix="/staffing")
WEEK = timedelta(days=7)
# As far as a forecast from the last weeks still says something, and as far back as there is a history.
FURTHEST, EARLIEST = timedelta(days=84), timedelta(days=364)
MOST_AWAY = 80


@dataclass(frozen=True, slots=True)
class Picked:
    """A week by its Monday, a team of the line (empty for all of it), and the percent of time away."""

    monday: date
    team: str
    away: int
    today: date

    @property
    def sunday(self) -> date:
        """The last day of the week."""
        return self.monday + WEEK - timedelta(days=1)

    @property
    def known_on(self) -> date:
        """The day from which the week is forecast: today, or for a week that has begun its Monday."""
        return min(self.monday, self.today)

    @property
    def target(self) -> Target:
        """The target of the visitor's line."""
        return target_of(visitor().line, away=self.away)

    @property
    def query(self) -> dict[str, Any]:  # Any: parts of an address, as Flask's url_for takes them
        """As the parts of an address."""
        return {"week": f"{self.monday}", "team": self.team, "away": f"{self.away}"}

    @property
    def before(self) -> dict[str, Any] | None:
        """The week before as parts of an address; None where there is none to show."""
        return self._beside(-WEEK)

    @property
    def after(self) -> dict[str, Any] | None:
        """The week after as parts of an address; None where it is too far."""
        return self._beside(WEEK)

    def _beside(self, step: timedelta) -> dict[str, Any] | None:
        monday = self.monday + step
        return {**self.query, "week": f"{monday}"} if _is_near(monday, self.today) else None


@dataclass(frozen=True, slots=True)
class Week:
    """The plans of a week, and what they are made from; without them `lacks` says that too little is known."""

    plans: list[DayPlan]
    planning: Planning | None
    lacks: bool


def picked(given: Mapping[str, str] | None = None) -> Picked:
    """What the address (or a form) asks for; anything strange is as if it were left out."""
    asked = request.args if given is None else given
    today = office().clock().astimezone(SEOUL).date()
    day = read_day(asked.get("week", ""))
    monday = _monday(day) if day is not None and _is_near(day, today) else _monday(today + WEEK)
    team = asked.get("team", "")
    return Picked(monday, team if team in visitor().line.teams else "", _percent(asked.get("away", "")), today)


def week_of(session: Session, asked: Picked) -> Week:
    """The plans of the week that is asked for."""
    days = Days(visitor().line, office().calendar)
    try:
        lesson = office().staffing.lesson(session, days, team=asked.team, today=asked.known_on)
    except TooLittleHistory:
        return Week([], None, lacks=True)
    planning = Planning(lesson, asked.target)
    plans = plans_of(session, planning, team=asked.team, first=asked.monday, last=asked.sunday)
    return Week(plans, planning, lacks=False)


def team_choices() -> list[tuple[str, str]]:
    """The whole line, and each of its teams."""
    return [("", wording().say("staffing.whole_line")), *((one.id, one.name) for one in visitor().line.teams.values())]


def team_name(id: str) -> str:
    """The name of a team; of one that is no more, its id."""
    teams = visitor().line.teams
    return teams[id].name if id in teams else id or wording().say("staffing.whole_line")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _is_near(day: date, today: date) -> bool:
    return today - EARLIEST <= day <= today + FURTHEST


def _percent(text: str) -> int:
    return min(int(text), MOST_AWAY) if text.isdecimal() and len(text) <= len(str(MOST_AWAY)) else 0
