"""The steps towards the time told, for any line, any moment of asking and any time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ivr.callbacks.ladder import LATEST_NOTICE, notice_at, promised_by, reminders, whole_minute
from ivr.lines.callbacks import CallbackRule
from ivr.lines.hours import Open, is_open, next_opening
from tests.unit.callbacks.people import CALENDAR, KIBO, WORKING, seoul

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
RULES = st.builds(
    lambda minutes, notice: CallbackRule(remind_before=tuple(sorted(minutes, reverse=True)), notice_before=notice),
    st.sets(st.integers(6, 600), min_size=1, max_size=5),
    st.integers(2, 5),
)


@given(MOMENTS, st.integers(1, 1440), RULES)
def test_each_reminder_lies_once_at_its_minute_and_only_ahead(
    asked: datetime, minutes: int, rule: CallbackRule
) -> None:
    due_at = whole_minute(asked) + timedelta(minutes=minutes)
    steps = reminders(rule, due_at, after=asked)
    assert [step.minutes for step in steps] == [m for m in rule.remind_before if due_at - timedelta(minutes=m) > asked]
    assert all(due_at - step.at == timedelta(minutes=step.minutes) for step in steps)
    assert all(asked < step.at < due_at for step in steps)


@given(MOMENTS, st.integers(2, 5000))
def test_the_notice_always_comes_before_the_time_told(asked: datetime, minutes: int) -> None:
    due_at = whole_minute(asked) + timedelta(minutes=minutes)
    notice = notice_at(WORKING, due_at, after=asked)
    assert notice <= due_at - LATEST_NOTICE
    assert notice >= min(asked, due_at - LATEST_NOTICE)


@given(MOMENTS)
def test_the_time_promised_lies_in_opening_hours_and_the_notice_too_where_it_can(asked: datetime) -> None:
    due_at = promised_by(WORKING, asked)
    exact = WORKING.due(asked, KIBO.callbacks.within, KIBO.callbacks.basis)
    assert timedelta() <= exact - due_at < timedelta(minutes=1)
    opens = next_opening(KIBO, CALENDAR, due_at - timedelta(hours=1))
    notice = notice_at(WORKING, due_at, after=asked)
    if not isinstance(is_open(KIBO, CALENDAR, notice), Open):
        assert opens is not None
        assert opens > due_at - LATEST_NOTICE


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (seoul(10), seoul(11)),
        (seoul(10, 30), seoul(11, 30)),
        (seoul(17, 20), seoul(9, 20, day=24)),
        (seoul(17), seoul(18)),
        (seoul(18), seoul(10, day=24)),
        (seoul(22), seoul(10, day=24)),
        (seoul(3), seoul(10)),
        (seoul(17, 45, day=27), seoul(9, 45, day=30)),
        (seoul(12, day=28), seoul(10, day=30)),
    ],
)
def test_one_working_hour_ends_at(asked: datetime, due: datetime) -> None:
    assert promised_by(WORKING, asked) == due


def test_the_time_told_is_a_whole_minute_never_later_than_the_limit() -> None:
    assert promised_by(WORKING, seoul(10).replace(second=37)) == seoul(11)


def test_a_notice_waits_for_the_opening_where_that_is_soon_enough() -> None:
    assert notice_at(WORKING, seoul(9, 2, day=24), after=seoul(17, 2)) == seoul(9, day=24)
    assert notice_at(WORKING, seoul(9, 30, day=24), after=seoul(17, 30)) == seoul(9, 27, day=24)


def test_a_time_that_is_near_leaves_half_of_it_to_call() -> None:
    assert notice_at(WORKING, seoul(10, 4), after=seoul(10)) == seoul(10, 2)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"remind_before": [5, 15]}, "longest first"),
        ({"remind_before": []}, "at least 1"),
        ({"notice_before": 5}, "less than the last of remind_before"),
        ({"within": "1 hour", "basis": "business_days"}, "cannot count"),
        ({"within": "soon"}, "must be written like"),
        ({"serve": "both"}, "queue"),
    ],
)
def test_a_rule_that_cannot_be_kept_is_refused(wrong: dict[str, object], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        CallbackRule.model_validate(wrong)
