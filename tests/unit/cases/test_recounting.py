"""A holiday that is announced late: the date that was told stands, or moves with the customer's knowledge."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

from ivr.base import Refused
from ivr.cases.acting import direct
from ivr.cases.institution import Work
from ivr.cases.recounting import Recount, recount
from ivr.lines.calendar import Calendar, DayRule
from tests.http.board import words
from tests.unit.cases.desk import Desk, line_of, seoul

TEMPORARY = DayRule(date=date(2026, 11, 25), change="closed", reason="임시공휴일")


def with_holiday(desk: Desk, *rules: DayRule) -> None:
    """The table of holidays is changed, and processes are started again."""
    calendar = Calendar((*words()[2].rules, *rules), words()[2].public)
    desk.institution = replace(desk.institution, calendar=calendar)
    keeper = desk.works.keeper
    lines = keeper.house.lines
    desk.works.keeper = replace(keeper, house=replace(keeper.house, calendar=calendar, lines=lines))


def recounted(desk: Desk) -> list[Recount]:
    with desk.works.store.transaction() as session:
        return recount(Work(session, desk.institution, desk.works.clock.at))


def test_the_date_that_was_told_stands_where_the_rule_keeps_it(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("inquiry", "web")
    with_holiday(desk, TEMPORARY)
    assert [(one.outcome, one.counted) for one in recounted(desk)] == [("kept", seoul("2026-11-27 10:00"))]
    recounted(desk)
    case = desk.case(id)
    assert case.due_at == case.first_due_at == seoul("2026-11-26 10:00")
    assert desk.kinds(id).count("due-kept") == 1


def test_the_date_moves_and_the_customer_is_told_where_the_rule_moves_it(engine: Engine) -> None:
    desk = Desk.over(engine, line_of("kibo", late_holiday="move"))
    id = desk.take("inquiry", "web")
    with_holiday(desk, TEMPORARY)
    assert [one.outcome for one in recounted(desk)] == ["moved"]
    desk.pass_time(minutes=1)
    case = desk.case(id)
    assert case.due_at == case.first_due_at == seoul("2026-11-27 10:00")
    (told,) = desk.of(id, "moved-told")
    assert told.received_at < seoul("2026-11-26 10:00")
    assert "2026-11-27 10:00까지 답변드리겠습니다" in desk.bodies()[-1]
    assert recounted(desk) == []
    desk.until("2026-11-26 10:01")
    assert "slipped" not in desk.kinds(id)


def test_an_earlier_date_holds_at_once(engine: Engine) -> None:
    desk = Desk.over(engine)
    with_holiday(desk, TEMPORARY)
    id = desk.take("inquiry", "web")
    with_holiday(desk)
    assert [one.outcome for one in recounted(desk)] == ["earlier"]
    assert desk.case(id).due_at == seoul("2026-11-26 10:00")


def test_a_date_that_an_officer_has_set_stands(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    id = desk.take("complaint", "web")
    desk.do(direct, id, "확인하겠습니다.", until=seoul("2026-11-30 18:00"))
    with_holiday(desk, TEMPORARY)
    assert recounted(desk) == []
    assert desk.case(id).due_at == seoul("2026-11-30 18:00")


def test_every_morning_the_dates_are_counted_again_while_cases_are_open(engine: Engine) -> None:
    desk = Desk.over(engine, line_of("dcgf"))
    id = desk.take("complaint", "phone")
    with_holiday(desk, TEMPORARY)
    desk.until("2026-11-24 07:00")
    assert [at for at, kind, _ in desk.kept if kind == "case-recount"] == [seoul("2026-11-24 06:00")]
    assert "due-kept" in desk.kinds(id)


def test_a_date_in_the_past_is_no_direction(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    with pytest.raises(Refused, match="has passed"):
        desk.do(direct, desk.take("complaint", "web"), "확인", until=seoul("2026-11-20 18:00"))
