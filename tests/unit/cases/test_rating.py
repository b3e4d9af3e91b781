"""Ratings in the ledger, complaints that repeat, and figures that open down to cases."""

import pytest
from sqlalchemy import Engine

from ivr.base import Refused
from ivr.cases.acting import answer, confirm_fault, direct, withdraw
from ivr.cases.rating import Rating, accounts, entries_of, points_of, rate
from ivr.cases.reading import AT_ONCE, figures
from ivr.cases.repeats import employees_complained_about
from ivr.cases.rows import Holder
from ivr.cases.taking import Customer
from ivr.numbers import PhoneNumber
from tests.unit.cases.desk import Desk, line_of, seoul

ANOTHER = Customer("김철수", PhoneNumber.parse("010-1000-0002"))


def test_a_rating_goes_to_the_accounts_of_department_and_employee(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    for points in (4, 1):
        id = desk.take("complaint", "web")
        desk.do(answer, id, "조치하였습니다.")
        desk.do(rate, id, Rating(points, "web"))
    with desk.works.store.reading() as session:
        found = {(account.holder, account.name): (account.points, account.ratings) for account in accounts(session)}
    assert found == {(Holder.DEPARTMENT, "고객지원"): (5, 2), (Holder.EMPLOYEE, "o1"): (5, 2)}


def test_a_second_rating_is_a_correction_and_adds_rows(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    with pytest.raises(Refused, match="only an answer"):
        desk.do(rate, id, Rating(5, "web"))
    desk.do(answer, id, "조치하였습니다.")
    desk.do(rate, id, Rating(2, "web"))
    with pytest.raises(Refused, match="needs its reason"):
        desk.do(rate, id, Rating(5, "phone"))
    desk.do(rate, id, Rating(5, "phone", "고객이 잘못 눌렀다고 알려 옴"))
    with desk.works.store.reading() as session:
        assert points_of(session, desk.case(id)) == 5
        assert [entry.points for entry in entries_of(session, id) if entry.holder is Holder.EMPLOYEE] == [2, 3]
    with pytest.raises(Refused, match="no rating"):
        desk.do(rate, id, Rating(6, "web", "x"))


def test_repeated_complaints_of_one_number_are_flagged(engine: Engine) -> None:
    desk = Desk.over(engine, "ksure")
    first, other = desk.take("complaint", "phone"), desk.take("complaint", "phone", customer=ANOTHER)
    desk.take("inquiry", "phone")
    assert "repeat-flagged" not in desk.kinds(first) + desk.kinds(other)
    second = desk.take("complaint", "web")
    (flag,) = desk.of(second, "repeat-flagged")
    assert (flag.detail["by"], set(flag.detail["cases"].split())) == ("number", {first, second})


def test_confirmed_complaints_about_one_employee_are_flagged_and_listed(engine: Engine) -> None:
    desk = Desk.over(engine, "ksure")
    first = desk.take("complaint", "phone", about_officer_id="o2")
    second = desk.take("complaint", "phone", customer=ANOTHER, about_officer_id="o2")
    desk.pass_time(minutes=1)
    desk.do(confirm_fault, first)
    assert [fact.detail["by"] for fact in desk.of(first, "repeat-flagged")] == []
    desk.do(confirm_fault, second)
    assert [fact.detail["by"] for fact in desk.of(second, "repeat-flagged")] == ["officer"]
    with desk.works.store.reading() as session:
        (found,) = employees_complained_about(session, line_of("ksure"), at=desk.works.clock.at)
    assert (found.officer_id, set(found.cases)) == ("o2", {first, second})


@pytest.mark.parametrize("at_once", [1, AT_ONCE])
def test_figures_count_kept_missed_and_untold_and_name_their_cases(
    engine: Engine, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.cases.reading.AT_ONCE", at_once)
    desk = Desk.over(engine)
    kept, late, gone = desk.take("inquiry", "web"), desk.take("inquiry", "web"), desk.take("proposal", "web")
    by_post = desk.take("inquiry", "post", customer=Customer("홍길동", None, "대전광역시 서구 1"))
    desk.take("inquiry", "web", is_test=True)
    desk.pass_time(hours=8)
    desk.do(answer, kept, "조치하였습니다.")
    desk.do(rate, kept, Rating(4, "web"))
    desk.do(withdraw, gone)
    desk.until("2026-11-27 10:00")
    desk.do(answer, late, "조치하였습니다.")
    span = (seoul("2026-11-23 00:00"), seoul("2026-11-24 00:00"))
    with desk.works.store.reading() as session:
        found = {one.group: one for one in figures(session, ["kibo"], span=span, by="kind", at=desk.works.clock.at)}
    inquiries = found["inquiry"]
    assert set(inquiries.cases) == {kept, late, by_post}
    assert (inquiries.received, inquiries.answered, inquiries.running, inquiries.overdue) == (3, 2, 1, 1)
    assert (inquiries.kept, inquiries.missed, inquiries.missed_untold) == (1, 2, 1)
    assert (inquiries.ratings, inquiries.mean_rating, inquiries.mean_hours) == (1, 4.0, 52.0)
    assert (found["proposal"].withdrawn, found["proposal"].missed) == (1, 0)


def test_a_direction_in_time_is_kept_in_the_figures_and_a_slip_after_it_is_not(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    kept, slipped = desk.take("complaint", "web"), desk.take("complaint", "web")
    desk.pass_time(hours=5)
    for id in (kept, slipped):
        desk.do(direct, id, "확인하겠습니다.", until=seoul("2026-11-30 18:00"))
    desk.until("2026-11-27 10:00")
    desk.do(answer, kept, "조치하였습니다.")
    desk.until("2026-12-02 10:00")
    desk.do(answer, slipped, "조치하였습니다.")
    span = (seoul("2026-11-23 00:00"), seoul("2026-11-24 00:00"))
    with desk.works.store.reading() as session:
        (found,) = figures(session, ["kotra"], span=span, by="line", at=desk.works.clock.at)
    assert (found.kept, found.missed, found.missed_untold) == (1, 1, 0)
