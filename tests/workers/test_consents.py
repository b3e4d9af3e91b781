"""What people are told of their consents: one text for what belongs together, within days, by day, and never twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from ivr.consents import working_through
from ivr.consents.recording import Grant, Revocation, erase, grant, withdraw
from ivr.consents.rows import ConsentNotice, Means, NoticeKind, Purpose
from ivr.consents.working_through import promise_working_through
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.numbers import PhoneNumber
from ivr.people.finding import known_person
from ivr.people.rows import Person
from ivr.promises import PromiseRow
from tests.http.board import MORNING
from tests.workers.kept import Works

MOBILE, LANDLINE = "010-1000-0001", "042-380-3811"


@pytest.fixture
def works(engine: Engine) -> Works:
    return Works.over(engine)


@contextmanager
def writing(works: Works) -> Iterator[Session]:
    with works.store.transaction() as session:
        yield session


def person_of(session: Session, number: str = MOBILE) -> Person:
    return known_person(session, "dcgf", PhoneNumber.parse(number), at=MORNING)


def agree(
    session: Session, person: Person, at: datetime, *purposes: Purpose, how: Means = Means.PAPER, told: bool = False
) -> None:
    for purpose in purposes or (Purpose.HAPPY_CALL,):
        given = Grant(purpose, how, "1", f"paper:{purpose}", "상담 신청서", at, "test", is_told=told)
        grant(session, person.id, given, at=at)


def pass_time(works: Works, length: timedelta) -> None:
    works.clock.pass_time(length.total_seconds())
    works.work()


def bodies(works: Works) -> list[str]:
    with works.store.reading() as session:
        return list(session.scalars(select(Message.body).order_by(Message.written_at, Message.id)))


def test_consents_given_together_are_told_of_in_one_text_with_sender_date_and_result(works: Works) -> None:
    with writing(works) as session:
        agree(session, person_of(session), works.clock.at, Purpose.HAPPY_CALL, Purpose.OPINION_SURVEY)
    pass_time(works, timedelta(minutes=2))
    (body,) = bodies(works)
    for part in ("[대전신용보증재단]", "해피콜, 의견 조사", "동의 일자 2026-11-", "까지 유효하게 등록", "/c/"):
        assert part in body
    pass_time(works, timedelta(days=1))
    assert len(bodies(works)) == 1


def test_a_withdrawal_is_told_of_and_refusing_everything_is_one_text(works: Works) -> None:
    with writing(works) as session:
        person = person_of(session)
        agree(session, person, works.clock.at, Purpose.HAPPY_CALL, Purpose.OPINION_SURVEY, told=True)
        one = Revocation(Means.AGENT, "asked", "test", (Purpose.OPINION_SURVEY,))
        withdraw(session, person.id, one, at=works.clock.at)
    pass_time(works, timedelta(minutes=2))
    assert "철회 내용 의견 조사" in bodies(works)[0]
    with writing(works) as session:
        withdraw(session, person.id, Revocation(Means.KEY, "call:1", "caller"), at=works.clock.at)
    pass_time(works, timedelta(minutes=2))
    assert len(bodies(works)) == 2
    assert "전화 수신 거부를 처리" in bodies(works)[1]
    with works.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ConsentNotice)) == 3


def test_nobody_is_told_at_night_and_nobody_who_was_forgotten(works: Works) -> None:
    works.clock.at = MORNING.replace(hour=13)  # 22:00 in Seoul
    with writing(works) as session:
        agree(session, person_of(session), works.clock.at)
        forgotten = person_of(session, "010-1000-0002")
        agree(session, forgotten, works.clock.at)
        erase(session, forgotten.id, by="test", at=works.clock.at)
    pass_time(works, timedelta(hours=9))
    assert bodies(works) == []
    pass_time(works, timedelta(hours=1, minutes=1))
    assert len(bodies(works)) == 1


def test_who_cannot_be_told_by_text_is_noted_as_that(works: Works) -> None:
    with writing(works) as session:
        agree(session, person_of(session, LANDLINE), works.clock.at)
    pass_time(works, timedelta(minutes=2))
    with works.store.reading() as session:
        (message,) = session.scalars(select(Message))
    assert (message.state, message.error) == (MessageState.FAILED, "no-texts")


def test_an_import_is_worked_through_in_pieces_by_one_promise_after_the_other(
    works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working_through, "PIECE", 2)
    with writing(works) as session:
        for ordinal in range(1, 6):
            person = person_of(session, f"010-1000-00{ordinal:02}")
            agree(session, person, works.clock.at, how=Means.IMPORT, told=ordinal == 3)
        session.query(PromiseRow).filter(PromiseRow.kind == "consents-told").delete()
        promise_working_through(session, at=works.clock.at)
        promise_working_through(session, at=works.clock.at)
    for _ in range(6):
        pass_time(works, timedelta(seconds=3))
    assert len(bodies(works)) == 4, "those who were told already are left alone"
    with works.store.reading() as session:
        query = select(PromiseRow.due_at).where(PromiseRow.kind == "consent-notices", PromiseRow.done_at.is_(None))
        (tomorrow,) = session.scalars(query)
    assert timedelta(0) < tomorrow - works.clock.at < timedelta(days=2)


def test_a_month_before_a_consent_ends_its_giver_is_asked_once(works: Works) -> None:
    with writing(works) as session:
        agree(session, person_of(session), works.clock.at, told=True)
        promise_working_through(session, at=works.clock.at)
    pass_time(works, timedelta(seconds=5))
    assert bodies(works) == []
    for _ in range(3):
        works.clock.at = max(works.clock.at + timedelta(days=1), MORNING + timedelta(days=705))
        works.work()
        pass_time(works, timedelta(seconds=5))
    (body,) = bodies(works)
    for part in ("곧 끝납니다", "해피콜", "유지하거나 철회", "/c/", "다음 날부터 전화드리지 않습니다"):
        assert part in body
    with works.store.reading() as session:
        assert session.scalars(select(ConsentNotice.kind)).all() == [NoticeKind.EXPIRING]
