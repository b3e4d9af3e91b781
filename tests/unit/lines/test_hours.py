"""When lines are open, why they are closed, and when they open again."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import HOLIDAYS, read_file
from ivr.charters.limits import Limit
from ivr.deadlines import WorkingTime
from ivr.dialling.hours import may_dial
from ivr.faults import BadData
from ivr.lines.calendar import Calendar, installed_calendar, load_calendar, public_holidays
from ivr.lines.hours import SEOUL, Closed, Open, closed_notice, is_open, next_opening
from ivr.lines.model import Hours, Line, Lines
from ivr.messages.texts import Texts


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "reason", "opens"),
    [
        ("2026-11-23 08:59", "night", "2026-11-23 09:00"),
        ("2026-11-23 18:00", "night", "2026-11-24 09:00"),
        ("2026-11-20 20:00", "night", "2026-11-23 09:00"),
        ("2026-11-21 10:00", "weekend", "2026-11-23 09:00"),
        ("2026-05-01 10:00", "holiday", "2026-05-04 09:00"),
        ("2026-07-17 10:00", "holiday", "2026-07-20 09:00"),
        ("2026-09-23 19:00", "night", "2026-09-28 09:00"),
    ],
)
def test_a_closed_line_says_why_and_when_it_opens(
    kibo: Line, calendar: Calendar, at: str, reason: str, opens: str
) -> None:
    state = is_open(kibo, calendar, seoul(at))
    assert isinstance(state, Closed)
    assert (state.reason, state.opens_at) == (reason, seoul(opens))


@pytest.mark.parametrize("at", ["2026-11-23 09:00", "2026-11-23 12:30", "2026-11-23 17:59:59"])
def test_lunch_is_staffed_and_both_ends_of_the_day_are_exact(kibo: Line, calendar: Calendar, at: str) -> None:
    assert is_open(kibo, calendar, seoul(at)) == Open(seoul("2026-11-23 18:00"))


def test_the_repair_centre_is_also_open_on_saturday_mornings(lines: Lines, calendar: Calendar) -> None:
    centre = lines.by_id("ascentre")
    assert is_open(centre, calendar, seoul("2026-11-21 12:59")) == Open(seoul("2026-11-21 13:00"))
    assert isinstance(is_open(centre, calendar, seoul("2026-11-21 13:00")), Closed)


def test_a_gap_within_the_day_is_lunch(kibo: Line, calendar: Calendar, texts: Texts) -> None:
    hours = Hours.model_validate({"weekdays": ["13:00-18:00", "09:00-12:00"]})
    pausing = kibo.model_copy(update={"hours": hours})
    state = is_open(pausing, calendar, seoul("2026-11-23 12:10"))
    assert state == Closed("lunch", seoul("2026-11-23 13:00"))
    assert "오늘 오후 한 시에 다시 시작" in closed_notice(state, seoul("2026-11-23 12:10"), texts).text


def test_the_table_closes_shortens_and_opens_days_for_the_lines_it_names(lines: Lines) -> None:
    rules = [
        {"date": date(2026, 11, 24), "change": "closed", "reason": "임시공휴일"},
        {
            "date": date(2026, 11, 25),
            "change": "hours",
            "hours": ["09:00-12:00"],
            "reason": "단축",
            "lines": ["kibo"],
        },
        {"date": date(2026, 12, 25), "change": "open", "reason": "특별 상담"},
    ]
    calendar = load_calendar({"day": rules})
    kibo, kotra = lines.by_id("kibo"), lines.by_id("kotra")
    closed = is_open(kibo, calendar, seoul("2026-11-24 10:00"))
    assert isinstance(closed, Closed)
    assert (closed.reason, closed.holiday) == ("holiday", "임시공휴일")
    assert isinstance(is_open(kibo, calendar, seoul("2026-11-25 14:00")), Closed)
    assert isinstance(is_open(kotra, calendar, seoul("2026-11-25 14:00")), Open)
    assert isinstance(is_open(kibo, calendar, seoul("2026-12-25 10:00")), Open)


def test_a_holiday_is_named_to_the_caller(kibo: Line, calendar: Calendar, texts: Texts) -> None:
    at = seoul("2026-10-09 10:00")
    state = is_open(kibo, calendar, at)
    assert isinstance(state, Closed)
    assert closed_notice(state, at, texts).text == (
        "오늘은 한글날로 상담을 쉽니다. 상담은 시월 십이일 월요일 오전 아홉 시에 시작합니다."
    )


def test_a_line_that_never_opens_promises_no_time(kibo: Line, texts: Texts) -> None:
    never = kibo.model_copy(update={"hours": Hours(weekdays=())})
    at = seoul("2026-11-23 10:00")
    state = is_open(never, load_calendar({}), at)
    assert isinstance(state, Closed)
    assert state.opens_at is None
    assert closed_notice(state, at, texts).text == "지금은 상담을 하지 않습니다."


def test_an_installation_that_is_always_open_is_so_at_night_and_on_holidays_and_keeps_its_dates(kibo: Line) -> None:
    calendar = installed_calendar(read_file(HOLIDAYS), always_open=True)
    night = seoul("2026-10-09 03:00")
    assert isinstance(is_open(kibo, calendar, night), Open)
    working = WorkingTime(kibo, calendar)
    assert may_dial(working, night)
    assert working.due(night, Limit(1, "hours"), "working_hours_8") == night + timedelta(hours=1)
    assert not working.is_business_day(night.astimezone(SEOUL).date())


def test_the_holidays_of_the_table_are_those_of_the_law() -> None:
    table = read_file(HOLIDAYS)["public"]
    assert isinstance(table, dict)
    for year, days in table.items():
        assert {f"{day:%m-%d}" for day in public_holidays(int(year))} == set(days), year


def test_years_beyond_the_table_are_worked_out() -> None:
    assert load_calendar({}).holiday(date(2033, 3, 1), "kibo") == "삼일절"


def test_every_fault_of_the_holiday_table_is_named_at_once() -> None:
    wrong = {"date": "tomorrow", "change": "half", "reason": "", "hours": ["9-12"], "colour": "red"}
    with pytest.raises(BadData) as caught:
        load_calendar({"day": [wrong], "weekday": 1})
    assert {fault.key for fault in caught.value.faults} == {
        *(f"day.0.{key}" for key in wrong),
        "weekday",
    }
    with pytest.raises(BadData, match=r"public\.2026\.02-30"):
        load_calendar({"public": {"2026": {"02-30": "없는 날"}}})


@given(at=st.datetimes(datetime(2025, 1, 1), datetime(2030, 10, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_opening_is_the_first_open_moment_ahead(kibo: Line, calendar: Calendar, at: datetime) -> None:
    opens_at = next_opening(kibo, calendar, at)
    assert opens_at is not None
    assert opens_at > at
    assert isinstance(is_open(kibo, calendar, opens_at), Open)
    assert isinstance(is_open(kibo, calendar, opens_at - timedelta(seconds=1)), Closed)
    state = is_open(kibo, calendar, at)
    assert not isinstance(state, Closed) or state.opens_at == opens_at
