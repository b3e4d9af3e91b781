"""The rows of staffing: forecasts as they were made, and the shifts that are planned."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment


class Forecast(Base):
    """A forecast that was kept, so that it can be held against what came; days are local, both included.

    `team` is empty for the line as a whole. `history_from` is the first day that it was reckoned from.
    """

    __tablename__ = "forecast"
    __table_args__ = (Index("ix_forecast_line", "line", "team", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    line: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(40), default="")
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    history_from: Mapped[date] = mapped_column(Date)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(60))


class ForecastSlot(Base):
    """One half hour of a forecast: thousandths of calls that are expected, seconds of work for each, agents enough."""

    __tablename__ = "forecast_slot"

    forecast_id: Mapped[int] = mapped_column(ForeignKey("forecast.id"), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    slot: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    calls: Mapped[int]
    work_seconds: Mapped[int]
    agents: Mapped[int]


class Shift(Base):
    """So many agents of a team who are planned from one minute of the day to another, on the `weekdays` (0 Monday).

    It holds on the local days from `first_day` to `last_day`, both included; `why` is what it is for, such as the peak.
    """

    __tablename__ = "shift"
    __table_args__ = (Index("ix_shift_line", "line", "team", "first_day"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    line: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(40), default="")
    weekdays: Mapped[str] = mapped_column(String(7))
    begins: Mapped[int] = mapped_column(SmallInteger)
    ends: Mapped[int] = mapped_column(SmallInteger)
    agents: Mapped[int] = mapped_column(SmallInteger)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    why: Mapped[str] = mapped_column(String(120), default="")
    made_by: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
