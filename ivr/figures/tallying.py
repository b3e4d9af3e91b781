"""The sums of a line's day, made in the database from its raw rows: the same rows always make the same sums."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    String,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
)
from sqlalchemy import cast as as_type
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.figures.counters import ANSWERED, COUNTERS, VALUES, Milliseconds, Raw
from ivr.figures.histogram import ENDS_AT, FIRST_BUCKETS, LAST_BUCKET, PERCENTILES, SPANS, Histogram
from ivr.figures.rows import CallFigure, DayFigure, Dimension, OfferFigure
from ivr.promises import insert_for

TWO_DIGITS = 10
TABLE = cast(Table, DayFigure.__table__)
Place = tuple[Dimension, str]
_DAY, _LINE = bindparam("day", type_=Date()), bindparam("line", type_=String())


@dataclass(slots=True)
class _Sums:
    """What is gathered of one value of one dimension."""

    counts: dict[str, int] = field(default_factory=dict)
    ring_times: dict[int, int] = field(default_factory=dict)
    wait_times: dict[int, int] = field(default_factory=dict)
    rules: tuple[str, str] = ("", "")


def tally(session: Session, line: str, day: date) -> None:
    """Make the sums of a day anew, in the session's transaction; a day without calls has none."""
    _take_turn(session, line, day)
    asked = {"line": line, "day": day}
    sums: defaultdict[Place, _Sums] = defaultdict(_Sums)
    for raw in (CallFigure, OfferFigure):
        for found in session.execute(_counting(raw), asked).mappings():
            own = sums[_place(found)]
            own.counts |= {name: found[name] for name in _counters_of(raw)}
            own.rules = (found["rules_least"], found["rules_most"]) if raw is CallFigure else own.rules
        for found in session.execute(_spreading(raw), asked).mappings():
            own = sums[_place(found)]
            (own.wait_times if raw is CallFigure else own.ring_times)[found["bucket"]] = found["times"]
    session.execute(delete(TABLE).where(TABLE.c.line == line, TABLE.c.day == day))
    rows = [_row(line, day, place=place, sums=own) for place, own in sums.items()]
    if rows:
        session.execute(insert(TABLE), rows)


def _take_turn(session: Session, line: str, day: date) -> None:
    """Two sums of one day take turns at the row of the line itself, so that the later one has seen everything."""
    nothing = _row(line, day, place=(Dimension.LINE, ""), sums=_Sums())
    keys = [column.name for column in TABLE.primary_key.columns]
    turn = insert_for(session.get_bind().dialect.name, DayFigure).on_conflict_do_update(
        index_elements=keys, set_={"calls": TABLE.c.calls}
    )
    session.execute(turn, nothing)


def _place(found: Mapping[Any, Any]) -> Place:  # Any: a row as SQLAlchemy types it
    return Dimension(found["dimension"]), found["value"]


def _row(line: str, day: date, *, place: Place, sums: _Sums) -> dict[str, object]:
    rings, waits = Histogram(sums.ring_times), Histogram(sums.wait_times)
    return {
        "dimension": place[0],
        "line": line,
        "day": day,
        "value": place[1],
        **{name: sums.counts.get(name, 0) for name in COUNTERS},
        "rules_least": sums.rules[0],
        "rules_most": sums.rules[1],
        "ring_times": rings.stored,
        "wait_times": waits.stored,
        **{f"ring_{name}": rings.percentile(share) for name, share in PERCENTILES.items()},
        **{f"wait_{name}": waits.percentile(share) for name, share in PERCENTILES.items()},
    }


def _counters_of(raw: Raw) -> Iterator[str]:
    return (name for name, counter in COUNTERS.items() if counter.table is raw)


@cache
def _counting(raw: Raw) -> CompoundSelect[Any]:
    """One statement: every counter of a raw table, for every value of every dimension of a line's day."""
    sums: list[ColumnElement[Any]] = [COUNTERS[name].sum.label(name) for name in _counters_of(raw)]
    if raw is CallFigure:
        sums += [func.min(CallFigure.rules).label("rules_least"), func.max(CallFigure.rules).label("rules_most")]
    return union_all(*(_of_dimension(raw, dimension, *sums) for dimension in _dimensions(raw)))


@cache
def _spreading(raw: Raw) -> CompoundSelect[Any]:
    """One statement: how many times lie in each bucket, for every value of every dimension of a line's day."""
    times: InstrumentedAttribute[int | None] = OfferFigure.ring_ms if raw is OfferFigure else CallFigure.wait_ms
    counts = times.is_not(None) & ANSWERED if raw is CallFigure else times.is_not(None)
    bucket = bucket_of(times)
    return union_all(
        *(
            _of_dimension(raw, dimension, bucket.label("bucket"), func.count().label("times"))
            .where(counts)
            .group_by("bucket")
            for dimension in _dimensions(raw)
        )
    )


def _dimensions(raw: Raw) -> Iterator[Dimension]:
    return (dimension for dimension in Dimension if dimension is Dimension.LINE or raw in VALUES[dimension])


def _of_dimension(raw: Raw, dimension: Dimension, *columns: ColumnElement[Any]) -> Select[Any]:
    named = literal(dimension.value, String()).label("dimension")
    value = value_of(raw, dimension)
    query = select(named, (literal("", String()) if value is None else value).label("value"), *columns)
    query = query.where(raw.line == _LINE, raw.day == _DAY)
    return query.group_by("value") if value is not None else query.having(func.count() > 0)


def value_of(raw: Raw, dimension: Dimension) -> ColumnElement[str] | None:
    """The value of a dimension as sums and questions name it; hours have two digits. None for the line itself."""
    if dimension is Dimension.LINE:
        return None
    column = VALUES[dimension][raw]
    if dimension is not Dimension.HOUR:
        return cast(ColumnElement[str], column)
    return func.substr(literal("0") + as_type(column, String()), case((column < TWO_DIGITS, 1), else_=2), 2)


def bucket_of(milliseconds: Milliseconds) -> ColumnElement[int]:
    """The number of the bucket of a time, as `ivr.figures.histogram.bucket` has it."""
    ends = [*(start for start, _ in SPANS[1:]), ENDS_AT]
    spans = [
        (milliseconds < end, FIRST_BUCKETS[place] + (milliseconds - start) // width)
        for place, ((start, width), end) in enumerate(zip(SPANS, ends, strict=True))
    ]
    return case(*spans, else_=LAST_BUCKET)
