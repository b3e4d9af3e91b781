"""What is asked of the figures: sums by any dimension, from the roll-up alone, and the calls behind each number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, false, func, literal, null, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.figures.counters import COUNTERS, VALUES, Counter, Raw
from ivr.figures.formulas import Count, Mean, Share
from ivr.figures.histogram import Histogram
from ivr.figures.rows import CallFigure, DayFigure, Dimension, OfferFigure
from ivr.figures.rules import rules_of
from ivr.figures.sums import Figures, formula_of, total
from ivr.lines.model import Line

Part = Literal["counted", "base", "apart"]
HOURS = 24
LONGEST_MONTH = timedelta(days=31)


class By(StrEnum):
    """By what figures are asked for. Values are ids; hours "00" to "23", days "2026-11-23", months "2026-11"."""

    LINE = "line"
    HOUR = "hour"
    TEAM = "team"
    AGENT = "agent"
    PRODUCT = "product"
    FIRM = "firm"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Question:
    """One number to be opened: a side of a figure of a line, of one value where `by` is given."""

    line: str
    period: Period
    figure: str
    part: Part = "counted"
    by: By | None = None
    value: str = ""


@dataclass(frozen=True, slots=True)
class Behind:
    """One thing that a number counts: a call, or an offer of it (`subject`); `milliseconds` where times are summed."""

    call: str
    subject: str
    arrived_at: datetime
    milliseconds: int | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """How long it rang until a pick-up, and how long answered callers waited, of those that were measured."""

    rings: Histogram = field(default_factory=Histogram)
    waits: Histogram = field(default_factory=Histogram)


class LineDay(NamedTuple):
    """One line's day as a dashboard shows it; percentiles are milliseconds, None where nothing was measured."""

    line: str
    day: date
    calls: int
    asked: int
    answered: int
    abandoned: int
    rings_met: int
    rings_missed: int
    ring_p50: int | None
    ring_p90: int | None
    ring_p99: int | None


def figures_by(session: Session, lines: Sequence[str], *, period: Period, by: By) -> list[tuple[str, Figures]]:
    """The figures of these lines together, for each value in order; "" stands for what is not known.

    Ids of teams, products and firms are a line's own: ask for one line at a time where several have them.
    """
    key = _KEYS[by]
    asked = _of_period(lines, period, _DIMENSIONS[by])
    sums = [func.sum(column).label(name) for name, column in _COUNTED.items()]
    counts = session.execute(select(key.label("key"), *sums).where(*asked).group_by(key)).mappings()
    found: defaultdict[str, list[Figures]] = defaultdict(list)
    for row in counts:
        numbers = {name: int(row[name]) for name in _COUNTED}
        found[_named(row["key"], by)].append(Figures(numbers))
    return [(value, total(found[value])) for value in sorted(found)]


def times_by(session: Session, lines: Sequence[str], *, period: Period, by: By) -> dict[str, Times]:
    """How long rings and waits took, for each value: every row's histograms are read, so ask where they are shown."""
    key = _KEYS[by]
    rows = select(key, DayFigure.ring_times, DayFigure.wait_times).where(*_of_period(lines, period, _DIMENSIONS[by]))
    stored: defaultdict[str, list[tuple[list[int], list[int]]]] = defaultdict(list)
    for value, rings, waits in session.execute(rows):
        stored[_named(value, by)].append((rings, waits))
    return {
        value: Times(*(Histogram.read(*times) for times in zip(*kept, strict=True))) for value, kept in stored.items()
    }


def has_figure(figure: str, by: By) -> bool:
    """Whether values of `by` have this figure: agents have what is counted of offers, not what is of calls."""
    names = (*_side(figure, "counted"), *_side(figure, "base"))
    return by is not By.AGENT or all(COUNTERS[name].table is OfferFigure for name in names)


def days_by_other_rules(session: Session, line: Line, period: Period) -> list[date]:
    """The days with a call whose rows were not made by the present rules of its line."""
    rules = rules_of(line)
    others = or_(DayFigure.rules_least != rules, DayFigure.rules_most != rules)
    days = select(DayFigure.day).where(*_of_period([line.id], period, Dimension.LINE), others)
    return list(session.scalars(days.order_by(DayFigure.day)))


def figures_of(session: Session, lines: Sequence[str], period: Period) -> Figures:
    """The figures of these lines together."""
    return total([figures for _, figures in figures_by(session, lines, period=period, by=By.LINE)])


def days_of(session: Session, lines: Sequence[str], period: Period) -> list[LineDay]:
    """Each line's days that had calls, in order."""
    query = select(*_DASHBOARD).where(*_of_period(lines, period, Dimension.LINE))
    return list(map(LineDay._make, session.execute(query.order_by(DayFigure.line, DayFigure.day))))


def calls_behind(
    session: Session, question: Question, *, after: Behind | None = None, limit: int = 100
) -> list[Behind]:
    """The very calls or offers that a number counts, in order of arrival; `after` is the last one of the page before.

    As many as the count, and of a mean time their milliseconds are together its total.
    """
    counters = [COUNTERS[name] for name in _side(question.figure, question.part)]
    if not counters:
        return []
    raw = counters[0].table
    subject = _SUBJECTS[raw]
    query = select(raw.call_id, subject, raw.arrived_at, _milliseconds(counters)).where(
        raw.line == question.line,
        raw.day.between(question.period.first, question.period.last),
        or_(*(counter.condition for counter in counters)),
        *_of_value(raw, question),
    )
    if after is not None:
        query = query.where(tuple_(raw.arrived_at, subject) > (after.arrived_at, after.subject))
    rows = session.execute(query.order_by(raw.arrived_at, subject).limit(limit))
    return [Behind(*row) for row in rows]


def _of_period(lines: Sequence[str], period: Period, dimension: Dimension) -> list[ColumnElement[bool]]:
    return [
        # Spelled out in the statement, so that the index of the lines' own rows can be used.
        DayFigure.dimension == literal(dimension, DayFigure.dimension.type, literal_execute=True),
        DayFigure.line.in_(lines),
        DayFigure.day.between(period.first, period.last),
    ]


def _named(value: object, by: By) -> str:
    return str(value)[: len("2026-11")] if by is By.MONTH else str(value)


def _side(figure: str, part: Part) -> tuple[str, ...]:
    """The counters of one side of a figure; of a mean time both sides are the talks, calls or wrap-ups it is of."""
    match formula_of(figure):
        case Count(counted=counted):
            return counted if part != "apart" else ()
        case Share(counted=counted, base=base, apart=apart):
            return {"counted": counted, "base": base, "apart": apart}[part]
        case Mean(total=total_of, base=base):
            return {"counted": (total_of,), "base": base, "apart": ()}[part]


def _milliseconds(counters: Sequence[Counter]) -> ColumnElement[Any]:
    own = counters[0].milliseconds
    return null().label("milliseconds") if own is None else own.label("milliseconds")


def _hour(value: str) -> int:
    hour = int(value)
    if not 0 <= hour < HOURS:
        raise ValueError("an hour is 00 to 23")
    return hour


def _of_value(raw: Raw, question: Question) -> list[ColumnElement[bool]]:
    """That a row belongs to the value that is asked for; raises ValueError where calls have no such value."""
    match question.by:
        case None | By.LINE:
            return []
        case By.DAY:
            return [raw.day == date.fromisoformat(question.value)]
        case By.MONTH:
            first = date.fromisoformat(f"{question.value}-01")
            return [raw.day >= first, raw.day < (first + LONGEST_MONTH).replace(day=1)]
        case By.HOUR:
            return [raw.hour == _hour(question.value)]
        case by:
            columns = VALUES[_DIMENSIONS[by]]
            # A call belongs to no agent, only its offers do: such a number is 0 for every agent.
            return [columns[raw] == question.value] if raw in columns else [false()]


_DIMENSIONS: Mapping[By, Dimension] = {
    **{By(dimension): dimension for dimension in Dimension},
    By.DAY: Dimension.LINE,
    By.MONTH: Dimension.LINE,
}
# Of whatever type its values are: words, or days.
_KEYS: Mapping[By, InstrumentedAttribute[Any]] = {
    **dict.fromkeys(By, DayFigure.value),
    By.LINE: DayFigure.line,
    By.DAY: DayFigure.day,
    By.MONTH: DayFigure.day,
}
_COUNTED: Mapping[str, InstrumentedAttribute[int]] = {name: getattr(DayFigure, name) for name in COUNTERS}
_SUBJECTS: Mapping[Raw, InstrumentedAttribute[str]] = {
    CallFigure: CallFigure.call_id,
    OfferFigure: OfferFigure.offer_id,
}
_DASHBOARD = (
    DayFigure.line,
    DayFigure.day,
    DayFigure.calls,
    DayFigure.asked,
    DayFigure.answered,
    DayFigure.short_abandoned + DayFigure.long_abandoned + DayFigure.unknown_abandoned,
    DayFigure.rings_met,
    DayFigure.rings_missed,
    DayFigure.ring_p50,
    DayFigure.ring_p90,
    DayFigure.ring_p99,
)
