"""What is refused at the door of a case, and what is mended."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from ivr.base import Refused
from ivr.cases.clocks import Sort
from ivr.cases.rows import Case, ReplyBy
from ivr.cases.taking import Customer
from ivr.numbers import PhoneNumber
from tests.unit.cases.desk import NUMBER, Desk, seoul

REFUSED = [
    pytest.param({"sort": Sort("riddle", "web")}, "no kind of case", id="unknown kind"),
    pytest.param({"sort": Sort("inquiry", "pigeon")}, "no channel", id="unknown channel"),
    pytest.param({"sort": Sort("inquiry", "web", "weather")}, "no topic 'weather'", id="unknown topic"),
    pytest.param({"content": " \n\x00"}, "content is empty", id="empty"),
    pytest.param({"content": "가" * 10_001}, "10001 characters", id="too long"),
    pytest.param({"received_at": seoul("2026-11-23 10:02")}, "yet to come", id="in the future"),
    pytest.param({"received_at": seoul("2026-01-05 10:00")}, "more than 90 days ago", id="long ago"),
    pytest.param(
        {"received_at": seoul("2026-11-16 10:00")}, "it was due on 2026-11-19 10:00 by kibo/K12/1", id="overdue"
    ),
    pytest.param({"about_officer_id": "nobody"}, "no officer 'nobody'", id="about a stranger"),
    pytest.param({"customer": Customer(reply_by=ReplyBy.SMS)}, "needs the customer's number", id="text to nobody"),
    pytest.param({"customer": Customer(number=NUMBER, reply_by=ReplyBy.POST)}, "needs an address", id="no address"),
    pytest.param({"customer": Customer(name="가" * 61, number=NUMBER)}, "61 characters", id="long name"),
]


@pytest.mark.parametrize(("wrong", "why"), REFUSED)
def test_what_cannot_be_is_refused_in_words_and_nothing_is_kept(
    engine: Engine, wrong: dict[str, Any], why: str
) -> None:
    desk = Desk.over(engine)
    with pytest.raises(Refused, match=why):
        desk.take(**wrong)
    with desk.works.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_matter_entered_after_its_due_date_is_taken_with_the_reason_and_the_customer_is_told(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take(received_at=seoul("2026-11-16 10:00"), overdue_because="우편물이 늦게 전달됨")
    desk.pass_time(minutes=1)
    assert desk.of(id, "received")[0].detail["overdue"] == "우편물이 늦게 전달됨"
    assert desk.case(id).first_due_at == seoul("2026-11-19 10:00")
    assert [fact.detail["reason"] for fact in desk.of(id, "late-told")] == ["late_intake"]
    assert desk.case(id).due_at > desk.works.clock.at


def test_text_is_kept_in_composed_letters_without_signs_that_cannot_be_read(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take(
        content="\u1112\u1161\u11ab\u0000 도🙏 문의\u0007", customer=Customer("\u1112\u1169\u11bc길동", NUMBER)
    )
    assert desk.case(id).content == "한 도🙏 문의"
    assert desk.case(id).customer == "홍길동"


@pytest.mark.parametrize(
    ("customer", "way"),
    [
        (Customer(number=NUMBER), ReplyBy.SMS),
        (Customer(number=PhoneNumber.parse("042-1000-0001")), ReplyBy.SMS),
        (Customer(address="hong@example.kr"), ReplyBy.EMAIL),
        (Customer(address="대전광역시 서구 1"), ReplyBy.POST),
        (Customer(number=NUMBER, reply_by=ReplyBy.PHONE), ReplyBy.PHONE),
        (Customer(), ReplyBy.NONE),
    ],
)
def test_the_customer_is_told_things_by_the_way_there_is(engine: Engine, customer: Customer, way: ReplyBy) -> None:
    desk = Desk.over(engine)
    assert desk.case(desk.take(customer=customer)).reply_by is way


def test_a_matter_that_is_brought_many_times_at_once_is_one_case(engine: Engine) -> None:
    desk = Desk.over(engine)
    with ThreadPoolExecutor(6) as threads:
        ids = set(threads.map(lambda _: desk.take(reference="web-7"), range(12)))
    assert len(ids) == 1
    desk.pass_time(minutes=1)
    assert desk.kinds(ids.pop()).count("assigned") == 1
    assert len(desk.bodies()) == 1
