"""What the commands of staffing share: the line and team that are asked about, the target, days, and JSON of plans."""

import functools
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Final, ParamSpec, TypeVar

import click
from sqlalchemy.orm import Session

from commands.opened import Opened
from commands.shared import opened
from config.clock import system_clock
from ivr import rounding
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line, UnknownLine
from ivr.staffing.erlang import Expected
from ivr.staffing.errors import Error
from ivr.staffing.needing import Target, target_of
from ivr.staffing.planning import DayPlan, Outlook, Planning, SlotPlan
from ivr.staffing.reading import planning_of
from ivr.staffing.slots import SLOT_MINUTES, Days, written_minute, written_slot

P = ParamSpec("P")
R = TypeVar("R")

DAY: Final = click.DateTime(["%Y-%m-%d"])
LINE = click.option("--line", "line_id", help="The line (its id, like kibo); the only centre without it.")
TEAM = click.option("--team", default="", help="Only this team of the line; the whole line without it.")
AWAY = click.option(
    "--away",
    type=click.IntRange(0, 80),
    default=0,
    show_default=True,
    help="Percent of their planned time in which agents take no calls.",
)
LAST_MINUTE: Final = 24 * 60


class Minute(click.ParamType[int]):
    """A time of the day, `09:30`, as minutes; on a full or a half hour."""

    name = "HH:MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read it; 24:00 is the end of the day."""
        if isinstance(value, int):
            return value
        hour, _, minute = str(value).partition(":")
        if not (hour.isdigit() and minute in {"00", "30"} and int(hour) * 60 + int(minute) <= LAST_MINUTE):
            self.fail(f"{value!r} is no full or half hour: write 09:00 or 09:30", param, ctx)
        return int(hour) * 60 + int(minute)


@dataclass(frozen=True, slots=True)
class Asked:
    """The installation, the line with its days, the team, the target; `today` is the local day."""

    opened: Opened
    line: Line
    team: str
    target: Target
    today: date

    @property
    def days(self) -> Days:
        """The days of the line."""
        return Days(self.line, self.opened.calendar)

    def planning(self, session: Session, first: date | None = None) -> Planning:
        """What plans from a day on are made from, by what was known before it; raises `TooLittleHistory`."""
        known_on = min(self.today, first or self.today)
        return planning_of(session, self.days, team=self.team, target=self.target, today=known_on)


def about_a_line(command: Callable[..., R]) -> Callable[..., R]:
    """Decorates a command: `--line` and `--team` become one `Asked`, its first argument."""

    @LINE
    @TEAM
    @functools.wraps(command)
    def asking(*args: object, line_id: str | None, team: str, away: int = 0, **more: object) -> R:
        return command(_asked(line_id, team, away), *args, **more)

    return asking


def about_needs(command: Callable[..., R]) -> Callable[..., R]:
    """Decorates a command as `about_a_line` does, with `--away` for the agents who are needed."""
    return about_a_line(AWAY(command))


def _asked(line_id: str | None, team: str, away: int) -> Asked:
    here = opened()
    line = line_named(here, line_id)
    if team and team not in line.teams:
        raise click.UsageError(f"{line.id} has no team {team!r}: known are {', '.join(line.teams)}")
    today = system_clock().astimezone(SEOUL).date()
    return Asked(here, line, team, target_of(line, away=away), today)


def line_named(here: Opened, line_id: str | None) -> Line:
    """The line of that id, or the only centre where none is named."""
    if line_id is None:
        centres = [line for line in here.lines if line.centre is not None]
        if len(centres) != 1:
            raise click.UsageError(f"give --line: known are {', '.join(line.id for line in here.lines)}")
        return centres[0]
    try:
        return here.lines.by_id(line_id)
    except UnknownLine as error:
        raise click.ClickException(str(error)) from None


def next_monday(today: date) -> date:
    """The Monday after a day."""
    return today + timedelta(days=7 - today.weekday())


def as_json_plan(asked: Asked, planning: Planning, plans: list[DayPlan]) -> dict[str, object]:
    """Plans of days with what they rest on."""
    history = planning.history
    return {
        "line": asked.line.id,
        "team": asked.team or None,
        "target": asdict(asked.target),
        "history": {"first": f"{history.first}", "last": f"{history.last}", "days": history.days},
        "work_seconds": round(history.work, 1),
        "talks": history.talks,
        "days": [_as_json_day(plan) for plan in plans],
    }


def _as_json_day(plan: DayPlan) -> dict[str, object]:
    return {
        "day": f"{plan.day}",
        "holiday": plan.holiday or None,
        "calls": round(plan.calls, 1),
        "hours_needed": plan.hours_needed,
        "hours_planned": plan.hours_planned,
        "agents_by_rule": round(plan.by_rule, 2),
        "slots": [as_json_slot(one) for one in plan.slots],
    }


def as_json_slot(one: SlotPlan) -> dict[str, object]:
    """One half hour."""
    return {
        "at": written_slot(one.slot),
        "calls": round(one.calls, 2),
        "agents_erlang_a": one.needed.agents,
        "agents_erlang_c": one.needed.patient,
        "to_plan": one.needed.planned,
        "planned": one.planned,
        "missing": one.missing,
    }


def as_json_expected(expected: Expected) -> dict[str, float | None]:
    """What callers meet; shares 0 to 1, the wait in seconds, null where it grows without end."""
    return {name: None if value is None else round(value, 6) for name, value in asdict(expected).items()}


def as_json_outlook(outlook: Outlook) -> dict[str, float | None]:
    """What callers of several half hours meet."""
    return {name: None if value is None else round(value, 6) for name, value in asdict(outlook).items()}


def as_json_error(error: Error) -> dict[str, float | None]:
    """An error with its shares (0 to 1)."""
    return {
        "slots": error.slots,
        "calls": error.calls,
        "expected": round(error.expected, 1),
        "wape": _rounded(error.wape),
        "bias": _rounded(error.bias),
        "mean_difference": _rounded(error.mean),
    }


def percent(share: float | None) -> str:
    """A share in percent, `-` for none."""
    return "-" if share is None else f"{rounding.percent(share)}%"


def seconds(wait: float | None) -> str:
    """A wait, or that it has no end."""
    return "no end" if wait is None else f"{wait:.1f} s"


def from_to(slot: int) -> str:
    """A half hour, `09:00-09:30`."""
    return f"{written_slot(slot)}-{written_minute((slot + 1) * SLOT_MINUTES)}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
