"""What senders of papers are told: receipt and officer in one text, what is missing, and by whom nobody else can."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.access.rows import ApiToken, KeptAnswer
from ivr.calls.facts import Told, facts_of, tell
from ivr.deadlines import WorkingTime
from ivr.directory.rows import Absence, AbsenceReason, Officer
from ivr.documents.changing import (
    Lack,
    Missing,
    Telling,
    Way,
    What,
    complete,
    hand_in_by,
    note_missing,
    note_telling,
    withdraw_document,
)
from ivr.documents.owed import may_be_owed, still_owed, untold
from ivr.documents.receiving import Arrival, receive
from ivr.documents.rows import Channel, Document
from ivr.lines.hours import SEOUL
from ivr.messages.delivery import advance
from ivr.messages.missing import write_again
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.numbers import PhoneNumber
from ivr.promises import Promise, PromiseRow, promise_all
from tests.http.board import MORNING
from tests.workers.kept import Works

MOBILE, LANDLINE = "010-1000-0001", "042-380-3811"


@pytest.fixture
def works(engine: Engine) -> Works:
    works = Works.over(engine)
    with works.store.transaction() as session:
        session.add(
            Officer(
                id="choi",
                line="dcgf",
                name="최유진",
                department="보증사업부",
                title="과장",
                duties="documents",
                number="+82421000101",
            )
        )
    return works


def arrive(works: Works, number: str | None = MOBILE, *, reference: str = "fax-1", pages: int = 3) -> str:
    """Papers come to the Daejeon line; returns their id."""
    arrival = Arrival(
        Channel.FAX,
        reference,
        "guarantee",
        works.clock.at,
        pages=pages,
        number=PhoneNumber.parse(number) if number else None,
    )
    with works.store.transaction() as session:
        return receive(session, works.keeper.house.lines.by_id("dcgf"), arrival, at=works.clock.at).id


def lack(works: Works, id: str, *papers: Missing) -> None:
    with works.store.transaction() as session:
        house = works.keeper.house
        working = WorkingTime(house.lines.by_id("dcgf"), house.calendar)
        until = hand_in_by(working, None, at=works.clock.at)
        note_missing(session, session.get_one(Document, id), papers, until=until, at=works.clock.at)


def texts(works: Works, id: str) -> dict[str, Message]:
    with works.store.reading() as session:
        found = session.scalars(select(Message).where(Message.subject == f"document:{id}"))
        return {message.id.removeprefix(f"{id}-"): message for message in found}


def told(works: Works, id: str) -> list[Told]:
    with works.store.reading() as session:
        return facts_of(session, id)


def kinds(works: Works, id: str) -> list[str]:
    return sorted(fact.kind for fact in told(works, id))


def owed(works: Works, id: str) -> tuple[What, ...]:
    with works.store.reading() as session:
        document = session.get_one(Document, id)
        found = still_owed(document, facts_of(session, id), untold(session, document))
        assert not found or session.scalars(select(Document.id).where(may_be_owed(), Document.id == id)).all()
        return found


def absent(works: Works, *, hours: float) -> None:
    with works.store.transaction() as session:
        ends_at = works.clock.at + timedelta(hours=hours)
        session.add(Absence(officer_id="choi", starts_at=works.clock.at, ends_at=ends_at, reason=AbsenceReason.TRIP))


def test_one_text_tells_the_receipt_and_the_officer_at_once(works: Works) -> None:
    id = arrive(works)
    works.work()
    message = texts(works, id)["receipt"]
    assert message.template.startswith("document-received-officer/")
    for part in (
        "대전신용보증재단",
        "신용보증 신청 서류",
        "2026-11-23 10:00",
        "보증사업부 최유진 과장",
        "042-100-0101",
    ):
        assert part in message.body
    assert kinds(works, id) == ["officer-told", "receipt-written", "received"]
    officer = next(fact for fact in told(works, id) if fact.kind == "officer-told")
    assert officer.detail["parts"] == "department,name,title"
    assert (officer.detail["by"], officer.detail["message"]) == ("sms", message.id)
    assert (officer.received_at, message.written_at) == (MORNING, MORNING)


def test_the_same_promise_kept_twice_tells_once(works: Works) -> None:
    id = arrive(works)
    works.work()
    again = Promise("document-notice", "again", works.clock.at, {"document": id, "what": "receipt", "round": 0})
    with works.store.transaction() as session:
        promise_all(session, [again])
    works.work()
    assert list(texts(works, id)) == ["receipt"]
    assert kinds(works, id) == ["officer-told", "receipt-written", "received"]


def test_with_nobody_in_charge_the_receipt_goes_alone_and_the_officer_follows(works: Works) -> None:
    absent(works, hours=1)
    id = arrive(works)
    works.work()
    assert texts(works, id)["receipt"].template.startswith("document-received/")
    assert kinds(works, id) == ["officer-lacking", "receipt-written", "received"]
    assert owed(works, id) == (What.OFFICER,)
    for _ in range(4):
        works.clock.pass_time(15 * 60)
        works.work()
    assert "최유진" in texts(works, id)["officer"].body
    assert "officer-told" in kinds(works, id)
    assert owed(works, id) == ()


def test_who_is_looked_for_in_vain_is_left_to_a_person(works: Works) -> None:
    absent(works, hours=100)
    id = arrive(works)
    works.work()
    for _ in range(2 * 24 * 4 + 1):
        works.clock.pass_time(15 * 60)
        works.work()
    assert owed(works, id) == (What.OFFICER,)
    with works.store.reading() as session:
        open_ones = session.scalars(
            select(PromiseRow).where(PromiseRow.kind == "document-notice", PromiseRow.done_at.is_(None))
        )
        assert open_ones.all() == []


def test_by_night_the_text_waits_for_the_morning(works: Works) -> None:
    works.clock.at = datetime(2026, 11, 23, 23, 0, tzinfo=SEOUL)
    id = arrive(works)
    works.work()
    assert texts(works, id) == {}
    works.clock.at = datetime(2026, 11, 24, 8, 0, tzinfo=SEOUL)
    works.work()
    assert list(texts(works, id)) == ["receipt"]


def test_an_officer_who_is_there_only_by_night_is_told_in_the_morning(works: Works) -> None:
    works.clock.at = datetime(2026, 11, 23, 20, 50, tzinfo=SEOUL)
    absent(works, hours=2)
    id = arrive(works)
    works.work()
    for _ in range(12):
        works.clock.pass_time(15 * 60)
        works.work()
    assert list(texts(works, id)) == ["receipt"]
    works.clock.at = datetime(2026, 11, 24, 8, 0, tzinfo=SEOUL)
    works.work()
    assert sorted(texts(works, id)) == ["officer", "receipt"]


def test_what_was_promised_for_the_evening_and_is_kept_by_night_waits_for_the_morning(works: Works) -> None:
    works.clock.at = datetime(2026, 11, 23, 20, 59, tzinfo=SEOUL)
    id = arrive(works)
    works.clock.pass_time(3 * 3600)
    works.work()
    assert texts(works, id) == {}


def test_a_landline_is_told_by_telephone(works: Works) -> None:
    id = arrive(works, LANDLINE)
    works.work()
    message = texts(works, id)["receipt"]
    assert message.error == "no-texts"
    assert next(fact for fact in told(works, id) if fact.kind == "receipt-written").detail["by"] == "phone"
    with works.store.reading() as session:
        promised = session.scalars(select(PromiseRow).where(PromiseRow.kind == "read-out")).one()
    assert promised.args == {"message": message.id}


def test_what_is_missing_is_told_with_the_reason_and_the_day(works: Works) -> None:
    id = arrive(works)
    lack(works, id, Missing("tax"), Missing("statements", Lack.UNREADABLE))
    works.work()
    body = texts(works, id)["missing-1"].body
    for part in ("국세·지방세 납세증명서(미제출)", "재무제표(알아볼 수 없음)", "2026-12-01"):
        assert part in body
    # A text is no explanation by telephone, post, fax or e-mail: a person still owes that (D12).
    assert owed(works, id) == (What.MISSING,)
    works.clock.pass_time(60)
    with works.store.transaction() as session:
        document = session.get_one(Document, id)
        note_telling(session, document, Telling(What.MISSING, Way.PHONE, works.clock.at), at=works.clock.at)
    assert owed(works, id) == ()


def test_only_the_last_list_of_missing_papers_is_told(works: Works) -> None:
    id = arrive(works)
    lack(works, id, Missing("tax"), Missing("lease"))
    lack(works, id, Missing("tax"))
    works.work()
    assert sorted(texts(works, id)) == ["missing-2", "receipt"]


def test_nothing_is_told_of_papers_that_were_withdrawn(works: Works) -> None:
    id = arrive(works)
    with works.store.transaction() as session:
        withdraw_document(session, session.get_one(Document, id), at=works.clock.at)
    works.work()
    assert texts(works, id) == {}
    assert kinds(works, id) == ["received", "withdrawn"]


def test_the_receipt_of_papers_that_were_complete_at_once_is_still_told(works: Works) -> None:
    id = arrive(works)
    lack(works, id, Missing("tax"))
    with works.store.transaction() as session:
        complete(session, session.get_one(Document, id), at=works.clock.at)
    works.work()
    assert list(texts(works, id)) == ["receipt"]


def test_who_left_no_number_is_left_to_an_officer(works: Works) -> None:
    id = arrive(works, None)
    works.work()
    assert texts(works, id) == {}
    assert kinds(works, id) == ["assigned", "no-contact", "received"]
    with works.store.reading() as session:
        assert session.get_one(Document, id).officer_id == "choi"
    assert owed(works, id) == (What.RECEIPT,)
    works.clock.pass_time(60)
    with works.store.transaction() as session:
        document = session.get_one(Document, id)
        note_telling(session, document, Telling(What.RECEIPT, Way.POST, works.clock.at), at=works.clock.at)
    assert owed(works, id) == ()


def test_whom_no_text_reached_is_left_to_a_person(works: Works) -> None:
    id = arrive(works)
    works.work()
    assert owed(works, id) == ()
    with works.store.statement() as connection:
        connection.execute(advance(f"{id}-receipt", MessageState.FAILED, "-2312"))
    assert owed(works, id) == (What.RECEIPT, What.OFFICER)
    works.clock.pass_time(60)
    for what in (What.RECEIPT, What.OFFICER):
        with works.store.transaction() as session:
            document = session.get_one(Document, id)
            note_telling(session, document, Telling(what, Way.PHONE, works.clock.at), at=works.clock.at)
    assert owed(works, id) == ()


def test_who_is_read_the_text_or_gets_it_again_is_owed_nothing_meanwhile(works: Works) -> None:
    landline, mobile = arrive(works, LANDLINE), arrive(works, reference="fax-2")
    works.work()
    assert owed(works, landline) == ()
    with works.store.statement() as connection:
        over = Told(f"{landline}-receipt", "reading-over", "reading-over", "reading-3", works.clock.at)
        tell(connection, over)
        connection.execute(advance(f"{mobile}-receipt", MessageState.UNDELIVERED, "2001"))
    assert owed(works, landline) == (What.RECEIPT, What.OFFICER)
    with works.store.transaction() as session:
        first = session.get_one(Message, f"{mobile}-receipt")
        write_again(session, first, at=works.clock.at, worth_until=first.worth_until)
    assert owed(works, mobile) == ()


def test_whatever_changes_is_judged(works: Works) -> None:
    id = arrive(works)
    with works.store.reading() as session:
        judged = session.scalars(select(PromiseRow).where(PromiseRow.kind == "judge-owed")).all()
    assert [row.args for row in judged] == [{"scope": "document", "id": id}]


def test_a_storm_of_papers_is_told_each_once(works: Works) -> None:
    ids = [arrive(works, reference=f"r{number}") for number in range(40)]
    works.work()
    assert [list(texts(works, id)) for id in ids] == [["receipt"]] * 40


def test_answers_are_forgotten_when_nobody_repeats_a_request_any_more(works: Works) -> None:
    with works.store.transaction() as session:
        token = ApiToken(id="t", name="t", scopes=[], digest="-", made_at=MORNING, expires_at=MORNING)
        session.add(token)
        session.flush()
        session.add(KeptAnswer(token_id="t", key="k", fingerprint="-", made_at=MORNING))
    works.promise("purge-answers", due_at=MORNING + timedelta(days=3))
    works.clock.pass_time(3 * 86_400)
    works.work()
    with works.store.reading() as session:
        assert session.scalars(select(KeptAnswer)).all() == []
