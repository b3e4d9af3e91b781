"""The rows of figures: one for each ended call, one for each telephone that rang, and their sums by day."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, Date, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.calls.record import Outcome
from ivr.calls.rings import Reading


class Stage(StrEnum):
    """Where a caller gave up, if the caller did."""

    MENU = "menu"
    QUEUE = "queue"
    NONE = "none"


class Dimension(StrEnum):
    """By what the sums of a day are kept; a call has no agent, only its offers do."""

    LINE = "line"
    HOUR = "hour"
    TEAM = "team"
    AGENT = "agent"
    PRODUCT = "product"
    FIRM = "firm"


class CallFigure(Base):
    """What figures need of one ended call; it may be thrown away, since the same facts always make the same row.

    `day` and `hour` are the local ones of the arrival, empty words stand for what is not known. `wait_ms` is from
    the queue's entry to the announcement of the agent, or to giving up; None where it was never told.
    `is_served` says that a menu gave what was asked for: an information, a text, or another number. `is_open` says
    that it came in the hours of the line, `rules` by which rules of the line this row and its offers' were made.
    """

    __tablename__ = "call_figure"
    __table_args__ = (
        Index("ix_call_figure_line_day", "line", "day"),
        Index("ix_call_figure_team", "line", "team", "arrived_at"),
    )

    call_id: Mapped[str] = mapped_column(String(30), primary_key=True)
    line: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(Date)
    hour: Mapped[int] = mapped_column(SmallInteger)
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    team: Mapped[str] = mapped_column(String(40))
    product: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40))
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome))
    is_open: Mapped[bool]
    asked_for_agent: Mapped[bool]
    stage: Mapped[Stage] = mapped_column(Word(Stage))
    is_short: Mapped[bool]
    is_served: Mapped[bool]
    in_time: Mapped[bool]
    wait_ms: Mapped[int | None]
    rules: Mapped[str] = mapped_column(String(12))


class OfferFigure(Base):
    """What figures need of one telephone that rang, or was answered. Times are milliseconds, None where not told.

    `rings` is by the reading of the line, the other three are always kept. `customer_first` is met where the
    customer hung up first; `resolved` stands at the first talk of a call, `marked` is the agent's own word.
    """

    __tablename__ = "offer_figure"
    __table_args__ = (
        Index("ix_offer_figure_line_day", "line", "day"),
        Index("ix_offer_figure_call", "call_id"),
        Index("ix_offer_figure_agent", "line", "agent", "arrived_at", "call_id"),
    )

    offer_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    call_id: Mapped[str] = mapped_column(String(30))
    line: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(Date)
    hour: Mapped[int] = mapped_column(SmallInteger)
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    agent: Mapped[str] = mapped_column(String(40))
    team: Mapped[str] = mapped_column(String(40))
    product: Mapped[str] = mapped_column(String(40))
    firm: Mapped[str] = mapped_column(String(40))
    ring_ms: Mapped[int | None]
    rings: Mapped[Reading] = mapped_column(Word(Reading))
    strict: Mapped[Reading] = mapped_column(Word(Reading))
    literal: Mapped[Reading] = mapped_column(Word(Reading))
    customary: Mapped[Reading] = mapped_column(Word(Reading))
    is_talk: Mapped[bool]
    talk_ms: Mapped[int | None]
    hold_ms: Mapped[int | None]
    wrap_ms: Mapped[int | None]
    customer_first: Mapped[Reading] = mapped_column(Word(Reading))
    resolved: Mapped[Reading] = mapped_column(Word(Reading))
    marked: Mapped[Reading] = mapped_column(Word(Reading))


OF_LINE = text("dimension = 'line'")
DASHBOARD = (
    *("calls", "asked", "answered", "short_abandoned", "long_abandoned", "unknown_abandoned"),
    *("rings_met", "rings_missed", "ring_p50", "ring_p90", "ring_p99"),
)


class DayFigure(Base):
    """The sums of one line's day by one value of one dimension; of the line itself the value is empty.

    Columns of numbers are the counters of `ivr/figures/counters.py`, by their names. `ring_times` and `wait_times`
    are histograms, the percentiles (ms) are read from them. `rules_least` and `rules_most` are the first and the last
    of the rules that its calls were made by: where both are the line's present ones, all of them are.
    """

    __tablename__ = "day_figure"
    # A dashboard's year is read from the index alone: the rows of a line lie far apart among those of its values.
    __table_args__ = (
        Index("ix_day_figure_dashboard", "line", "day", *DASHBOARD, postgresql_where=OF_LINE, sqlite_where=OF_LINE),
    )

    dimension: Mapped[Dimension] = mapped_column(Word(Dimension), primary_key=True)
    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    value: Mapped[str] = mapped_column(String(40), primary_key=True)

    calls: Mapped[int]
    calls_open: Mapped[int]
    asked: Mapped[int]
    asked_told: Mapped[int]
    answered: Mapped[int]
    in_time: Mapped[int]
    waits: Mapped[int]
    wait_ms: Mapped[int] = mapped_column(BigInteger)
    short_abandoned: Mapped[int]
    long_abandoned: Mapped[int]
    unknown_abandoned: Mapped[int]
    menu_abandoned: Mapped[int]
    served: Mapped[int]
    callbacks: Mapped[int]
    failed: Mapped[int]

    rang: Mapped[int]
    rings_met: Mapped[int]
    rings_missed: Mapped[int]
    rings_unknown: Mapped[int]
    strict_met: Mapped[int]
    strict_missed: Mapped[int]
    strict_unknown: Mapped[int]
    literal_met: Mapped[int]
    literal_missed: Mapped[int]
    literal_unknown: Mapped[int]
    customary_met: Mapped[int]
    customary_missed: Mapped[int]
    customary_unknown: Mapped[int]
    met: Mapped[int]
    talks: Mapped[int]
    talk_ms: Mapped[int] = mapped_column(BigInteger)
    hold_ms: Mapped[int] = mapped_column(BigInteger)
    wraps: Mapped[int]
    wrap_ms: Mapped[int] = mapped_column(BigInteger)
    handle_ms: Mapped[int] = mapped_column(BigInteger)
    customer_first: Mapped[int]
    agent_first: Mapped[int]
    first_unknown: Mapped[int]
    resolved: Mapped[int]
    unresolved: Mapped[int]
    resolve_unknown: Mapped[int]
    marked_resolved: Mapped[int]
    marked_unresolved: Mapped[int]

    ring_p50: Mapped[int | None]
    ring_p90: Mapped[int | None]
    ring_p99: Mapped[int | None]
    wait_p50: Mapped[int | None]
    wait_p90: Mapped[int | None]
    wait_p99: Mapped[int | None]
    rules_least: Mapped[str] = mapped_column(String(12))
    rules_most: Mapped[str] = mapped_column(String(12))
    # Last, so that whoever reads only numbers does not read through them.
    ring_times: Mapped[list[int]] = mapped_column(JSON)
    wait_times: Mapped[list[int]] = mapped_column(JSON)


class RebuildMark(Base):
    """How far a rebuilding of a line's figures came by which rules: one that was stopped goes on by the same."""

    __tablename__ = "figure_rebuild"

    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    first: Mapped[date] = mapped_column(Date, primary_key=True)
    last: Mapped[date] = mapped_column(Date, primary_key=True)
    done: Mapped[date] = mapped_column(Date)
    rules: Mapped[str] = mapped_column(String(12))
