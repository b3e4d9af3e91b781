"""Forecasts against calls that were made by a pattern that is known, with holidays in it."""

from datetime import date, timedelta

import pytest

from ivr.staffing.errors import backtest, error_of
from ivr.staffing.forecasting import learn
from ivr.staffing.history import TooLittleHistory
from ivr.staffing.slots import Days
from tests.unit.staffing.made import Pattern, days_of

# Chuseok 2026 is from Thursday 24 to Saturday 26 September; 5 and 9 October are holidays too.
BEFORE_CHUSEOK = date(2026, 8, 31)


@pytest.fixture(scope="module")
def days() -> Days:
    return days_of()


@pytest.mark.parametrize(("level", "weeks"), [(60, 4), (300, 4), (300, 9), (1500, 26)])
def test_it_beats_the_same_half_hour_of_the_week_before(days: Days, level: float, weeks: int) -> None:
    first = date(2026, 11, 23) - timedelta(weeks=weeks)
    tested = [backtest(Pattern(level).history(days, first, weeks=weeks, seed=seed), days) for seed in range(3)]
    assert [one.ours.missed < 0.95 * one.week_before.missed for one in tested] == [True] * 3
    assert all(abs(one.ours.bias or 0) < 0.12 for one in tested)


def test_a_week_of_holidays_neither_lowers_the_level_nor_has_calls(days: Days) -> None:
    pattern = Pattern(2000, noise=0.0)
    history = pattern.history(days, BEFORE_CHUSEOK, weeks=4, seed=1)
    model = learn(history, days)
    after = [date(2026, 9, 28) + timedelta(days=number) for number in range(6)]
    pairs = [
        (calls, round(pattern.expected(days, day)[slot]))
        for day in after
        for slot, calls in model.calls(day, days).items()
    ]
    error = error_of(pairs)
    assert error.wape is not None
    assert error.wape < 0.1
    assert model.calls(date(2026, 9, 25), days) == {}
    assert model.calls(date(2026, 10, 5), days) == {}
    assert days.holiday(date(2026, 10, 5)) != ""


def test_one_strange_week_does_not_carry_the_next(days: Days) -> None:
    history = Pattern(400, noise=0.0).history(days, date(2026, 10, 26), weeks=4, seed=3)
    usual = sum(learn(history, days).calls(date(2026, 11, 23), days).values())
    doubled = {
        day: {slot: 5 * came if day >= date(2026, 11, 16) else came for slot, came in slots.items()}
        for day, slots in history.calls.items()
    }
    strange = learn(type(history)(history.first, history.last, doubled, history.work, 1), days)
    assert sum(strange.calls(date(2026, 11, 23), days).values()) < 1.6 * usual


def test_a_day_that_closes_early_has_only_the_calls_of_its_open_half_hours(days: Days) -> None:
    line = days_of("kibo")
    model = learn(Pattern(300).history(line, date(2026, 11, 2), weeks=6, seed=2), line)
    whole, short = model.calls(date(2026, 12, 17), line), model.calls(date(2026, 12, 31), line)
    assert max(short) == 31
    assert max(whole) > 31
    assert short[20] == pytest.approx(whole[20])


def test_too_little_history_is_refused_with_what_is_there(days: Days) -> None:
    history = Pattern(300).history(days, date(2026, 11, 2), weeks=2, seed=1)
    learn(history, days)
    with pytest.raises(TooLittleHistory, match="13 days"):
        learn(history.until(date(2026, 11, 14)), days)
    with pytest.raises(TooLittleHistory, match="takes 21"):
        backtest(history, days)


def test_errors_are_what_their_formulas_say() -> None:
    error = error_of([(3.0, 1), (0.5, 2), (4.0, 4)])
    assert (error.missed, error.wape, error.bias) == pytest.approx((3.5, 0.5, 0.5 / 7))
    nothing = error_of([(1.0, 0)])
    assert (nothing.wape, nothing.bias, nothing.mean) == (None, None, 1.0)
