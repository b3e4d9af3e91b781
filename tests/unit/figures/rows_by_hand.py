"""Raw rows of figures, drawn by hypothesis or written by hand, straight into a database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import delete, insert

from ivr.calls.record import Outcome
from ivr.calls.rings import Reading
from ivr.figures.keeping import TABLES
from ivr.figures.rows import CallFigure, DayFigure, OfferFigure, Stage
from ivr.figures.tallying import tally
from ivr.lines.hours import SEOUL
from ivr.store import Store

Row = Mapping[str, Any]
FIRST = date(2026, 11, 29)
DAYS = [FIRST + timedelta(days=number) for number in range(4)]
LINES = ("kibo", "dcgf")
ORDINALS = st.integers(0, 2)

_readings = st.sampled_from(list(Reading))
_times = st.none() | st.integers(0, 40_000) | st.sampled_from([5_000, 6_000, 7_000, 9_000, 20_000])


def call(number: int, **known: Any) -> Row:
    """One answered call of the first day, changed by what is known."""
    day = known.get("day", FIRST)
    hour = known.get("hour", 9)
    arrived = datetime.combine(day, time(hour, 0), tzinfo=SEOUL).astimezone(UTC) + timedelta(seconds=number % 7)
    return {
        "call_id": f"c{number}",
        "line": "kibo",
        "day": day,
        "hour": hour,
        "arrived_at": arrived,
        "team": "guide",
        "product": "",
        "firm": "",
        "outcome": Outcome.ANSWERED,
        "is_open": known.get("outcome") is not Outcome.CLOSED,
        "asked_for_agent": True,
        "stage": Stage.NONE,
        "is_short": False,
        "is_served": False,
        "in_time": True,
        "wait_ms": 3000,
        "rules": "",
        **known,
    }


def offer(of: Row, ordinal: int = 1, **known: Any) -> Row:
    """One answered offer of a call, changed by what is known."""
    place = {name: of[name] for name in ("call_id", "line", "day", "hour", "arrived_at", "team", "product", "firm")}
    readings = dict.fromkeys(("rings", "strict", "literal", "customary"), Reading.MET)
    return {
        **place,
        "offer_id": f"{of['call_id']}-{ordinal}",
        "agent": f"{of['line']}-1",
        "ring_ms": 2400,
        **readings,
        "is_talk": True,
        "talk_ms": 60_000,
        "hold_ms": 0,
        "wrap_ms": 20_000,
        "customer_first": Reading.MET,
        "resolved": Reading.MET,
        "marked": Reading.NOT_APPLICABLE,
        **known,
    }


@st.composite
def offers(draw: st.DrawFn, of: Row, ordinal: int) -> Row:
    """An offer of a call, of any kind."""
    names = ("rings", "strict", "literal", "customary", "customer_first", "resolved", "marked")
    readings = {name: draw(_readings) for name in names}
    times = {name: draw(_times) for name in ("ring_ms", "talk_ms", "wrap_ms")}
    hold = None if times["talk_ms"] is None else draw(st.integers(0, 9_000))
    agent = draw(st.sampled_from([f"{of['line']}-1", f"{of['line']}-2"]))
    return offer(of, ordinal, agent=agent, is_talk=draw(st.booleans()), hold_ms=hold, **readings, **times)


@st.composite
def calls(draw: st.DrawFn, number: int) -> tuple[Row, list[Row]]:
    """A call of any kind with up to three offers."""
    outcome = draw(st.sampled_from(list(Outcome)))
    known: dict[str, Any] = {
        "line": draw(st.sampled_from(LINES)),
        "day": draw(st.sampled_from(DAYS)),
        "hour": draw(st.sampled_from([0, 9, 10, 23])),
        "team": draw(st.sampled_from(["", "guide", "loans"])),
        "product": draw(st.sampled_from(["", "digital"])),
        "firm": draw(st.sampled_from(["", "nuri"])),
        "outcome": outcome,
        "is_open": draw(st.booleans()),
        "rules": draw(st.sampled_from(["a", "b"])),
        "asked_for_agent": draw(st.booleans()),
        "stage": draw(st.sampled_from(list(Stage))) if outcome is Outcome.ABANDONED else Stage.NONE,
        "is_short": draw(st.booleans()),
        "is_served": draw(st.booleans()),
        "in_time": outcome is Outcome.ANSWERED and draw(st.booleans()),
        "wait_ms": draw(_times),
    }
    made = call(number, **known)
    return made, [draw(offers(made, ordinal)) for ordinal in range(1, draw(ORDINALS) + 1)]


some_calls = st.integers(0, 8).flatmap(lambda count: st.tuples(*(calls(number) for number in range(count))))


def write(store: Store, rows: Sequence[tuple[Row, Sequence[Row]]]) -> None:
    """Let these rows be all there are, and make the sums of every day."""
    with store.transaction() as session:
        for table in (CallFigure, OfferFigure, DayFigure):
            session.execute(delete(table))
        if rows:
            session.execute(insert(TABLES["call_id"]), [dict(made) for made, _ in rows])
        if told := [dict(each) for _, several in rows for each in several]:
            session.execute(insert(TABLES["offer_id"]), told)
        for line, day in {(made["line"], made["day"]) for made, _ in rows}:
            tally(session, line, day)
