"""Sums against the raw rows: every figure by every dimension, and the very calls behind each of its numbers."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ivr.calls.record import Outcome
from ivr.calls.rings import Reading
from ivr.figures.asking import (
    By,
    Part,
    Period,
    Question,
    Times,
    calls_behind,
    days_of,
    figures_by,
    figures_of,
    has_figure,
    times_by,
)
from ivr.figures.formulas import FORMULAS, Mean
from ivr.figures.histogram import Histogram, bucket
from ivr.figures.rows import Stage
from ivr.figures.sums import Figures
from ivr.store import Store
from tests.sizes import examples
from tests.unit.figures.rows_by_hand import DAYS, FIRST, LINES, Row, call, offer, some_calls, write

PERIOD = Period(DAYS[0], DAYS[2])
WORDS = {"met": Reading.MET, "missed": Reading.MISSED, "unknown": Reading.INDETERMINATE}
PARTS: tuple[Part, ...] = ("counted", "base", "apart")
Drawn = Sequence[tuple[Row, Sequence[Row]]]
ON_ONE_STORE = settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])

VALUE = {
    By.LINE: lambda row: row["line"],
    By.HOUR: lambda row: f"{row['hour']:02}",
    By.TEAM: lambda row: row["team"],
    By.AGENT: lambda row: row.get("agent"),
    By.PRODUCT: lambda row: row["product"],
    By.FIRM: lambda row: row["firm"],
    By.DAY: lambda row: row["day"].isoformat(),
    By.MONTH: lambda row: f"{row['day']:%Y-%m}",
}


def counted_by_hand(calls: Sequence[Row], offers: Sequence[Row]) -> Mapping[str, int]:
    """The counters once more, in plain Python over raw rows, independent of the database's conditions."""
    answered = [row for row in calls if row["outcome"] == Outcome.ANSWERED]
    waits = [row["wait_ms"] for row in answered if row["wait_ms"] is not None]
    asked = [row for row in calls if row["asked_for_agent"]]
    queue = [row for row in calls if row["stage"] == Stage.QUEUE]
    talks = [row for row in offers if row["is_talk"] and row["talk_ms"] is not None]
    wraps = [row for row in talks if row["wrap_ms"] is not None]
    found = {
        "calls": len(calls),
        "calls_open": len([row for row in calls if row["is_open"]]),
        "asked": len(asked),
        "answered": len(answered),
        "in_time": len([row for row in calls if row["in_time"]]),
        "waits": len(waits),
        "wait_ms": sum(waits),
        "short_abandoned": len([row for row in queue if row["is_short"]]),
        "long_abandoned": len([row for row in queue if not row["is_short"] and row["wait_ms"] is not None]),
        "unknown_abandoned": len([row for row in queue if row["wait_ms"] is None]),
        "asked_told": len([row for row in asked if row["wait_ms"] is not None or row["stage"] != Stage.QUEUE]),
        "menu_abandoned": len([row for row in calls if row["stage"] == Stage.MENU]),
        "served": len([row for row in calls if row["is_served"]]),
        "callbacks": len([row for row in calls if row["outcome"] == Outcome.CALLBACK]),
        "failed": len([row for row in calls if row["outcome"] == Outcome.FAILED]),
        "rang": len(offers),
        "met": len([row for row in offers if row["is_talk"]]),
        "talks": len(talks),
        "talk_ms": sum(row["talk_ms"] for row in talks),
        "hold_ms": sum(row["hold_ms"] for row in talks),
        "wraps": len(wraps),
        "wrap_ms": sum(row["wrap_ms"] for row in wraps),
        "handle_ms": sum(row["talk_ms"] + row["hold_ms"] + row["wrap_ms"] for row in wraps),
    }
    return found | {key: sum(row[name] == WORDS[word] for row in offers) for key, (name, word) in readings().items()}


def readings() -> Mapping[str, tuple[str, str]]:
    """Which column and which reading each counter of readings is of."""
    names = {f"{name}_{word}": (name, word) for name in ("rings", "strict", "literal", "customary") for word in WORDS}
    own = "customer_first"
    names |= {own: (own, "met"), "agent_first": (own, "missed"), "first_unknown": (own, "unknown")}
    names["resolve_unknown"] = ("resolved", "unknown")
    for before, name in (("", "resolved"), ("marked_", "marked")):
        names |= {f"{before}resolved": (name, "met"), f"{before}unresolved": (name, "missed")}
    return names


def by_hand(rows: Drawn, lines: Sequence[str], by: By, value: str) -> tuple[Figures, Times]:
    """The figures and times of one value, from the raw rows of the period."""
    calls = [made for made, _ in rows if made["line"] in lines and made["day"] <= PERIOD.last]
    offers = [
        each for made, several in rows if made["line"] in lines and made["day"] <= PERIOD.last for each in several
    ]
    own = VALUE[by]
    calls = [row for row in calls if own(row) == value]
    offers = [row for row in offers if own(row) == value]
    answered = [row for row in calls if row["outcome"] == Outcome.ANSWERED]
    return Figures(counted_by_hand(calls, offers)), Times(
        Histogram.of(row["ring_ms"] for row in offers if row["ring_ms"] is not None),
        Histogram.of(row["wait_ms"] for row in answered if row["wait_ms"] is not None),
    )


def plain(figures: Figures, times: Times) -> tuple[dict[str, int], list[int], list[int]]:
    return dict(figures.counts), times.rings.stored, times.waits.stored


@given(rows=some_calls, by=st.sampled_from(By), lines=st.sampled_from([LINES, LINES[:1]]))
@ON_ONE_STORE
def test_sums_by_every_dimension_are_those_of_the_raw_rows(
    engine: Engine, rows: Drawn, by: By, lines: Sequence[str]
) -> None:
    store = Store(engine)
    write(store, rows)
    with store.reading() as session:
        found = figures_by(session, lines, period=PERIOD, by=by)
        times = times_by(session, lines, period=PERIOD, by=by)
    assert [value for value, _ in found] == sorted(times)
    assert [value for value, _ in found] == sorted({value for value, _ in found})
    for value, figures in found:
        assert plain(figures, times[value]) == plain(*by_hand(rows, lines, by, value))
    every = [row for made, several in rows for row in (made, *several)]
    inside = [row for row in every if row["line"] in lines and row["day"] <= PERIOD.last]
    assert {VALUE[by](row) for row in inside} - {None} == {value for value, _ in found}


@given(rows=some_calls, by=st.sampled_from(By), figure=st.sampled_from(list(FORMULAS)))
@ON_ONE_STORE
def test_the_calls_behind_a_number_are_as_many_as_it_counts(engine: Engine, rows: Drawn, by: By, figure: str) -> None:
    store = Store(engine)
    write(store, rows)
    with store.reading() as session:
        for value, figures in figures_by(session, ["kibo"], period=PERIOD, by=by):
            for part in PARTS:
                behind = calls_behind(session, Question("kibo", PERIOD, figure, part, by, value), limit=1000)
                if isinstance(FORMULAS[figure], Mean) and part == "counted":
                    assert sum(each.milliseconds or 0 for each in behind) == figures.counted(figure)
                    assert len(behind) == figures.base(figure)
                else:
                    assert len(behind) == getattr(figures, part)(figure)
                assert len({each.subject for each in behind}) == len(behind)


def test_a_list_of_calls_is_read_page_by_page_in_order_of_arrival(engine: Engine) -> None:
    store = Store(engine)
    write(store, [(call(number), []) for number in range(23)])
    question = Question("kibo", PERIOD, "calls")
    with store.reading() as session:
        whole = calls_behind(session, question, limit=100)
        pages: list[Any] = []
        while page := calls_behind(session, question, after=pages[-1] if pages else None, limit=5):
            pages += page
    assert pages == whole
    assert len(whole) == 23
    assert whole == sorted(whole, key=lambda each: (each.arrived_at, each.subject))


def of(store: Store, rows: Drawn) -> Figures:
    write(store, rows)
    with store.reading() as session:
        return figures_of(session, ["kibo"], PERIOD)


def test_without_calls_nothing_is_divided_by_nothing(engine: Engine) -> None:
    found = of(Store(engine), [])
    for figure, formula in FORMULAS.items():
        assert (found.counted(figure), found.base(figure), found.apart(figure)) == (0, 0, 0)
        if isinstance(formula, Mean):
            assert found.seconds(figure) is None
    assert found.share("response_rate") is None
    assert Times().rings.percentile(Fraction(1, 2)) is None


def given_up(number: int, wait_ms: int | None, *, is_short: bool) -> tuple[Row, list[Row]]:
    known = {"outcome": Outcome.ABANDONED, "stage": Stage.QUEUE, "in_time": False, "wait_ms": wait_ms}
    return call(number, is_short=is_short, **known), []


def test_where_all_gave_up_the_three_service_levels_differ_only_where_nothing_is_left(engine: Engine) -> None:
    found = of(Store(engine), [given_up(1, 4_999, is_short=True), given_up(2, 4_000, is_short=True)])
    assert found.share("service_level_offered") == 0
    assert found.share("service_level_answered") is None
    assert found.share("service_level_net") is None
    assert found.share("abandonment_queue") == found.share("abandonment_all") == Fraction(1)


def test_every_share_of_a_small_day_by_hand(engine: Engine) -> None:
    """Ten calls: 5 answered (4 in time), 1 short and 1 long abandonment, 1 in the menu, 1 callback, 1 closed."""
    answered = [call(number, in_time=number > 0, wait_ms=25_000 if number == 0 else 10_000) for number in range(5)]
    menu = call(7, outcome=Outcome.ABANDONED, stage=Stage.MENU, asked_for_agent=False, in_time=False, wait_ms=None)
    callback = call(8, outcome=Outcome.CALLBACK, in_time=False, wait_ms=None)
    closed = call(9, outcome=Outcome.CLOSED, asked_for_agent=False, in_time=False, wait_ms=None)
    rest = [given_up(5, 3_000, is_short=True), given_up(6, 5_000, is_short=False)]
    rows = [*((made, [offer(made)]) for made in answered), *rest, (menu, []), (callback, []), (closed, [])]
    found = of(Store(engine), rows)
    assert {figure: found.share(figure) for figure in FORMULAS if figure.split("_")[0] in {"response", "service"}} == {
        "response_rate": Fraction(5, 8),
        "response_rate_inbound": Fraction(5, 10),
        "service_level_offered": Fraction(4, 8),
        "service_level_answered": Fraction(4, 5),
        "service_level_net": Fraction(4, 6),
    }
    assert {figure: found.share(figure) for figure in FORMULAS if figure.startswith("abandonment")} == {
        "abandonment_queue": Fraction(2, 8),
        "abandonment_short": Fraction(1, 8),
        "abandonment_menu": Fraction(1, 9),
        "abandonment_all": Fraction(3, 9),
    }
    assert found.seconds("speed_of_answer") == Fraction(25 + 4 * 10, 5)
    assert found.share("callbacks_asked") == Fraction(1, 10)


def test_what_the_record_cannot_tell_stands_apart_and_in_no_share(engine: Engine) -> None:
    made = call(1)
    readings = [Reading.MET, Reading.MISSED, Reading.INDETERMINATE, Reading.NOT_APPLICABLE]
    told = [
        offer(made, ordinal, rings=reading, customer_first=reading, resolved=reading, marked=reading)
        for ordinal, reading in enumerate(readings, 1)
    ]
    found = of(Store(engine), [(made, told)])
    for figure in ("within_rings", "customer_hangs_up_first", "first_contact"):
        assert (found.share(figure), found.base(figure), found.apart(figure)) == (Fraction(1, 2), 2, 1)
    assert found.share("first_contact_marked") == Fraction(1, 2)


def test_a_wait_that_nobody_could_measure_is_no_long_abandonment(engine: Engine) -> None:
    told = [given_up(1, 4_999, is_short=True), given_up(2, 5_000, is_short=False), given_up(3, None, is_short=False)]
    found = of(Store(engine), [*told, (call(4), [])])
    assert (found.base("service_level_net"), found.apart("service_level_net")) == (2, 1)
    assert (found.share("abandonment_short"), found.apart("abandonment_short")) == (Fraction(1, 3), 1)
    assert (found.counted("abandonment_queue"), found.base("abandonment_queue")) == (3, 4)
    with Store(engine).reading() as session:
        (day,) = days_of(session, ["kibo"], PERIOD)
    assert day.abandoned == 3


@pytest.mark.parametrize(
    ("figure", "found"),
    [("calls", False), ("response_rate", False), ("speed_of_answer", False), ("talks", True), ("within_rings", True)],
)
def test_an_agent_has_what_is_counted_of_offers_alone(figure: str, found: bool) -> None:
    assert has_figure(figure, By.AGENT) is found
    assert all(has_figure(figure, by) for by in By if by is not By.AGENT)


def test_mean_times_count_only_what_was_measured(engine: Engine) -> None:
    made = call(1)
    told = [
        offer(made, 1, talk_ms=100_000, hold_ms=20_000, wrap_ms=30_000),
        offer(made, 2, talk_ms=50_000, hold_ms=0, wrap_ms=None),
        offer(made, 3, is_talk=False, talk_ms=None, hold_ms=None, wrap_ms=None),
    ]
    found = of(Store(engine), [(made, told)])
    times = {"talk_time": 75, "hold_time": 10, "wrap_time": 30, "handle_time": 150}
    assert {figure: found.seconds(figure) for figure in times} == {name: Fraction(time) for name, time in times.items()}


def test_a_dashboard_has_each_day_of_each_line_with_its_percentiles(engine: Engine) -> None:
    store = Store(engine)
    made = [call(number, day=FIRST) for number in range(10)]
    write(store, [(each, [offer(each, ring_ms=1000 * (number + 1))]) for number, each in enumerate(made)])
    with store.reading() as session:
        (day,) = days_of(session, LINES, PERIOD)
    assert (day.line, day.day, day.calls, day.rings_met) == ("kibo", FIRST, 10, 10)
    assert [bucket(time or 0) for time in (day.ring_p50, day.ring_p90, day.ring_p99)] == [50, 90, 100]


@pytest.mark.parametrize("figure", ["calls", "talk_time"])
def test_what_is_no_share_is_not_asked_for_one(figure: str) -> None:
    with pytest.raises(ValueError, match="no share"):
        Figures().share(figure)


def test_an_unknown_figure_is_told_in_words() -> None:
    with pytest.raises(KeyError, match="there is no figure 'nothing'"):
        Figures().count("calls") or Figures().base("nothing")


def test_months_begin_and_end_where_they_do(engine: Engine) -> None:
    store = Store(engine)
    write(store, [(call(number, day=day), []) for number, day in enumerate(DAYS)])
    with store.reading() as session:
        period = Period(date(2026, 1, 1), date(2027, 1, 1))
        months = figures_by(session, ["kibo"], period=period, by=By.MONTH)
        behind = calls_behind(session, Question("kibo", period, "calls", "counted", By.MONTH, "2026-11"))
    assert [(month, figures.count("calls")) for month, figures in months] == [("2026-11", 2), ("2026-12", 2)]
    assert [each.call for each in behind] == ["c0", "c1"]
