"""Forecasts that are kept, and afterwards what came: errors by half hour, and how many were answered in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from ivr.calls.record import Outcome
from ivr.figures.rows import CallFigure
from ivr.lines.model import Line
from ivr.staffing.errors import Error, error_of
from ivr.staffing.history import demand, half_hour
from ivr.staffing.planning import DayPlan
from ivr.staffing.rows import Forecast, ForecastSlot

THOUSANDTHS = 1000


class NothingToKeep(ValueError):
    """A forecast of days on which the line is closed; the message says which."""


@dataclass(frozen=True, slots=True)
class Came:
    """What came in a half hour: calls for an agent, how many of them were answered, and answered in time."""

    calls: int = 0
    answered: int = 0
    in_time: int = 0


@dataclass(frozen=True, slots=True)
class SlotCompared:
    """A half hour that was forecast, and what came."""

    day: date
    slot: int
    expected: float
    agents: int
    came: Came


@dataclass(frozen=True, slots=True)
class Compared:
    """A kept forecast against the days of it that are over, up to and including `until`; None where none is."""

    forecast: Forecast
    slots: tuple[SlotCompared, ...]
    until: date | None

    @property
    def error(self) -> Error:
        """The error over all half hours that are over."""
        return error_of((one.expected, one.came.calls) for one in self.slots)

    @property
    def in_time(self) -> float | None:
        """The share of the calls that were answered in time; None where none came."""
        calls = sum(one.came.calls for one in self.slots)
        return sum(one.came.in_time for one in self.slots) / calls if calls else None

    @property
    def answered(self) -> float | None:
        """The share of the calls that were answered."""
        calls = sum(one.came.calls for one in self.slots)
        return sum(one.came.answered for one in self.slots) / calls if calls else None

    def by_day(self) -> list[tuple[date, Error, int]]:
        """Each day with its error, and how many of its calls were answered in time."""
        days: dict[date, list[SlotCompared]] = {}
        for one in self.slots:
            days.setdefault(one.day, []).append(one)
        return [
            (day, error_of((one.expected, one.came.calls) for one in slots), sum(one.came.in_time for one in slots))
            for day, slots in days.items()
        ]


def keep_forecast(session: Session, plans: Sequence[DayPlan], kept: Forecast, *, at: datetime) -> Forecast:
    """Write a forecast with its half hours; `kept` has all but its time. Raises `NothingToKeep`."""
    rows = [
        {
            "day": plan.day,
            "slot": one.slot,
            "calls": round(one.calls * THOUSANDTHS),
            "work_seconds": round(one.work),
            "agents": one.needed.planned,
        }
        for plan in plans
        for one in plan.slots
    ]
    if not rows:
        raise NothingToKeep(
            f"{kept.line} is closed or without calls from {kept.first_day} to {kept.last_day}: there is nothing to keep"
        )
    kept.made_at = at
    session.add(kept)
    session.flush()
    session.execute(insert(ForecastSlot), [{"forecast_id": kept.id, **row} for row in rows])
    return kept


def forecasts_of(session: Session, line: Line, *, after: int | None = None, limit: int) -> list[Forecast]:
    """The kept forecasts of a line, the newest first, from behind an id."""
    query = select(Forecast).where(Forecast.line == line.id, *([Forecast.id < after] if after is not None else []))
    return list(session.scalars(query.order_by(Forecast.id.desc()).limit(limit)))


def compare(session: Session, line: Line, forecast: Forecast, *, today: date) -> Compared:
    """Hold a forecast against what came on those of its days that are over."""
    query = select(ForecastSlot).where(ForecastSlot.forecast_id == forecast.id, ForecastSlot.day < today)
    slots = session.scalars(query.order_by(ForecastSlot.day, ForecastSlot.slot)).all()
    if not slots:
        return Compared(forecast, (), None)
    came = _came(session, line, forecast.team, first=slots[0].day, last=slots[-1].day)
    return Compared(
        forecast,
        tuple(
            SlotCompared(one.day, one.slot, one.calls / THOUSANDTHS, one.agents, came.get((one.day, one.slot), Came()))
            for one in slots
        ),
        slots[-1].day,
    )


def _came(session: Session, line: Line, team: str, *, first: date, last: date) -> dict[tuple[date, int], Came]:
    half = half_hour()
    query = (
        select(
            CallFigure.day,
            CallFigure.hour,
            half,
            func.count(),
            func.count().filter(CallFigure.outcome == Outcome.ANSWERED),
            func.count().filter(CallFigure.in_time.is_(True)),
        )
        .where(*demand(line, team=team, first=first, last=last))
        .group_by(CallFigure.day, CallFigure.hour, half)
    )
    return {(day, hour * 2 + later): Came(*counts) for day, hour, later, *counts in session.execute(query)}
