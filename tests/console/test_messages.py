"""Text messages on screen: what was sent, what did not arrive, who wants none, and the senders."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page

from console.office import Office
from ivr.accounts.rows import AccessEntry, Act, Role
from ivr.lines.hours import SEOUL
from ivr.messages.delivery import advance
from ivr.messages.finding import PAGE
from ivr.messages.missing import UNANSWERED
from ivr.messages.rows import Message, MessageAttempt
from ivr.messages.states import AttemptOutcome, MessageState
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.optouts.rows import OptOut
from ivr.promises import PromiseRow
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE

Enter = Callable[..., Person]
NUMBER, SHOWN = "010-1000-0001", "010-****-0001"
OFFICER = {"department": "보증사업부", "name": "김서연 010-9999-8888", "title": "", "number": "1544-1120"}
OCCASION = "0" * 24


def write(office: Office, id: str, *, at: datetime, line: str = "kibo", number: str = NUMBER) -> None:
    """A text to a customer."""
    to = PhoneNumber.parse(number)
    outgoing = Outgoing(id, office.lines.by_id(line), to, "transfer", f"callback:{id}", OFFICER)
    with office.store.transaction() as session:
        write_message(session, office.texts, outgoing, at=at)


def became(office: Office, id: str, state: MessageState, error: str | None = None) -> None:
    """What the provider said of it."""
    with office.store.transaction() as session:
        order = MessageAttempt(
            message_id=id,
            ordinal=1,
            provider="nhn",
            made_at=office.clock(),
            outcome=AttemptOutcome.REFUSED,
            error=error,
        )
        session.add(order)
        session.get_one(Message, id).attempts = 1
        session.execute(advance(id, state, error))


@pytest.fixture
def sent(office: Office, moment: Moment) -> None:
    """One text that arrived, one that did not, one of another line."""
    write(office, "m1", at=moment())
    write(office, "m2", at=moment() - timedelta(minutes=1))
    write(office, "m3", at=moment(), line="ksure")
    became(office, "m1", MessageState.DELIVERED)
    became(office, "m2", MessageState.FAILED, "-2312")


def messages(office: Office) -> list[str]:
    """The ids of all texts of the line."""
    with office.store.reading() as session:
        return sorted(session.scalars(Message.__table__.select().with_only_columns(Message.id)))


def test_the_list_has_what_was_sent_and_the_share_that_failed(enter: Enter, sent: None) -> None:
    person = enter(Role.SUPERVISOR)
    shown = person.get("/messages/").text
    assert shown.index("/messages/m1") < shown.index("/messages/m2")
    assert "/messages/m3" not in shown
    assert "50.0 %" in shown
    assert SHOWN in shown
    assert NUMBER not in shown
    missed = person.get("/messages/?view=missed").text
    assert "/messages/m2" in missed
    assert "/messages/m1" not in missed


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=failed", {"m2"}),
        ("state=delivered", {"m1"}),
        ("template=transfer", {"m1", "m2"}),
        ("template=receipt", set()),
        ("first=2026-11-23&last=2026-11-23", {"m1", "m2"}),
        ("last=2026-11-22", set()),
    ],
)
@ON_SQLITE
def test_texts_are_found_by_state_kind_and_day(enter: Enter, sent: None, query: str, found: set[str]) -> None:
    shown = enter(Role.AUDITOR).get(f"/messages/?{query}").text
    assert set(re.findall(r'href="/messages/(m\d)"', shown)) == found


@ON_SQLITE
def test_a_list_without_anything_says_so(enter: Enter) -> None:
    person = enter(Role.AUDITOR)
    assert "보낸 문자가 없습니다" in person.get("/messages/").text
    assert "도착하지 않은 문자가 없습니다" in person.get("/messages/?view=missed").text
    assert person.get("/messages/?first=yesterday").status_code == 404
    assert "수신을 거부한 고객이 없습니다" in person.get("/messages/refusals").text


def test_the_list_goes_on_behind_its_first_page(enter: Enter, office: Office, moment: Moment) -> None:
    for number in range(PAGE + 2):
        write(office, f"n{number:02}", at=moment() - timedelta(seconds=number // 2))
    person = enter(Role.SUPERVISOR)
    first = person.get("/messages/").text
    onward = re.search(r'href="([^"]*after=[^"]*)" rel="next"', first)
    assert onward is not None
    here, there = (
        set(re.findall(r'href="/messages/(n\d\d)"', text))
        for text in (first, person.get(onward[1].replace("&amp;", "&")).text)
    )
    assert (len(here), len(there), len(here | there)) == (PAGE, 2, PAGE + 2)


def test_words_and_number_are_shown_for_a_reason_that_is_kept(enter: Enter, office: Office, sent: None) -> None:
    person = enter(Role.SUPERVISOR)
    masked = person.get("/messages/m2").text
    assert "010-****-8888" in masked
    assert "-2312" in masked
    assert NUMBER not in masked
    whole = person.post("/messages/m2/number", {"reason": "고객 문의"}).text
    assert NUMBER in whole
    assert "010-9999-8888" in whole
    with office.store.reading() as session:
        assert [(one.act, one.subject) for one in session.query(AccessEntry)] == [(Act.UNMASK, "message:m2")]


def test_what_did_not_arrive_is_sent_again_once(enter: Enter, office: Office, sent: None) -> None:
    person = enter(Role.SUPERVISOR)
    assert person.post("/messages/m2/retry").location == "/messages/m2~2"
    assert person.post("/messages/m2/retry").location == "/messages/m2~2"
    assert messages(office) == ["m1", "m2", "m2~2", "m3"]
    assert person.get("/messages/m2~2").status_code == 200
    refused = person.post("/messages/m1/retry")
    assert "이미 도착했을 수 있어 다시 보내지 않습니다" in person.get(refused.location).text


@ON_SQLITE
def test_what_may_have_arrived_is_not_offered_again(enter: Enter, office: Office, moment: Moment) -> None:
    write(office, "m9", at=moment())
    became(office, "m9", MessageState.FAILED, UNANSWERED)
    person = enter(Role.SUPERVISOR)
    assert "다시 보내기" not in person.get("/messages/m9").text
    person.post("/messages/m9/retry")
    assert messages(office) == ["m9"]


@ON_SQLITE
def test_other_lines_and_roles_are_kept_out(enter: Enter, sent: None) -> None:
    supervisor, auditor, agent = enter(Role.SUPERVISOR), enter(Role.AUDITOR), enter(Role.AGENT)
    assert supervisor.get("/messages/m3").status_code == 404
    assert supervisor.post("/messages/m3/retry").status_code == 404
    assert agent.get("/messages/").status_code == 403
    for act in ("m2/retry", "m2/number", "refusals", "refusals/x/withdraw"):
        assert auditor.post(f"/messages/{act}").status_code == 403
    assert supervisor.post("/messages/refusals/unknown/withdraw").status_code == 404


def test_a_refusal_is_entered_once_and_taken_back(enter: Enter, office: Office) -> None:
    person = enter(Role.SUPERVISOR)
    form = {"number": NUMBER, "scope": "information", "occasion": OCCASION}
    assert person.post("/messages/refusals", form).status_code == 303
    person.post("/messages/refusals", form)
    shown = person.get("/messages/refusals").text
    assert SHOWN in shown
    assert NUMBER not in shown
    with office.store.reading() as session:
        (row,) = session.query(OptOut).all()
        assert session.query(PromiseRow).filter(PromiseRow.kind == "opt-out-told").count() == 1
    assert person.post(f"/messages/refusals/{row.id}/withdraw").status_code == 303
    with office.store.reading() as session:
        assert session.query(OptOut).one().withdrawn_at is not None
    again = person.post(f"/messages/refusals/{row.id}/withdraw")
    assert "이미 철회되었습니다" in person.get(again.location).text
    assert enter(Role.SUPERVISOR, line="ksure").post(f"/messages/refusals/{row.id}/withdraw").status_code == 404


@ON_SQLITE
def test_a_number_that_is_none_is_said_at_its_field(enter: Enter) -> None:
    person = enter(Role.SUPERVISOR)
    form = {"number": "12", "scope": "all", "occasion": OCCASION}
    answer = person.post("/messages/refusals", form)
    assert (answer.status_code, "전화번호를 확인해 주십시오" in answer.text) == (422, True)
    assert person.post("/messages/refusals", {**form, "number": ""}).status_code == 422


@ON_SQLITE
def test_senders_tell_how_long_their_registration_holds(enter: Enter, office: Office, moment: Moment) -> None:
    shown = enter(Role.AUDITOR).get("/messages/senders").text
    assert "1544-1120" in shown
    assert "일 남음" in shown
    moment.at = datetime(2035, 1, 1, tzinfo=SEOUL)
    assert "기간 끝남" in enter(Role.AUDITOR, name="박서준").get("/messages/senders").text


@pytest.mark.browser
@ON_SQLITE
def test_a_supervisor_sends_a_text_again(
    enter: Enter, served: Served, office: Office, sent: None, accessible: Callable[[Page], None]
) -> None:
    with served.page(enter(Role.SUPERVISOR), width=390) as page:
        page.goto("/messages/?view=missed")
        accessible(page)
        page.locator('a[href="/messages/m2"]').click()
        accessible(page)
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="다시 보내기").click()
        page.get_by_text("다시 보내도록 했습니다").wait_for()
        page.goto("/messages/refusals")
        accessible(page)
    assert "m2~2" in messages(office)
