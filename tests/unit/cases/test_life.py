"""The life of a case: what is told, which date holds, and what each act changes."""

import pytest
from sqlalchemy import Engine, update

from ivr.base import Refused
from ivr.cases.acting import (
    Telling,
    answer,
    answer_first,
    ask_customer,
    begin_review,
    choose_later,
    confirm_fault,
    customer_replied,
    direct,
    enter_told,
    withdraw,
)
from ivr.cases.assigning import give_by_duty, give_to
from ivr.cases.institution import UnknownCase
from ivr.cases.lateness import Slip, late
from ivr.cases.objecting import object_to
from ivr.cases.reading import Wanted, cases_to_tell, find_case
from ivr.cases.rows import Case, CaseState, Owed, ReplyBy
from ivr.cases.taking import Customer
from ivr.cases.telling import Notice, tellings_owed
from tests.unit.cases.desk import NUMBER, Desk, line_of, seoul


def test_a_case_is_taken_in_given_to_an_officer_and_acknowledged_at_once(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("inquiry", "web")
    desk.until("2026-11-23 10:00")
    case = desk.case(id)
    assert (case.state, case.officer_id, case.owner, case.handler) == (
        CaseState.ASSIGNED,
        "o1",
        "ESG경영지원부",
        "ESG경영지원부",
    )
    assert case.due_at == case.first_due_at == seoul("2026-11-26 10:00")
    assert case.standard_id == "kibo/K12/1"
    assert {"received", "assigned", "handler-notified", "acknowledged"} <= set(desk.kinds(id))
    (body,) = desk.bodies()
    assert "문의를 접수하였습니다. 2026-11-26 10:00까지 답변드리겠습니다." in body
    assert case.receipt_number in body
    assert "김담당" in body


def test_the_same_reference_is_the_same_case(engine: Engine) -> None:
    desk = Desk.over(engine)
    first = desk.take(reference="web-1")
    assert desk.take(reference="web-1", content="다른 내용") == first
    desk.pass_time(hours=1)
    assert len(desk.bodies()) == 1
    assert desk.kinds(first).count("received") == 1


def test_an_answer_is_told_with_a_link_and_the_case_is_closed_after_two_weeks(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    desk.pass_time(hours=2)
    desk.do(answer, id, "한도는 홈페이지에서 보실 수 있습니다.")
    desk.pass_time(minutes=1)
    assert {"review-started", "decided", "answered", "result-told", "rating-invited"} <= set(desk.kinds(id))
    assert "https://hotline.example/r/" in desk.bodies()[-1]
    desk.pass_time(days=15)
    assert desk.case(id).state is CaseState.CLOSED
    assert "late-told" not in desk.kinds(id)
    assert "slipped" not in desk.kinds(id)


def test_direction_and_date_within_48_hours_start_a_second_clock(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    id = desk.take("complaint", "web")
    assert (desk.case(id).owed, desk.case(id).due_at) == (Owed.ANSWER_OR_DIRECTION, seoul("2026-11-25 10:00"))
    desk.pass_time(hours=20)
    until = seoul("2026-12-01 18:00")
    desk.do(direct, id, "현지 무역관에 확인하겠습니다.", until=until)
    desk.pass_time(hours=10)
    case = desk.case(id)
    assert (case.state, case.owed, case.due_at) == (CaseState.DIRECTED, Owed.ANSWER, until)
    (told,) = desk.of(id, "directed")
    assert told.received_at < case.first_due_at
    desk.until("2026-11-26 12:00")
    assert "slipped" not in desk.kinds(id)
    assert "late-told" not in desk.kinds(id)


def test_a_first_answer_does_not_stop_the_clock_that_asks_for_a_direction(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    id = desk.take("inquiry", "web", "world-champ")
    assert (desk.case(id).owed, desk.case(id).standard_id) == (Owed.FIRST_ANSWER, "kotra/T5/1")
    until = seoul("2026-11-30 18:00")
    desk.do(answer_first, id, "신청 자격을 확인하고 있습니다.", until=until)
    assert (desk.case(id).owed, desk.case(id).due_at) == (Owed.ANSWER_OR_DIRECTION, seoul("2026-11-25 10:00"))
    desk.do(direct, id, "자격을 확인한 뒤 답변드리겠습니다.", until=until)
    assert (desk.case(id).owed, desk.case(id).due_at) == (Owed.ANSWER, until)


def test_a_direction_does_not_stretch_a_date_that_asks_for_the_answer_itself(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("proposal", "web")
    due = desk.case(id).due_at
    desk.do(direct, id, "검토하겠습니다.", until=seoul("2026-12-20 18:00"))
    assert desk.case(id).due_at == due


def test_a_confirmed_unkindness_is_apologised_for_at_once(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "phone", "unkindness", about_officer_id="o2")
    desk.do(confirm_fault, id)
    desk.pass_time(minutes=1)
    (apology,) = desk.of(id, "apologised")
    assert apology.detail["automatic"] is True
    assert "사과드립니다" in desk.bodies()[-1]
    desk.do(enter_told, id, Notice.APOLOGY, telling=Telling(ReplyBy.PHONE))
    assert [fact.detail["by"] for fact in desk.of(id, "apologised")] == ["sms", "phone"]
    with pytest.raises(Refused, match="confirmed already"):
        desk.do(confirm_fault, id)


def test_only_a_complaint_is_apologised_for(engine: Engine) -> None:
    desk = Desk.over(engine)
    with pytest.raises(Refused, match="no complaint"):
        desk.do(confirm_fault, desk.take("praise"))


def test_an_objection_reopens_the_case_and_its_answer_closes_it(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "phone")
    with pytest.raises(Refused, match="object"):
        desk.do(object_to, id, "너무 늦습니다.", channel="phone")
    desk.do(answer, id, "조치하였습니다.")
    desk.do(object_to, id, "결과를 받아들일 수 없습니다.", channel="phone")
    assert desk.case(id).state is CaseState.REOPENED
    objection = str(desk.of(id, "reopened")[0].detail["case"])
    assert (desk.case(objection).kind, desk.case(objection).objects_to) == ("objection", id)
    desk.do(begin_review, objection)
    desk.do(answer, objection, "다시 살펴 조치하였습니다.")
    assert desk.case(id).state is CaseState.CLOSED


def test_an_objection_that_nobody_takes_up_is_brought_before_the_officer_and_then_the_supervisor(
    engine: Engine,
) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "phone")
    desk.do(answer, id, "조치하였습니다.")
    desk.do(object_to, id, "받아들일 수 없습니다.", channel="phone")
    objection = str(desk.of(id, "reopened")[0].detail["case"])
    desk.until("2026-11-23 13:01")
    assert [fact.detail["step"] for fact in desk.of(objection, "reminded")] == ["review"]
    assert [fact.detail["why"] for fact in desk.of(objection, "escalated")] == ["review"]


def test_a_withdrawn_case_is_left_in_peace(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    desk.pass_time(minutes=1)
    desk.do(withdraw, id)
    before = desk.kinds(id)
    desk.pass_time(days=10)
    assert desk.kinds(id) == before
    assert len(desk.bodies()) == 1


def test_papers_asked_of_the_customer_are_on_record_and_excuse_the_delay_in_words(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "web")
    desk.do(ask_customer, id, "계약서 사본")
    desk.until("2026-11-26 09:59")
    assert [fact.detail["reason"] for fact in desk.of(id, "late-told")] == ["awaiting_customer"]
    desk.do(customer_replied, id)
    assert [kind for kind in desk.kinds(id) if kind in {"awaiting", "resumed"}] == ["awaiting", "resumed"]


def test_the_handler_is_another_one_by_duty_or_by_name(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    desk.do(give_to, id, "o2")
    assert desk.case(id).officer_id == "o2"
    desk.do(give_by_duty, id, "고객의견")
    assert desk.case(id).officer_id == "o1"
    with pytest.raises(Refused, match="no officer"):
        desk.do(give_to, id, "nobody")


def test_an_officer_who_tells_the_customer_late_gives_reason_and_date(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "post", customer=Customer("홍길동", None, "대전광역시 서구 1"))
    assert desk.case(id).reply_by is ReplyBy.POST
    assert "telling-owed" in desk.kinds(id)
    until = seoul("2026-12-03 18:00")
    desk.do(late, id, Slip("other_department", until), telling=Telling(ReplyBy.POST))
    (told,) = desk.of(id, "late-told")
    assert (told.detail["by"], told.detail["reason"], told.detail["due"]) == (
        "post",
        "other_department",
        until.isoformat(),
    )
    assert desk.case(id).due_at == until
    with pytest.raises(Refused, match="later than the present one"):
        desk.do(late, id, Slip("workload", seoul("2026-12-01 18:00")))
    with pytest.raises(Refused, match="no reason"):
        desk.do(late, id, Slip("tired", seoul("2026-12-20 18:00")))


def test_what_an_officer_still_has_to_tell_is_known_until_it_is_entered(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    id = desk.take("complaint", "web", customer=Customer("홍길동", None, "hong@example.kr"))
    until = seoul("2026-12-01 18:00")
    desk.do(direct, id, "확인하겠습니다.", until=until)
    assert owed(desk, id) == ("received", "directed")
    with pytest.raises(Refused, match="no new date"):
        desk.do(enter_told, id, Notice.LATE, telling=Telling(ReplyBy.EMAIL))
    desk.pass_time(hours=1)
    desk.do(enter_told, id, Notice.DIRECTED, telling=Telling(ReplyBy.EMAIL))
    (told,) = desk.of(id, "directed")
    assert (told.detail["by"], told.detail["due"]) == ("email", until.isoformat())
    assert owed(desk, id) == ("received",)
    desk.do(enter_told, id, Notice.RECEIVED, telling=Telling(ReplyBy.EMAIL))
    assert owed(desk, id) == ()


def test_an_answer_that_is_owed_by_letter_is_listed_after_the_case_was_answered(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    id = desk.take("complaint", "web", customer=Customer("홍길동", None, "hong@example.kr"))
    desk.pass_time(minutes=1)
    desk.do(enter_told, id, Notice.RECEIVED, telling=Telling(ReplyBy.EMAIL))
    assert listed(desk) == []
    desk.do(answer, id, "조치하였습니다.")
    assert (listed(desk), owed(desk, id)) == ([id], ("result",))
    desk.pass_time(minutes=1)
    desk.do(enter_told, id, Notice.RESULT, telling=Telling(ReplyBy.EMAIL))
    # A letter with the result asks for no rating: that is owed besides (T17).
    assert (listed(desk), owed(desk, id)) == ([id], ("rating",))
    desk.pass_time(minutes=1)
    desk.do(enter_told, id, Notice.RATING, telling=Telling(ReplyBy.EMAIL))
    assert (listed(desk), owed(desk, id)) == ([], ())


def test_a_receipt_number_that_two_cases_have_is_not_guessed_at(engine: Engine) -> None:
    desk = Desk.over(engine)
    one, other = desk.take(), desk.take()
    number = desk.case(one).receipt_number
    with desk.works.store.transaction() as session:
        assert find_case(session, number).id == one
        session.execute(update(Case).where(Case.id == other).values(receipt_number=number))
        with pytest.raises(UnknownCase, match="several cases"):
            find_case(session, number)
        assert find_case(session, other).id == other


def listed(desk: Desk) -> list[str]:
    with desk.works.store.reading() as session:
        return [case.id for case in cases_to_tell(session, Wanted(lines=("kotra",)), limit=5)]


def owed(desk: Desk, id: str) -> tuple[str, ...]:
    with desk.works.store.reading() as session:
        return tellings_owed(session, [id]).get(id, ())


def test_a_date_that_the_customer_chose_is_not_taken_back_by_a_direction(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "web")
    desk.do(choose_later, id, seoul("2026-12-10 18:00"))
    desk.do(direct, id, "확인하겠습니다.", until=seoul("2026-12-08 18:00"))
    assert desk.case(id).due_at == seoul("2026-12-08 18:00")


def test_no_text_is_sent_by_night(engine: Engine) -> None:
    desk = Desk.over(engine, at="2026-11-23 22:30")
    id = desk.take("inquiry", "web")
    desk.until("2026-11-24 07:59")
    assert desk.bodies() == []
    desk.until("2026-11-24 08:00")
    assert desk.of(id, "acknowledged")[0].received_at == seoul("2026-11-24 08:00")


def test_a_date_is_not_told_any_more_once_the_answer_was_given_in_the_same_night(engine: Engine) -> None:
    desk = Desk.over(engine, at="2026-11-23 17:00")
    id = desk.take("inquiry", "web")
    desk.until("2026-11-23 22:00")
    desk.do(answer_first, id, "확인하고 있습니다.", until=seoul("2026-11-25 18:00"))
    desk.do(direct, id, "확인하겠습니다.", until=seoul("2026-11-25 18:00"))
    desk.until("2026-11-23 22:30")
    desk.do(answer, id, "조치하였습니다.")
    desk.until("2026-11-24 08:00")
    received, result = desk.bodies()
    assert ("접수하였습니다" in received, "처리 결과입니다. 조치하였습니다." in result) == (True, True)
    assert desk.of(id, "directed") == []


def test_a_customer_without_any_way_back_is_noted(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "visit", customer=Customer())
    assert desk.case(id).reply_by is ReplyBy.NONE
    assert desk.kinds(id).count("no-contact") == 1


def test_a_number_is_never_told_in_a_fact(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "phone")
    desk.do(answer, id, "조치하였습니다.")
    desk.pass_time(days=1)
    assert NUMBER.e164[-8:] not in str([fact.detail for fact in desk.story(id)])


def test_a_rule_for_an_unknown_team_is_a_fault_of_the_file() -> None:
    from ivr.lines.references import faults_of_cases

    line = line_of("kibo", owner="nobody")
    assert [key for key, _ in faults_of_cases(line)] == ["cases.owner"]
