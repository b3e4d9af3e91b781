"""When a campaign may ring: to the second, and never on a holiday that the plan does not name."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.campaigns.hours import dial_from, dialling_times, may_dial_now
from ivr.campaigns.plan import CallingHours, Plan, read_plan, stored_plan, written_plan
from ivr.faults import BadData
from ivr.lines.calendar import AlwaysOpen, Calendar, DayRule
from ivr.lines.spans import read_span
from tests.sizes import examples

CALENDAR = Calendar(public={date(2026, 12, 25): "성탄절"})
LATE = Plan.model_validate({"hours": {"monday": ["08:00-21:00"], "friday": ["10:00-20:00"]}})


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+09:00")


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        ("2026-11-23T07:59:59", False),
        ("2026-11-23T08:00:00", True),
        ("2026-11-23T20:59:59.999999", True),
        ("2026-11-23T21:00:00", False),
        ("2026-11-22T12:00:00", False),
    ],
)
def test_hours_hold_to_the_second(moment: str, allowed: bool) -> None:
    assert may_dial_now(LATE, CALENDAR, seoul(moment), line="dcgf") is allowed


def test_nobody_is_rung_on_a_holiday_unless_the_plan_says_so() -> None:
    christmas = seoul("2026-12-25T11:00:00")
    assert not may_dial_now(Plan(), CALENDAR, christmas, line="dcgf")
    said = Plan(hours=CallingHours(holidays=["10:00-12:00"]))  # type: ignore[arg-type]  # as it is written
    assert may_dial_now(said, CALENDAR, christmas, line="dcgf")
    assert dial_from(Plan(), CALENDAR, christmas, line="dcgf") == seoul("2026-12-26T10:00:00")


def test_a_holiday_of_one_line_is_none_of_another() -> None:
    day = date(2026, 11, 23)
    rule = DayRule(date=day, change="closed", reason="창립기념일", lines=("kibo",))
    calendar = Calendar((rule,), CALENDAR.public)
    at = seoul("2026-11-23T11:00:00")
    assert not may_dial_now(Plan(), calendar, at, line="kibo")
    assert may_dial_now(Plan(), calendar, at, line="dcgf")


def test_the_days_of_the_plan_bound_it_even_where_all_is_open() -> None:
    plan = Plan(starts_on=date(2026, 11, 24), ends_on=date(2026, 11, 24))
    calendar = AlwaysOpen(public=CALENDAR.public)
    assert not may_dial_now(plan, calendar, seoul("2026-11-23T23:59:59"), line="dcgf")
    assert may_dial_now(plan, calendar, seoul("2026-11-24T00:00:00"), line="dcgf")
    assert may_dial_now(plan, calendar, seoul("2026-11-24T23:59:59"), line="dcgf")
    assert not may_dial_now(plan, calendar, seoul("2026-11-25T00:00:00"), line="dcgf")
    assert dial_from(plan, calendar, seoul("2026-11-25T00:00:00"), line="dcgf") is None


@settings(max_examples=examples(30))
@given(minutes=st.integers(0, 60 * 24 * 40), span=st.sampled_from(["08:00-21:00", "00:00-24:00", "12:00-12:01"]))
def test_the_next_moment_is_the_first_that_is_allowed(minutes: int, span: str) -> None:
    plan = Plan(hours=CallingHours(monday=(read_span(span),), sunday=(read_span(span),)))  # type: ignore[arg-type]
    at = seoul("2026-11-20T00:00:00") + timedelta(minutes=minutes)
    found = dial_from(plan, CALENDAR, at, line="dcgf")
    assert found is not None
    assert may_dial_now(plan, CALENDAR, found, line="dcgf")
    if found > at:
        assert not may_dial_now(plan, CALENDAR, found - timedelta(microseconds=1), line="dcgf")
        assert not may_dial_now(plan, CALENDAR, at, line="dcgf")


def test_stretches_end_where_the_plan_ends() -> None:
    plan = Plan(ends_on=date(2026, 11, 24))
    times = list(dialling_times(plan, CALENDAR, seoul("2026-11-23T19:00:00"), line="dcgf"))
    assert [(opens, closes) for opens, closes in times] == [
        (seoul("2026-11-23T19:00:00"), seoul("2026-11-23T20:00:00")),
        (seoul("2026-11-24T10:00:00"), seoul("2026-11-24T20:00:00")),
    ]


def test_a_plan_is_stored_as_it_was_read() -> None:
    plan = Plan(groups={"g1": 5}, cut_off=9, ends_on=date(2026, 12, 1), price=0)
    assert stored_plan(written_plan(plan)) == plan


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"cps": 0}, "cps"),
        ({"starts_on": "2026-12-02", "ends_on": "2026-12-01"}, "ends before it starts"),
        ({"hours": {"monday": ["21:00-08:00"]}}, "hours.monday"),
        ({"hours": {day: [] for day in CallingHours.model_fields}}, "no hour"),
        ({"tempo": 3}, "tempo"),
        ({"groups": {"g": 0}}, "groups.g"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(document: dict[str, object], words: str) -> None:
    with pytest.raises(BadData, match=words):
        read_plan(document)
