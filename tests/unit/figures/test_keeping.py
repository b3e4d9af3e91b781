"""Rows kept call by call, in any order, twice, and with facts that come late, are those made all at once."""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Thread

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session

from ivr.calls.rows import Call
from ivr.calls.steps import CALLER
from ivr.figures.keeping import keep_figures, promise_tallies
from ivr.figures.rows import CallFigure, DayFigure, OfferFigure
from ivr.figures.tallying import TABLE, tally
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import MORNING
from tests.sizes import examples
from tests.unit.charters.tales import TALK_ENDS_AT, Tale, line_of, moment, talk
from tests.unit.figures.kept import Rows, add_call, add_staff, emptied, keep, raw_rows, tell_all

KIBO = line_of("kibo")
A_DAY = timedelta(days=1)


def gives_up() -> Tale:
    return Tale(KIBO).tell("arrived", CALLER, 0).tell("wait", CALLER, 8).event(CALLER, "completed", 14)


def rings_twice() -> Tale:
    tale = talk(KIBO, 8.0)
    second = tale.offer(closed=100.0)
    return tale.rings(second, 2.0, at=70).takes(second, at=80).announces(second, at=80).joins(second, at=80)


def wraps_up() -> Tale:
    tale = talk(KIBO)
    tale.offers[0].wrapped_at = moment(TALK_ENDS_AT + 30)
    return tale


TALES: tuple[Callable[[], Tale], ...] = (lambda: talk(KIBO), lambda: talk(KIBO, 9.5), gives_up, rings_twice, wraps_up)


def all_rows(store: Store, days: set[date]) -> tuple[Rows, list[dict[str, object]]]:
    """The raw rows, and the sums of these days made from them."""
    with store.transaction() as session:
        for day in days:
            tally(session, KIBO.id, day)
        sums = [dict(row) for row in session.execute(select(*TABLE.columns)).mappings()]
    return raw_rows(store), sorted(sums, key=repr)


@st.composite
def days_of_calls(draw: st.DrawFn) -> tuple[list[tuple[int, int, str | None, int]], list[list[int]]]:
    """Calls (tale, day, number, facts told late), and batches of them in which each is kept once at least."""
    count = draw(st.integers(1, 5))
    one = st.tuples(
        st.integers(0, len(TALES) - 1), st.integers(0, 2), st.sampled_from([None, "x", "y"]), st.integers(0, 4)
    )
    made = draw(st.lists(one, min_size=count, max_size=count))
    order = draw(st.permutations([*range(count), *draw(st.lists(st.integers(0, count - 1), max_size=3))]))
    size = draw(st.integers(1, 3))
    return made, [list(order[place : place + size]) for place in range(0, len(order), size)]


@given(days_of_calls())
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_order_of_keeping_comes_to_the_same_rows(
    engine: Engine, drawn: tuple[list[tuple[int, int, str | None, int]], list[list[int]]]
) -> None:
    made, batches = drawn
    store = emptied(engine)
    names = [f"c{number}x" for number in range(len(made))]
    tales = [TALES[kind]() for kind, _, _, _ in made]
    add_staff(store, *tales)
    held_back, days = [], set()
    with store.transaction() as session:
        for number, (tale, (_, day, caller, late)) in enumerate(zip(tales, made, strict=True)):
            at = MORNING + day * A_DAY + timedelta(minutes=number)
            facts = add_call(session, tale, names[number], at=at, caller=caller)
            tell_all(session, facts[: len(facts) - late])
            held_back.append(facts[len(facts) - late :])
            days.add(at.date())
    for batch in batches:
        keep(store, tales[0], *(names[number] for number in batch))
    with store.transaction() as session:
        for facts in held_back:
            tell_all(session, facts)
    for name in reversed(names):
        keep(store, tales[0], name)
    piecemeal = all_rows(store, days)
    with store.transaction() as session:
        for table in (CallFigure, OfferFigure, DayFigure):
            session.execute(delete(table))
    assert keep(store, tales[0], *names).changed == sum(map(len, piecemeal[0].values()))
    assert all_rows(store, days) == piecemeal
    assert keep(store, tales[0], *names).changed == 0


def kept_call(store: Store, tale: Tale, name: str = "c1x") -> None:
    add_staff(store, tale)
    with store.transaction() as session:
        tell_all(session, add_call(session, tale, name))
    keep(store, tale, name)


def test_a_call_that_goes_on_has_no_rows(engine: Engine) -> None:
    store = Store(engine)
    tale = talk(KIBO)
    add_staff(store, tale)
    with store.transaction() as session:
        tell_all(session, add_call(session, tale, "c1x"))
        session.get_one(Call, "c1x").ended_at = None
    assert keep(store, tale, "c1x").changed == 0
    assert raw_rows(store) == {"call_id": [], "offer_id": []}


def test_a_row_that_stands_on_the_wrong_day_changes_both_days(engine: Engine) -> None:
    store = Store(engine)
    kept_call(store, talk(KIBO))
    wrong = date(2026, 11, 1)
    with store.transaction() as session:
        session.execute(update(CallFigure).values(day=wrong))
    kept = keep(store, talk(KIBO), "c1x")
    assert kept.days == {("kibo", wrong), ("kibo", date(2026, 11, 23))}
    assert kept.changed == 1


def test_a_day_that_lost_its_calls_loses_its_sums(engine: Engine) -> None:
    store = Store(engine)
    kept_call(store, talk(KIBO))
    day = date(2026, 11, 23)
    assert {row["dimension"] for row in all_rows(store, {day})[1]} == {
        *("line", "hour", "team", "agent", "product", "firm")
    }
    with store.transaction() as session:
        session.execute(delete(CallFigure))
        session.execute(delete(OfferFigure))
    assert all_rows(store, {day})[1] == []


def tallies(session: Session) -> list[tuple[str, bool, int]]:
    rows = session.scalars(select(PromiseRow).where(PromiseRow.kind == "tally").order_by(PromiseRow.key))
    return [(row.key, row.done_at is not None, round((row.due_at - MORNING).total_seconds())) for row in rows]


def test_many_changes_of_a_day_are_one_promise_that_a_later_change_opens_again(engine: Engine) -> None:
    store, days = Store(engine), frozenset({("kibo", date(2026, 11, 23))})
    for seconds in (0, 5, 14):
        with store.transaction() as session:
            promise_tallies(session, days, MORNING + timedelta(seconds=seconds))
    with store.transaction() as session:
        assert tallies(session) == [("tally:kibo:2026-11-23", False, 15)]
        session.execute(update(PromiseRow).values(done_at=MORNING, handed_at=MORNING, started_at=MORNING, attempts=3))
    with store.transaction() as session:
        promise_tallies(session, days, MORNING + timedelta(seconds=40))
        assert tallies(session) == [("tally:kibo:2026-11-23", False, 55)]
        row = session.scalars(select(PromiseRow)).one()
        assert (row.handed_at, row.started_at, row.attempts) == (None, None, 0)


def test_two_sums_of_a_day_take_turns_so_that_the_later_one_has_seen_everything(postgresql_engine: Engine) -> None:
    store, day = Store(postgresql_engine), date(2026, 11, 23)
    kept_call(store, talk(KIBO))
    with store.transaction() as session:
        tell_all(session, add_call(session, talk(KIBO), "c2x"))

    def one_more() -> None:
        with store.transaction() as session:
            keep_figures(session, ["c2x"], line=KIBO)
            tally(session, KIBO.id, day)

    with store.transaction() as session:
        tally(session, KIBO.id, day)
        other = Thread(target=one_more)
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(10)
    with store.reading() as session:
        assert session.get_one(DayFigure, ("line", KIBO.id, day, "")).calls == 2


def test_two_keepers_of_one_call_take_turns_so_that_a_fact_told_between_them_counts(postgresql_engine: Engine) -> None:
    store, tale = Store(postgresql_engine), talk(KIBO)
    add_staff(store, tale)
    with store.transaction() as session:
        facts = add_call(session, tale, "c1x")
        tell_all(session, facts[:-2])
    keep(store, tale, "c1x")

    def told_more() -> None:
        with store.transaction() as session:
            tell_all(session, facts[-2:])
            keep_figures(session, ["c1x"], line=KIBO)

    with store.transaction() as session:
        assert keep_figures(session, ["c1x"], line=KIBO).changed == 0
        other = Thread(target=told_more)
        other.start()
        other.join(0.3)
        assert other.is_alive()
    other.join(10)
    assert keep(store, tale, "c1x").changed == 0


def test_calls_of_another_line_are_left_alone(engine: Engine) -> None:
    store = Store(engine)
    kept_call(store, talk(KIBO))
    with store.transaction() as session:
        kept = keep_figures(session, ["c1x"], line=line_of("dcgf"))
    assert (kept.changed, len(raw_rows(store)["call_id"])) == (0, 1)
