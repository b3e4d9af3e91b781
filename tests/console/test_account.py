"""One's own account: a new password, the second factor, where one is signed in, the line, and how long it holds."""

import re
from collections.abc import Callable

import pyotp
import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select

from commands.demo import add_officers, agent_row, read_demo
from console.account.browsers import browser_name
from console.app import create_app
from console.office import Office
from ivr.accounts.keeping import Hand, grant, set_password
from ivr.accounts.rows import Account, AccountChange, AccountEntry, ConsoleSession, Role
from ivr.agents.rows import Agent, AgentState
from tests.console.conftest import Served
from tests.console.people import Person, office_over
from tests.console.strangers import AGENT, PASSWORD, known, stranger
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE

Enter = Callable[..., Person]
NEW = "oak-and-stone-8"


def test_a_new_password_needs_the_present_one_and_ends_all_other_sessions(console: Flask, office: Office) -> None:
    known(office)
    here, elsewhere = stranger(console), stranger(console, "10.0.0.2")
    for browser in (here, elsewhere):
        browser.sign_in("hanjiwon")
    form = {"present": PASSWORD, "wanted": NEW, "again": NEW}
    for wrong in ({"present": "guessed"}, {"again": "other"}, {"wanted": "short", "again": "short"}):
        assert here.post("/account/password", {**form, **wrong}, seen="/account/password").status_code == 422
    same = {"present": PASSWORD, "wanted": PASSWORD, "again": PASSWORD}
    assert here.post("/account/password", same, seen="/account/password").status_code == 422
    assert here.post("/account/password", form, seen="/account/password").location == "/account"
    assert here.get("/account").status_code == 200
    assert "/sign-in" in elsewhere.get("/account").location
    assert elsewhere.sign_in("hanjiwon").status_code == 422
    assert elsewhere.sign_in("hanjiwon", NEW).status_code == 303


@ON_SQLITE
def test_a_temporary_password_must_be_changed_before_anything_else(
    console: Flask, office: Office, moment: Moment
) -> None:
    known(office)
    with office.store.transaction() as session:
        account = session.get_one(Account, "hanjiwon")
        set_password(session, account, office.passwords.hashed(PASSWORD), hand=Hand("admin", moment()))
    browser = stranger(console)
    browser.sign_in("hanjiwon")
    assert browser.get("/wall/").location == "/account/password"
    assert "임시 비밀번호" in browser.get("/account/password").text
    form = {"present": PASSWORD, "wanted": NEW, "again": NEW}
    assert browser.post("/account/password", form, seen="/account/password").location == "/"
    assert browser.get("/account").status_code == 200


def test_the_second_factor_is_set_up_by_a_picture_and_taken_away_by_a_code(
    enter: Enter, office: Office, moment: Moment
) -> None:
    person = enter(Role.SUPERVISOR)
    assert person.post("/account/factor/begin").status_code == 303
    shown = person.get("/account/factor").text
    assert "<svg" in shown
    secret = re.findall(r'<code class="secret">([A-Z2-7]+)</code>', shown)[0]
    assert person.post("/account/factor", {"code": "000000"}).status_code == 422
    done = person.post("/account/factor", {"code": pyotp.TOTP(secret).at(moment())}).text
    assert len(re.findall(r"<code>[0-9a-z]{5}-[0-9a-z]{5}</code>", done)) == 8
    assert secret not in person.get("/account/factor").text
    assert person.post("/account/factor/off", {"off_code": "000000"}).status_code == 422
    moment.pass_time(60)
    again = person.post("/account/factor/codes", {"code": pyotp.TOTP(secret).at(moment())}).text
    assert not set(re.findall(r"<code>(.+?)</code>", done)) & set(re.findall(r"<code>(.+?)</code>", again))
    recovery = re.findall(r"<code>(.+?)</code>", again)[0]
    assert person.post("/account/factor/off", {"off_code": recovery}).status_code == 303
    with office.store.reading() as session:
        assert session.get_one(Account, person.account_id).second_factor is None
        changes = session.scalars(select(AccountEntry.change).order_by(AccountEntry.id)).all()
    assert changes == [AccountChange.FACTOR, AccountChange.RECOVERED, AccountChange.FACTOR_OFF]


@ON_SQLITE
def test_where_it_is_required_a_supervisor_sets_the_second_factor_up_first(engine: Engine, moment: Moment) -> None:
    office = office_over(engine, moment, second_factor_required=True)
    app = create_app(office)
    known(office)
    known(office, "anagent", role=Role.AGENT)
    supervisor, agent = stranger(app), stranger(app, "10.0.0.2")
    supervisor.sign_in("hanjiwon")
    agent.sign_in("anagent")
    assert supervisor.get("/account").location == "/account/factor"
    assert agent.get("/account").status_code == 200
    assert supervisor.post("/account/factor/begin", {}, seen="/account/factor").location == "/account/factor"


def test_sessions_elsewhere_are_shown_and_ended_one_by_one_and_all_at_once(console: Flask, office: Office) -> None:
    known(office)
    here, *others = (stranger(console, f"10.0.0.{place}") for place in range(1, 5))
    for browser in (here, *others):
        browser.sign_in("hanjiwon")
    shown = here.get("/account").text
    assert all(f"10.0.0.{place}" in shown for place in range(1, 5))
    assert "Chrome 156 · Linux" in shown
    with office.store.reading() as session:
        one = session.scalars(select(ConsoleSession.id).where(ConsoleSession.address == "10.0.0.2")).one()
    assert here.post("/account/sessions/end", {"session": one}, seen="/account").status_code == 303
    assert [browser.get("/account").status_code for browser in others] == [302, 200, 200]
    assert here.post("/account/sessions/end", {}, seen="/account").status_code == 303
    assert [browser.get("/account").status_code for browser in (here, *others)] == [200, 302, 302, 302]


@ON_SQLITE
def test_nobody_ends_the_session_of_somebody_else(enter: Enter, office: Office) -> None:
    person, other = enter(Role.AGENT, name="가"), enter(Role.AGENT, name="나")
    with office.store.reading() as session:
        of_other = select(ConsoleSession.id).where(ConsoleSession.account_id == other.account_id)
        id = session.scalars(of_other).one()
    assert person.post("/account/sessions/end", {"session": id}).status_code == 404
    assert other.get("/account").status_code == 200


@ON_SQLITE
def test_the_line_is_changed_to_one_with_a_role_only(enter: Enter, office: Office, moment: Moment) -> None:
    person = enter(Role.SUPERVISOR)
    assert person.post("/account/line", {"line": "dcgf"}).status_code == 404
    assert person.post("/account/line", {"line": "nowhere"}).status_code == 404
    with office.store.transaction() as session:
        account = session.get_one(Account, person.account_id)
        grant(session, account, ("dcgf", Role.AUDITOR), hand=Hand("command", moment()))
    assert "대전신용보증재단" in person.get("/account").text
    assert person.post("/account/line", {"line": "dcgf"}).status_code == 303
    shown = person.get("/account").text
    assert "감사자" in shown
    assert person.get("/directory/new").status_code == 403


@ON_SQLITE
def test_looking_how_long_a_session_holds_does_not_prolong_it_and_staying_does(enter: Enter, moment: Moment) -> None:
    person = enter(Role.SUPERVISOR)
    moment.pass_time(20 * 60)
    assert person.get("/account/remaining", **{"X-By-Itself": "yes"}).json == {"seconds": 600}
    assert person.post("/account/stay").status_code == 204
    assert person.get("/account/remaining", **{"X-By-Itself": "yes"}).json == {"seconds": 1800}


@ON_SQLITE
def test_a_long_talk_uses_the_session_and_nobody_is_thrown_out_after_it(
    enter: Enter, office: Office, moment: Moment
) -> None:
    with office.store.transaction() as session:
        one = next(one for one in read_demo().agents if one.id == "kibo-1")
        session.add(agent_row(one, office.lines.by_id("kibo"), moment()))
        session.flush()
        add_officers(session, [one.model_copy(update={"deputy": None})], [])
        session.get_one(Agent, "kibo-1").state = AgentState.TALKING
    person = enter(Role.AGENT, name="김민수", officer="kibo-1")
    for _ in range(50):
        moment.pass_time(60)
        assert person.get("/account/remaining", **{"X-By-Itself": "yes"}).status_code == 200
    with office.store.transaction() as session:
        session.get_one(Agent, "kibo-1").state = AgentState.READY
    left = person.get("/account/remaining", **{"X-By-Itself": "yes"}).json
    assert left is not None
    assert left["seconds"] > 28 * 60


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        (AGENT, "Chrome 156 · Linux"),
        (f"{AGENT} Edg/150.0", "Edge 150 · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/605.1", "Safari 605 · iPhone"),
        ("curl/8.9 " * 20, ("curl/8.9 " * 20)[:40]),
        ("", ""),
    ],
)
def test_browsers_are_told_shortly(told: str, shown: str) -> None:
    assert browser_name(told) == shown


@pytest.mark.browser
@ON_SQLITE
def test_the_sign_in_the_menu_and_the_account_are_usable_by_keyboard(
    served: Served, office: Office, enter: Enter, accessible: Callable[[Page], None]
) -> None:
    known(office)
    with served.page(enter(Role.AGENT, name="긴 이름을 가진 어느 상담원의 이름"), width=390) as page:
        page.goto("/account")
        accessible(page)
        page.get_by_role("button", name="긴 이름을 가진").press("Enter")
        out = page.get_by_role("button", name="로그아웃")
        expect(out).to_be_visible()
        accessible(page)
        page.keyboard.press("Escape")
        expect(out).to_be_hidden()
        page.get_by_role("button", name="긴 이름을 가진").press("Enter")
        out.click()
        accessible(page)
        page.get_by_role("textbox", name="로그인 이름").fill("hanjiwon")
        page.get_by_role("textbox", name="비밀번호").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="한지원")).to_be_visible()
        page.goto("/account/factor")
        page.get_by_role("button", name="설정 시작").click()
        expect(page.get_by_role("img", name="QR")).to_be_visible()
        accessible(page)


@pytest.mark.browser
@ON_SQLITE
def test_before_a_session_ends_the_page_asks_and_goes_on_where_it_was(
    served: Served, enter: Enter, moment: Moment
) -> None:
    with served.page(enter(Role.SUPERVISOR)) as page:
        page.clock.install()
        page.goto("/account")
        moment.pass_time(29 * 60)
        page.clock.run_for(61_000)
        dialog = page.get_by_role("dialog", name="계속 쓰고 계십니까?")
        expect(dialog).to_be_visible()
        dialog.get_by_role("button", name="계속 사용").click()
        page.clock.run_for(1_000)
        expect(dialog).to_be_hidden()
        moment.pass_time(31 * 60)
        page.clock.run_for(29 * 60_000)
        page.wait_for_url("**/sign-in?next=%2Faccount")
        expect(page.get_by_text("30분 동안 쓰지 않아")).to_be_visible()
