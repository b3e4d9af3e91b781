"""Promises about cases, kept by the real keeper: handed out twice they are kept once, and texts reach the carrier."""

from datetime import timedelta

from sqlalchemy import Engine, select

from ivr.cases.acting import Telling, answer, confirm_fault, direct, enter_told
from ivr.cases.objecting import object_to
from ivr.cases.rating import Rating, rate
from ivr.cases.rows import ReplyBy
from ivr.cases.taking import Customer
from ivr.cases.telling import Notice, tellings_owed
from ivr.charters.verdicts import verdicts_of
from ivr.messages.delivery import advance
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.numbers import PhoneNumber
from ivr.orders import SendText
from ivr.promises import PromiseRow
from tests.unit.cases.desk import Desk, seoul
from tests.workers.kept import given


def texts(desk: Desk) -> int:
    return given(desk.works, SendText)


def test_a_case_is_acknowledged_by_one_text_that_goes_out_within_the_same_second(engine: Engine) -> None:
    desk = Desk.over(engine)
    desk.take()
    began = desk.works.clock.at
    desk.works.work()
    assert texts(desk) == 1
    assert (desk.works.clock.at - began).total_seconds() < 1
    desk.works.work()
    assert texts(desk) == 1


def test_whatever_is_handed_out_twice_is_kept_once(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    desk.do(answer, id, "조치하였습니다.")
    with desk.works.store.reading() as session:
        promises = session.scalars(select(PromiseRow.id).where(PromiseRow.kind.like("case-%"))).all()
    for promise in [*promises, *promises]:
        desk.works.keeper.keep(promise)
    told = [kind for kind in desk.kinds(id) if kind in {"acknowledged", "result-told", "rating-invited"}]
    assert sorted(told) == ["acknowledged", "rating-invited", "result-told"]
    assert len(desk.bodies()) == 2


def arrive(desk: Desk, case: str) -> dict[str, str]:
    """Every text has arrived; the verdicts by standard."""
    desk.works.work()
    with desk.works.store.transaction() as session:
        for message in session.scalars(select(Message)):
            session.execute(advance(message.id, MessageState.DELIVERED))
            message.delivered_at = message.written_at + timedelta(seconds=5)
    desk.works.promise("judge-owed", key=f"judge-owed:{case}:{desk.works.clock.at}", scope="case", id=case)
    desk.works.work()
    with desk.works.store.reading() as session:
        return {one.standard_id: one.verdict.value for one in verdicts_of(session, case)}


def test_a_case_that_was_answered_in_time_is_judged_met(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    desk.works.work()
    desk.pass_time(hours=2)
    desk.do(answer, id, "조치하였습니다.")
    verdicts = arrive(desk, id)
    assert {verdicts[f"kibo/{promise}/1"] for promise in ("K12", "K10", "K8")} == {"met"}


def test_a_case_that_slipped_with_notice_missed_its_date_and_kept_the_notice(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    desk.until("2026-11-26 11:00")
    desk.do(answer, id, "조치하였습니다.")
    verdicts = arrive(desk, id)
    assert {verdicts[f"kibo/{promise}/1"] for promise in ("K12", "K10")} == {"missed"}
    assert verdicts["kibo/K20/1"] == "met"


def test_direction_in_48_hours_and_the_answer_by_its_date_are_judged_met(engine: Engine) -> None:
    desk = Desk.over(engine, "kotra")
    id = desk.take("complaint", "web")
    desk.pass_time(hours=5)
    desk.do(direct, id, "현지 무역관에 확인하겠습니다.", until=seoul("2026-12-01 18:00"))
    desk.until("2026-12-01 10:00")
    desk.do(answer, id, "확인하였습니다.")
    verdicts = arrive(desk, id)
    assert (verdicts["kotra/T12/1"], verdicts["kotra/T17/1"]) == ("met", "met")


def test_an_objection_and_an_apology_are_judged(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take("complaint", "phone", "unkindness")
    desk.do(confirm_fault, id)
    desk.pass_time(minutes=1)
    desk.do(answer, id, "조치하였습니다.")
    desk.do(object_to, id, "받아들일 수 없습니다.", channel="phone")
    objection = str(desk.of(id, "reopened")[0].detail["case"])
    desk.pass_time(hours=1)
    desk.do(answer, objection, "다시 살펴 조치하였습니다.")
    assert arrive(desk, id)["kibo/K18/1"] == "met"
    verdicts = arrive(desk, objection)
    assert (verdicts["kibo/K19/1"], verdicts["kibo/K19.result/1"]) == ("met", "met")


def test_a_text_that_does_not_arrive_is_owed_by_another_way_and_the_supervisor_hears_of_it(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    desk.pass_time(minutes=1)
    with desk.works.store.transaction() as session:
        session.execute(advance(f"{id}-1", MessageState.UNDELIVERED))
    desk.pass_time(hours=2)
    (owed,) = desk.of(id, "telling-owed")
    assert (owed.detail["notice"], owed.detail["why"]) == ("received", "undelivered")
    assert [fact.detail["why"] for fact in desk.of(id, "escalated")] == ["not-told"]


def test_a_text_that_arrives_is_left_in_peace(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take()
    arrive(desk, id)
    desk.pass_time(hours=3)
    assert "telling-owed" not in desk.kinds(id)


def test_a_receipt_owed_by_mail_is_watched_until_somebody_enters_it(engine: Engine) -> None:
    desk = Desk.over(engine)
    by_mail = Customer("홍길동", None, "hong@example.kr")
    id, other = desk.take(customer=by_mail), desk.take(customer=by_mail)
    desk.do(enter_told, other, Notice.RECEIVED, telling=Telling(ReplyBy.EMAIL))
    desk.until("2026-11-23 13:01")
    assert [fact.detail["step"] for fact in desk.of(id, "reminded")] == ["receipt"]
    assert [fact.detail["why"] for fact in desk.of(id, "escalated")] == ["receipt"]
    assert "escalated" not in desk.kinds(other)
    assert arrive(desk, other)["kibo/K8/1"] == "met"


def test_who_has_only_a_landline_is_asked_by_telephone_to_rate_the_answer(engine: Engine) -> None:
    desk = Desk.over(engine)
    id = desk.take(customer=Customer("홍길동", PhoneNumber.parse("042-1000-0001")))
    desk.do(answer, id, "조치하였습니다.")
    desk.pass_time(minutes=1)
    assert "rating-invited" not in desk.kinds(id)
    with desk.works.store.reading() as session:
        assert tellings_owed(session, [id]) == {id: ("rating",)}
    desk.do(rate, id, Rating(4, "phone"))
    with desk.works.store.reading() as session:
        assert tellings_owed(session, [id]) == {}
