"""Accounts kept by administrators of their own lines: made, given roles, locked out, and never a way to other lines."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from console.office import Office
from ivr.accounts.keeping import Hand, grant
from ivr.accounts.rows import Account, AccountChange, AccountEntry, Role
from ivr.directory.rows import Officer
from tests.console.conftest import Served
from tests.console.people import Person, add_account
from tests.console.strangers import known, stranger
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE

Enter = Callable[..., Person]
NEW = {"id": "parkminji", "name": "박민지", "role": "agent", "by": "password"}


def test_a_new_account_signs_in_with_the_password_that_was_shown_once(
    enter: Enter, console: Flask, office: Office
) -> None:
    keeper = enter(Role.ADMINISTRATOR)
    made = keeper.post("/accounts/new", NEW)
    shown = re.findall(r'<code class="secret">(.+?)</code>', made.text)
    assert made.status_code == 200
    assert len(shown) == 1
    assert shown[0] not in keeper.get("/accounts/of/parkminji").text
    browser = stranger(console)
    assert browser.sign_in("parkminji", shown[0]).status_code == 303
    assert browser.get("/account").location == "/account/password"
    with office.store.reading() as session:
        entries = select(AccountEntry.change).where(AccountEntry.done_by == keeper.account_id)
        assert session.scalars(entries).all() == [AccountChange.MADE, AccountChange.GRANTED]


@ON_SQLITE
def test_a_second_click_and_a_bad_name_make_nothing(enter: Enter, office: Office) -> None:
    keeper = enter(Role.ADMINISTRATOR)
    keeper.post("/accounts/new", NEW)
    again = keeper.post("/accounts/new", NEW)
    assert again.status_code == 422
    assert "이미 쓰고 있는" in again.text
    for wrong in ({"id": "a b"}, {"id": "ㄱ"}, {"id": "x"}, {"name": ""}, {"role": "king"}, {"id": "<b>"}):
        assert keeper.post("/accounts/new", {**NEW, **wrong}).status_code == 422
    assert keeper.post("/accounts/new", {**NEW, "id": "q2", "officer": "nobody"}).status_code == 404
    with office.store.reading() as session:
        assert session.query(Account).count() == 2


def test_roles_are_given_and_taken_and_the_last_administrator_stays(enter: Enter, office: Office) -> None:
    keeper = enter(Role.ADMINISTRATOR)
    keeper.post("/accounts/new", NEW)
    role = {"line": "kibo", "role": "supervisor"}
    for _ in range(2):
        assert keeper.post("/accounts/of/parkminji/roles", role).status_code == 303
    page = keeper.get("/accounts/of/parkminji").text
    assert page.count("권한을 줌") == 2
    keeper.post("/accounts/of/parkminji/roles/end", role)
    own = {"line": "kibo", "role": "administrator"}
    keeper.post(f"/accounts/of/{keeper.account_id}/roles/end", own)
    assert "마지막 운영자" in keeper.get("/accounts").text
    with office.store.reading() as session:
        assert [one.role for one in session.get_one(Account, "parkminji").grants] == [Role.AGENT]
        assert [one.role for one in session.get_one(Account, keeper.account_id).grants] == [Role.ADMINISTRATOR]
    gone = keeper.post("/accounts/of/parkminji/roles/end", {"line": "kibo", "role": "agent"})
    assert gone.location == "/accounts"


@ON_SQLITE
def test_who_keeps_one_line_gets_at_nothing_on_another(enter: Enter, office: Office, moment: Moment) -> None:
    keeper = enter(Role.ADMINISTRATOR)
    with office.store.transaction() as session:
        elsewhere = add_account(session, Role.ADMINISTRATOR, name="다른 곳", line="dcgf", at=moment()).id
        both = add_account(session, Role.ADMINISTRATOR, name="두 곳", line="dcgf", at=moment())
        grant(session, both, ("kibo", Role.AGENT), hand=Hand("command", moment()))
    assert keeper.get(f"/accounts/of/{elsewhere}").status_code == 404
    assert keeper.post(f"/accounts/of/{elsewhere}/password").status_code == 404
    assert keeper.post(f"/accounts/of/{elsewhere}/roles", {"line": "kibo", "role": "agent"}).status_code == 404
    assert elsewhere not in keeper.get("/accounts").text
    shown = keeper.get(f"/accounts/of/{both.id}").text
    assert "다른 회선의 권한도" in shown
    assert "대전신용보증재단" not in shown.split('id="history"')[0]
    assert keeper.post(f"/accounts/of/{both.id}/password").status_code == 403
    for act in ("disable", "factor", "end", "unlock"):
        assert keeper.post(f"/accounts/of/{both.id}/act", {"act": act}).status_code == 403
    assert keeper.post(f"/accounts/of/{both.id}/roles", {"line": "dcgf", "role": "agent"}).status_code == 404


def test_what_an_account_was_given_on_another_line_is_not_shown(enter: Enter, office: Office, moment: Moment) -> None:
    hand = Hand("kotra-keeper", moment())
    with office.store.transaction() as session:
        account = add_account(session, Role.AGENT, name="박민지", at=moment())
        grant(session, account, ("kibo", Role.AUDITOR), hand=Hand("kibo-keeper", moment()))
        grant(session, account, ("kotra", Role.SUPERVISOR), hand=hand)
        id = account.id
    page = enter(Role.ADMINISTRATOR).get(f"/accounts/of/{id}").text
    assert "kibo-keeper" in page
    assert "kotra-keeper" not in page
    assert office.lines.by_id("kotra").institution not in page


def test_an_account_is_disabled_with_its_sessions_and_enabled_again(
    enter: Enter, console: Flask, office: Office
) -> None:
    known(office)
    browser, keeper = stranger(console), enter(Role.ADMINISTRATOR, name="운영자")
    browser.sign_in("hanjiwon")
    for _ in range(2):
        assert keeper.post("/accounts/of/hanjiwon/act", {"act": "disable"}).status_code == 303
    assert "/sign-in" in browser.get("/account").location
    assert browser.sign_in("hanjiwon").status_code == 422
    keeper.post("/accounts/of/hanjiwon/act", {"act": "enable"})
    assert browser.sign_in("hanjiwon").status_code == 303
    keeper.post("/accounts/of/hanjiwon/act", {"act": "end"})
    assert "운영자가 접속을 끝냈습니다" in browser.get("/sign-in").text
    assert keeper.post(f"/accounts/of/{keeper.account_id}/act", {"act": "disable"}).status_code == 400
    assert keeper.post("/accounts/of/hanjiwon/act", {"act": "melt"}).status_code == 400


@ON_SQLITE
def test_a_person_of_the_directory_belongs_to_one_account(enter: Enter, office: Office) -> None:
    keeper = enter(Role.ADMINISTRATOR)
    for id in ("first-one", "second-one"):
        keeper.post("/accounts/new", {**NEW, "id": id})
    with office.store.transaction() as session:
        session.add(Officer(id="kibo-9", line="kibo", name="박민지", department="고객센터", title="상담사"))
        session.add(Officer(id="dcgf-9", line="dcgf", name="박민지", department="고객센터", title="상담사"))
    assert keeper.post("/accounts/of/first-one/officer", {"officer": "kibo-9"}).status_code == 303
    assert keeper.post("/accounts/of/second-one/officer", {"officer": "dcgf-9"}).status_code == 404
    keeper.post("/accounts/of/second-one/officer", {"officer": "kibo-9"})
    assert "이미 다른 계정과" in keeper.get("/accounts").text
    assert keeper.post("/accounts/of/first-one/officer", {"officer": ""}).status_code == 303
    with office.store.reading() as session:
        assert set(session.scalars(select(Account.officer_id))) == {None}


@ON_SQLITE
@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.AUDITOR])
def test_nobody_else_keeps_accounts(enter: Enter, role: Role) -> None:
    person = enter(role)
    assert person.get("/accounts").status_code == 403
    assert person.post("/accounts/new", NEW).status_code == 403
    crown = {"line": "kibo", "role": "administrator"}
    assert person.post(f"/accounts/of/{person.account_id}/roles", crown).status_code == 403


@ON_SQLITE
def test_long_lists_are_cut_and_names_with_markup_are_text(enter: Enter, office: Office, moment: Moment) -> None:
    keeper = enter(Role.ADMINISTRATOR)
    with office.store.transaction() as session:
        for place in range(120):
            add_account(session, Role.AGENT, name=f"상담원 {place:03}", at=moment())
        add_account(session, Role.AGENT, name="<b>굵은</b> 100%", at=moment())
    page, seen = keeper.get("/accounts").text, set[str]()
    for _ in range(10):
        seen |= set(re.findall(r"agent-kibo-상담원 \d{3}", page))
        onward = re.search(r'href="([^"]+)" rel="next"', page)
        if onward is None:
            break
        page = keeper.get(onward[1].replace("&amp;", "&")).text
    assert len(seen) == 120
    found = keeper.get("/accounts?q=100%25").text
    assert "&lt;b&gt;굵은&lt;/b&gt; 100%" in found
    assert "상담원 0" not in found
    assert "찾는 이름의 계정이 없습니다" in keeper.get("/accounts?q=%25%25").text
    assert keeper.get("/accounts?after=forged").status_code == 404


@pytest.mark.browser
@ON_SQLITE
def test_an_administrator_makes_an_account_and_locks_it_out(
    served: Served, enter: Enter, accessible: Callable[[Page], None]
) -> None:
    with served.page(enter(Role.ADMINISTRATOR)) as page:
        page.goto("/accounts")
        accessible(page)
        page.get_by_role("link", name="계정 만들기").click()
        accessible(page)
        page.get_by_role("textbox", name="로그인 이름").fill("parkminji")
        page.get_by_role("textbox", name="이름 필수", exact=True).fill("박민지")
        page.get_by_role("button", name="만들기").click()
        expect(page.locator("code.secret")).to_have_text(re.compile(r"[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}"))
        page.get_by_role("link", name="계정 보기").click()
        accessible(page)
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="사용 중지").click()
        expect(page.get_by_text("계정을 쓰지 못하게 했습니다.")).to_be_visible()
        expect(page.get_by_role("button", name="다시 사용")).to_be_visible()
