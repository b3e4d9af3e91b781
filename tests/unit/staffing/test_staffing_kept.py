"""What staffing reads and keeps in a database: calls by half hour, work, shifts, forecasts against what came."""

from collections.abc import Iterable
from copy import copy
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, select

from ivr.calls.record import Outcome
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.figures.tallying import tally
from ivr.staffing.history import TooLittleHistory, read_history
from ivr.staffing.keeping import NothingToKeep, compare, forecasts_of, keep_forecast
from ivr.staffing.lessons import Lesson
from ivr.staffing.needing import Target
from ivr.staffing.planning import what_if
from ivr.staffing.reading import Memory, missing_by_weekday, planning_of, plans_of
from ivr.staffing.rows import Forecast
from ivr.staffing.shifts import BadShift, Wanted, add_shift, end_shift, planned_on, remove_shift, shifts_of
from ivr.staffing.slots import Days
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.figures.rows_by_hand import call, offer
from tests.unit.staffing.made import Pattern, days_of, write

MONDAY = date(2026, 11, 23)
AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def test_calls_are_counted_by_the_half_hour_in_which_they_came(engine: Engine) -> None:
    store, line = Store(engine), days_of().line
    begins = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
    place = {"line": line.id, "team": "digital", "day": date(2026, 11, 20), "hour": 9}
    rows = [
        call(1, **place, arrived_at=begins + timedelta(minutes=29, seconds=59, microseconds=999_999)),
        call(2, **place, arrived_at=begins + timedelta(minutes=30)),
        call(3, **place | {"team": "living"}, arrived_at=begins + timedelta(minutes=31), outcome=Outcome.ABANDONED),
        call(4, **place, arrived_at=begins, asked_for_agent=False),
        call(5, **place, arrived_at=begins, is_open=False),
        call(6, **place | {"line": "kibo"}, arrived_at=begins),
    ]
    with store.transaction() as session:
        session.execute(insert(CallFigure), rows)
        talks = [offer(rows[0], number, talk_ms=100_000, hold_ms=None, wrap_ms=20_000) for number in range(1, 31)]
        session.execute(insert(OfferFigure), [*talks, offer(rows[1], 99, wrap_ms=None, talk_ms=10**9)])
    with store.reading() as session:
        whole = read_history(session, line, last=date(2026, 11, 21))
        team = read_history(session, line, team="digital", last=date(2026, 11, 21))
        assert (whole.calls, team.calls) == ({rows[0]["day"]: {18: 1, 19: 2}}, {rows[0]["day"]: {18: 1, 19: 1}})
        assert (whole.first, whole.days, team.work, team.talks) == (date(2026, 11, 20), 2, 120.0, 30)
        few = read_history(session, line, team="living", last=date(2026, 11, 21))
        assert (few.work, few.talks) == (line.waiting.average_talk_seconds + line.wrap_up_seconds, 0)
        with pytest.raises(TooLittleHistory, match="nobody asked"):
            read_history(session, line, last=date(2026, 11, 19))


def test_a_week_is_planned_kept_and_held_against_what_came(engine: Engine) -> None:
    store, days = Store(engine), days_of()
    calls = Pattern(80).history(days, MONDAY - timedelta(weeks=3), weeks=4, seed=4).calls
    write(store, days.line, calls)
    with store.transaction() as session:
        planning = planning_of(session, days, target=Target(), today=MONDAY)
        assert max(planning.history.calls) < MONDAY
        plans = plans_of(session, planning, first=MONDAY, last=MONDAY + timedelta(days=6))
        kept = Forecast(
            line=days.line.id, first_day=MONDAY, last_day=MONDAY + timedelta(days=6),
            history_from=planning.history.first, made_by="lead", team="",
        )  # fmt: skip
        keep_forecast(session, plans, kept, at=AT)
    with store.reading() as session:
        (kept,) = forecasts_of(session, days.line, limit=5)
        found = compare(session, days.line, kept, today=MONDAY + timedelta(days=4))
        assert found.until == MONDAY + timedelta(days=3)
        came = sum(sum(slots.values()) for day, slots in calls.items() if MONDAY <= day <= found.until)
        assert found.error.calls == came
        assert sum(error.calls for _, error, _ in found.by_day()) == came
        assert found.error.expected == pytest.approx(sum(plan.calls for plan in plans[:4]), abs=0.1)
        assert 0.8 < (found.in_time or 0) < 1
        assert found.in_time == found.answered
        assert compare(session, days.line, kept, today=MONDAY).error.calls == 0
        tested = planning.lesson.tested
        assert tested is not None
        assert tested.ours.missed < tested.week_before.missed


def test_a_year_is_read_again_only_when_its_sums_have_changed(engine: Engine) -> None:
    store, days, memory = Store(engine), days_of(), Memory()
    calls = Pattern(20).history(days, MONDAY - timedelta(weeks=3), weeks=3, seed=6).calls
    write(store, days.line, calls)
    _sum_up(store, days, calls)

    def lesson(of: Days = days, team: str = "") -> Lesson:
        with store.reading() as session:
            return memory.lesson(session, of, team=team, today=MONDAY)

    first = lesson()
    assert lesson(Days(days.line, copy(days.calendar))) is not first
    first = lesson()
    assert lesson() is first
    assert lesson(team=days.line.team) is not first
    with store.transaction() as session:
        late = session.scalars(select(CallFigure).order_by(CallFigure.call_id).limit(1)).one()
        late.asked_for_agent, day = False, late.day
    _sum_up(store, days, [day])
    again = lesson()
    assert sum(again.history.calls[day].values()) == sum(first.history.calls[day].values()) - 1


def _sum_up(store: Store, days: Days, of: Iterable[date]) -> None:
    with store.transaction() as session:
        for day in of:
            tally(session, days.line.id, day)


@ON_SQLITE
def test_a_forecast_of_closed_days_is_not_kept(engine: Engine) -> None:
    with Store(engine).transaction() as session:
        kept = Forecast(line="ascentre", first_day=MONDAY, last_day=MONDAY, history_from=MONDAY, made_by="lead")
        with pytest.raises(NothingToKeep, match="closed"):
            keep_forecast(session, [], kept, at=AT)


@ON_SQLITE
def test_shifts_hold_on_their_days_and_cover_what_is_missing(engine: Engine) -> None:
    store, days = Store(engine), days_of()
    write(store, days.line, Pattern(300).history(days, MONDAY - timedelta(weeks=3), weeks=3, seed=5).calls)
    week = (MONDAY, MONDAY + timedelta(days=6))
    base = Wanted("digital", "01234", 540, 1080, 2, first_day=MONDAY)
    with store.transaction() as session:
        first = add_shift(session, days.line, base, by="lead", at=AT)
        add_shift(session, days.line, Wanted("", "0", 660, 840, 1, MONDAY, MONDAY, "피크"), by="lead", at=AT)
        both = shifts_of(session, days.line, first=week[0], last=week[1])
        assert [planned_on(both, MONDAY)[slot] for slot in (18, 21, 22, 27, 28, 35)] == [2, 2, 3, 3, 2, 2]
        assert planned_on(both, MONDAY + timedelta(days=7)) == dict.fromkeys(range(18, 36), 2)
        assert planned_on(both, week[1]) == {}
        of_team = shifts_of(session, days.line, team="digital", first=MONDAY, last=MONDAY)
        assert [one.id for one in of_team] == [first.id]
        planning = planning_of(session, days, target=Target(), today=MONDAY)
        monday = plans_of(session, planning, first=MONDAY, last=MONDAY)[0]
        told = what_if(monday, Target(), begins=660, ends=840, more=1)
        assert [one.slot for one, _, _ in told.slots] == list(range(22, 28))
        assert (told.before.within or 0) < (told.after.within or 0)
        assert (told.before.abandoned or 0) > (told.after.abandoned or 0)
        missing = missing_by_weekday(plans_of(session, planning, first=week[0], last=week[1]))
        assert (sorted(missing), sum(missing[0].values()) > 0) == ([0, 1, 2, 3, 4, 5], True)
        end_shift(first, MONDAY)
        assert planned_on(shifts_of(session, days.line, first=week[0], last=week[1]), MONDAY + timedelta(days=1)) == {}


@ON_SQLITE
def test_a_shift_that_cannot_be_is_refused_with_the_field(engine: Engine) -> None:
    line, good = days_of().line, Wanted("", "0", 540, 600, 1, first_day=MONDAY)
    changes: dict[str, dict[str, object]] = {
        "team": {"team": "nobody"},
        "weekdays": {"weekdays": ""},
        "ends": {"ends": 540},
        "begins": {"begins": 545},
        "agents": {"agents": 0},
        "last_day": {"last_day": MONDAY - timedelta(days=1)},
    }
    with Store(engine).transaction() as session:
        for field, change in changes.items():
            with pytest.raises(BadShift) as refused:
                add_shift(session, line, Wanted(**{**_parts(good), **change}), by="lead", at=AT)  # type: ignore[arg-type]
            assert refused.value.field == field
        shift = add_shift(session, line, good, by="lead", at=AT)
        with pytest.raises(BadShift):
            end_shift(shift, MONDAY - timedelta(days=1))
        with pytest.raises(BadShift, match="end it"):
            remove_shift(session, shift, today=MONDAY)
        remove_shift(session, shift, today=MONDAY - timedelta(days=1))
        session.flush()
        assert shifts_of(session, line, first=MONDAY, last=MONDAY) == []


def _parts(wanted: Wanted) -> dict[str, object]:
    return {name: getattr(wanted, name) for name in Wanted.__slots__}
