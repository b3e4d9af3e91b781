"""Callbacks on screen: the list by due time, one with its story, and what people do about it."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from console.office import Office
from ivr.accounts.rows import AccessEntry, Act, Role
from ivr.agents.rows import Agent, AgentSkill, AgentState
from ivr.callbacks.reading import PAGE
from ivr.callbacks.rows import Callback, CallbackState, Origin
from ivr.callbacks.slipping import LateReason
from ivr.directory.rows import Officer
from ivr.numbers import PhoneNumber
from ivr.promises import PromiseRow
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.callbacks.people import TEAM, ask, callback_of, officers, wish

Enter = Callable[..., Person]
NUMBER = "010-1000-0001"


@pytest.fixture
def waiting(office: Office, moment: Moment) -> Callback:
    """Somebody who waits for a call, and the officers of the line."""
    officers(office.store)
    given = wish(customer="홍<b>길동</b>", content="기한을 알려 주십시오. 010-9999-8888", reason="needs_checking")
    return ask(office.store, moment(), given)


@pytest.fixture
def late(waiting: Callback, moment: Moment) -> Callback:
    """The same an hour and more afterwards."""
    moment.pass_time(25 * 60)
    return waiting


def free(office: Office, callback: Callback) -> None:
    """Nobody is in charge of it."""
    with office.store.transaction() as session:
        session.get_one(Callback, callback.id).officer_id = None


def of_team(office: Office, moment: Moment, officer: str, team: str) -> None:
    """This officer takes calls in a team."""
    with office.store.transaction() as session:
        agent = Agent(
            id="kibo-1", line="kibo", name="김민수", department="보증사업부", title="대리", softphone="kibo-1"
        )
        agent.state, agent.state_since, agent.idle_since = AgentState.READY, moment(), moment()
        agent.skills = [AgentSkill(team=team, skill="")]
        session.add(agent)
        session.flush()
        session.get_one(Officer, officer).agent_id = agent.id


def test_the_list_has_due_ones_first_and_nothing_of_people_in_full(
    enter: Enter, office: Office, moment: Moment, waiting: Callback
) -> None:
    later = ask(office.store, moment(), wish("w2", "+821010000002", due_at=moment() + timedelta(hours=3)))
    shown = enter(Role.SUPERVISOR).get("/callbacks/").text
    assert shown.index(waiting.receipt_number) < shown.index(later.receipt_number)
    assert "010-****-0001" in shown
    assert NUMBER not in shown
    assert "길동" not in shown


def test_a_list_without_anybody_says_so(enter: Enter) -> None:
    assert "지금 전화를 기다리는 고객이 없습니다" in enter(Role.AUDITOR).get("/callbacks/").text


def test_the_list_goes_on_behind_its_first_page(enter: Enter, office: Office, moment: Moment) -> None:
    made = [ask(office.store, moment(), wish(f"w{n}", f"+82101000{n:04}")) for n in range(PAGE + 2)]
    person = enter(Role.SUPERVISOR)
    first = person.get("/callbacks/").text
    onward = re.search(r'href="([^"]*after=[^"]*)"', first)
    assert onward is not None
    second = person.get(onward[1].replace("&amp;", "&")).text
    here, there = (set(re.findall(r"/callbacks/(b\w{20})", text)) for text in (first, second))
    assert (len(here), len(there), here | there) == (PAGE, 2, {one.id for one in made})
    assert person.get("/callbacks/?after=made-up").status_code == 404


def test_what_is_over_stands_on_a_page_of_its_own(enter: Enter, waiting: Callback) -> None:
    person = enter(Role.SUPERVISOR)
    person.post(f"/callbacks/{waiting.id}/done", {"version": waiting.version, "note": "이메일로 답변"})
    assert waiting.receipt_number not in person.get("/callbacks/").text
    assert waiting.receipt_number in person.get("/callbacks/?over=1&outcome=other_way").text
    assert waiting.receipt_number not in person.get("/callbacks/?over=1&outcome=withdrawn").text
    assert waiting.receipt_number in person.get(f"/callbacks/?over=1&receipt={waiting.receipt_number.lower()}").text


def test_one_callback_tells_its_story_with_numbers_hidden(enter: Enter, waiting: Callback) -> None:
    shown = enter(Role.SUPERVISOR).get(f"/callbacks/{waiting.id}").text
    assert "까지 전화드리기로 약속했습니다" in shown
    assert "담당: 김민수 대리" in shown
    assert "홍&lt;b&gt;길동&lt;/b&gt;" in shown
    assert "010-****-8888" in shown
    assert NUMBER not in shown


def test_agents_see_their_own_and_the_free_ones_of_their_teams(
    enter: Enter, office: Office, moment: Moment, waiting: Callback
) -> None:
    of_team(office, moment, "deputy", TEAM)
    agent = enter(Role.AGENT, officer="deputy")
    assert agent.get(f"/callbacks/{waiting.id}").status_code == 404
    assert waiting.receipt_number not in agent.get("/callbacks/").text
    free(office, waiting)
    assert waiting.receipt_number in agent.get("/callbacks/").text
    version = callback_of(office.store, waiting).version
    assert agent.post(f"/callbacks/{waiting.id}/take", {"version": version}).location == f"/callbacks/{waiting.id}"
    assert callback_of(office.store, waiting).officer_id == "deputy"


def test_a_callback_of_another_line_is_not_there(enter: Enter, waiting: Callback) -> None:
    stranger = enter(Role.SUPERVISOR, line="ksure")
    assert stranger.get(f"/callbacks/{waiting.id}").status_code == 404
    for act in ("assign", "take", "late", "done", "withdraw", "number"):
        form = {"version": 1, "officer": "lead", "reason": "preparing", "note": "이메일"}
        assert stranger.post(f"/callbacks/{waiting.id}/{act}", form).status_code in {400, 404}


@pytest.mark.parametrize("act", ["take", "late", "done", "withdraw", "dial", "number", "assign"])
def test_who_only_looks_on_changes_nothing(enter: Enter, waiting: Callback, act: str) -> None:
    assert enter(Role.AUDITOR).post(f"/callbacks/{waiting.id}/{act}", {"version": 1}).status_code == 403


def test_a_supervisor_gives_it_to_somebody_else(enter: Enter, office: Office, waiting: Callback) -> None:
    person = enter(Role.SUPERVISOR)
    form = {"version": waiting.version, "officer": "deputy"}
    assert person.post(f"/callbacks/{waiting.id}/assign", form).status_code == 303
    assert callback_of(office.store, waiting).officer_id == "deputy"
    assert person.post(f"/callbacks/{waiting.id}/assign", form).status_code == 409
    strange = {"version": callback_of(office.store, waiting).version, "officer": "ksure-1"}
    person.post(f"/callbacks/{waiting.id}/assign", strange)
    assert callback_of(office.store, waiting).officer_id == "deputy"


def test_a_notice_that_it_will_be_later_moves_the_time_and_is_told(
    enter: Enter, office: Office, moment: Moment, late: Callback
) -> None:
    person = enter(Role.SUPERVISOR)
    address, form = f"/callbacks/{late.id}/late", {"version": late.version, "reason": LateReason.PREPARING.value}
    too_early = person.post(address, {**form, "until": "2026-11-23T10:30"})
    assert (too_early.status_code, callback_of(office.store, late).slips) == (422, 0)
    assert "지금 약속한 시각보다 늦은 시각이어야 합니다" in too_early.text
    assert person.post(address, {**form, "until": "2026-11-23T15:00"}).status_code == 303
    moved = callback_of(office.store, late)
    assert (moved.slips, moved.due_at.isoformat()) == (1, "2026-11-23T06:00:00+00:00")
    with office.store.reading() as session:
        assert session.query(PromiseRow).filter(PromiseRow.key == f"callback-tell:{late.id}:late:1").count() == 1
    assert person.post(address, {**form, "until": "2026-11-23T16:00"}).status_code == 409
    assert "까지로 미루고 고객에게 알렸습니다" in person.get(f"/callbacks/{late.id}").text


def test_what_was_answered_otherwise_is_closed_once_with_its_note(
    enter: Enter, office: Office, waiting: Callback
) -> None:
    person, form = enter(Role.SUPERVISOR), {"version": waiting.version, "note": "010-2222-3333에 문자로 답변"}
    assert person.post(f"/callbacks/{waiting.id}/done", {**form, "note": ""}).status_code == 422
    assert person.post(f"/callbacks/{waiting.id}/done", form).status_code == 303
    closed = callback_of(office.store, waiting)
    assert closed.state is CallbackState.SERVED
    again = {**form, "version": closed.version}
    assert "지금 상태에서는 할 수 없는 일입니다" in _followed(person, f"/callbacks/{waiting.id}/done", again)
    assert callback_of(office.store, waiting).version == closed.version
    assert "010-****-3333에 문자로 답변" in person.get(f"/callbacks/{waiting.id}").text


def test_an_agent_rings_the_customer(enter: Enter, office: Office, moment: Moment, waiting: Callback) -> None:
    of_team(office, moment, "officer", TEAM)
    agent = enter(Role.AGENT, officer="officer")
    assert agent.post(f"/callbacks/{waiting.id}/dial", {"version": waiting.version}).status_code == 303
    assert callback_of(office.store, waiting).state is CallbackState.DIALLING
    with office.store.reading() as session:
        assert session.query(PromiseRow).filter(PromiseRow.kind == "ring-agent").count() == 1


def test_a_number_is_shown_for_a_reason_that_is_kept(enter: Enter, office: Office, waiting: Callback) -> None:
    person = enter(Role.SUPERVISOR)
    assert NUMBER not in person.post(f"/callbacks/{waiting.id}/number", {"reason": " "}).text
    assert NUMBER in person.post(f"/callbacks/{waiting.id}/number", {"reason": "고객 요청 확인"}).text
    with office.store.reading() as session:
        entry = session.query(AccessEntry).one()
    assert (entry.act, entry.subject, entry.reason) == (Act.UNMASK, f"callback:{waiting.id}", "고객 요청 확인")
    assert entry.account_id == person.account_id


def test_officers_are_searched_where_there_are_many(enter: Enter, office: Office, waiting: Callback) -> None:
    with office.store.transaction() as session:
        for number in range(300):
            name, department = f"이름{number}", "고객센터"
            session.add(Officer(id=f"o{number}", line="kibo", name=name, department=department, title="상담사"))
    person = enter(Role.SUPERVISOR)
    shown = person.get(f"/callbacks/{waiting.id}").text
    assert "officer-found" in shown
    assert "이름299" not in shown
    assert 'value="o299"' in person.get("/officers/?officer=이름299").text


def _followed(person: Person, address: str, form: dict[str, object]) -> str:
    return person.get(person.post(address, form).location).text


@pytest.fixture
def page(enter: Enter, served: Served, waiting: Callback) -> Iterator[Page]:
    """A supervisor's tab."""
    with served.page(enter(Role.SUPERVISOR, officer="lead")) as page:
        yield page


@pytest.mark.browser
@ON_SQLITE
def test_a_supervisor_works_through_a_callback(
    page: Page, waiting: Callback, office: Office, accessible: Callable[[Page], None]
) -> None:
    page.goto("/callbacks/")
    accessible(page)
    page.get_by_role("link", name=waiting.receipt_number).click()
    page.get_by_text("담당자 지정").first.click()
    accessible(page)
    page.get_by_label("담당자").select_option("deputy")
    page.get_by_role("button", name="담당자 지정").click()
    page.get_by_text("담당자를 지정했습니다").wait_for()
    page.get_by_role("button", name="번호 보기").click()
    page.get_by_role("textbox", name="사유").fill("고객 확인")
    page.get_by_role("button", name="보기", exact=True).click()
    page.get_by_text(NUMBER).wait_for()
    assert callback_of(office.store, waiting).officer_id == "deputy"


def test_another_origin_stands_with_its_name(enter: Enter, office: Office, moment: Moment) -> None:
    memo = ask(office.store, moment(), wish(origin=Origin.MEMO))
    assert "상담원 메모" in enter(Role.SUPERVISOR).get(f"/callbacks/{memo.id}").text
    assert memo.number == PhoneNumber.parse("+821010000001")
