"""Signing in: by password and a second factor, locked after failures, told calmly; people of the demo by one click."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, select

from commands.demo import add_officers, agent_row, read_demo
from console.app import create_app
from console.office import Office
from console.sign_in.entering import is_own
from ivr.accounts.keeping import Hand, disable, set_password
from ivr.accounts.passwords import Passwords
from ivr.accounts.rows import Account, ConsoleSession, Role, SessionEnd
from ivr.accounts.second_factor import confirm_factor, new_secret
from ivr.agents.rows import Agent, AgentState
from tests.console.people import Person, office_over
from tests.console.strangers import PASSWORD, known, stranger
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE

Enter = Callable[..., Person]


def test_name_and_password_lead_to_the_page_that_was_asked_for(console: Flask, office: Office) -> None:
    known(office)
    browser = stranger(console)
    asked = browser.get("/account")
    assert asked.location == "/sign-in?next=/account"
    entered = browser.sign_in(" HanJiWon ", next="/account")
    assert (entered.status_code, entered.location) == (303, "/account")
    assert "한지원" in browser.get("/account").text
    with office.store.reading() as session:
        begun = session.scalars(select(ConsoleSession)).one()
    assert (begun.address, begun.line) == ("10.0.0.1", "kibo")
    assert browser.get("/sign-in").location == "/"


@ON_SQLITE
@pytest.mark.parametrize(("name", "password"), [("hanjiwon", "wrong"), ("nobody", PASSWORD), ("hanjiwon", "")])
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    console: Flask, office: Office, name: str, password: str
) -> None:
    known(office)
    refused = stranger(console).sign_in(name, password)
    assert refused.status_code == 422
    assert ("맞지 않습니다" in refused.text) is bool(password)
    assert 'value="' + password + '"' not in refused.text or not password


@ON_SQLITE
def test_five_failures_lock_and_the_time_is_told_until_an_administrator_unlocks(
    console: Flask, office: Office, moment: Moment, enter: Enter
) -> None:
    known(office)
    browser = stranger(console)
    assert [browser.sign_in("hanjiwon", "wrong").status_code for _ in range(6)] == [422] * 5 + [429]
    refused = browser.sign_in("hanjiwon")
    assert refused.status_code == 429
    assert "10:15" in refused.text
    keeper = enter(Role.ADMINISTRATOR, name="운영자")
    assert keeper.post("/accounts/of/hanjiwon/act", {"act": "unlock"}).status_code == 303
    assert browser.sign_in("hanjiwon").status_code == 303
    moment.pass_time(3600)
    assert stranger(console, "10.0.0.9").sign_in("hanjiwon").status_code == 303


@ON_SQLITE
def test_a_disabled_account_and_one_without_a_role_come_not_in(console: Flask, office: Office, moment: Moment) -> None:
    for id in ("hanjiwon", "another"):
        known(office, id)
    with office.store.transaction() as session:
        disable(session, session.get_one(Account, "hanjiwon"), Hand("command", moment()))
        another = session.get_one(Account, "another")
        another.grants.clear()
    assert stranger(console).sign_in("hanjiwon").status_code == 422
    without = stranger(console).sign_in("another")
    assert without.status_code == 403
    assert "맡은 회선이 없습니다" in without.text


def test_the_second_factor_is_asked_for_and_opens_nothing_before(
    console: Flask, office: Office, moment: Moment
) -> None:
    known(office)
    with office.store.transaction() as session:
        account = session.get_one(Account, "hanjiwon")
        secret = account.next_factor = new_secret()
        codes = confirm_factor(session, account, pyotp.TOTP(secret).at(moment()), at=moment())
    moment.pass_time(60)
    browser = stranger(console)
    browser.sign_in("hanjiwon")
    first = browser.client.get_cookie("charterline")
    assert browser.get("/account").location == "/sign-in/second"
    assert browser.get("/wall/", **{"HX-Request": "true"}).headers["HX-Redirect"] == "/sign-in/second"
    wrong = browser.post("/sign-in/second", {"code": "000000"}, seen="/sign-in/second")
    assert wrong.status_code == 422
    code = pyotp.TOTP(secret).at(moment())
    assert browser.post("/sign-in/second", {"code": code}, seen="/sign-in/second").status_code == 303
    assert browser.get("/account").status_code == 200
    assert browser.client.get_cookie("charterline") != first
    other = stranger(console)
    other.sign_in("hanjiwon")
    assert other.post("/sign-in/second", {"code": code}, seen="/sign-in/second").status_code == 422
    assert other.post("/sign-in/second", {"code": codes[3]}, seen="/sign-in/second").status_code == 303


@ON_SQLITE
def test_guessing_the_second_factor_locks_as_guessing_the_password_does(
    console: Flask, office: Office, moment: Moment
) -> None:
    known(office)
    with office.store.transaction() as session:
        session.get_one(Account, "hanjiwon").second_factor = new_secret()
    browser = stranger(console)
    browser.sign_in("hanjiwon")
    told = [browser.post("/sign-in/second", {"code": "000000"}, seen="/sign-in/second").status_code for _ in range(6)]
    assert told == [422] * 5 + [429]
    assert stranger(console, "10.0.0.2").sign_in("hanjiwon").status_code == 429


@ON_SQLITE
@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/\x09/evil"]
)
def test_nobody_is_sent_to_another_site(console: Flask, office: Office, address: str) -> None:
    known(office)
    assert not is_own(address)
    assert stranger(console).sign_in("hanjiwon", next=address).location == "/"


@ON_SQLITE
def test_the_secret_in_the_cookie_is_new_at_every_sign_in_and_kept_nowhere(console: Flask, office: Office) -> None:
    known(office)
    browser = stranger(console)
    browser.get("/sign-in")
    secrets = []
    for _ in range(2):
        browser.sign_in("hanjiwon")
        with browser.client.session_transaction() as cookie:
            secrets.append(cookie["entry"])
        browser.post("/sign-in/out", {}, seen="/account")
    assert len(set(secrets)) == 2
    with office.store.reading() as session:
        assert not set(secrets) & set(session.scalars(select(ConsoleSession.id)))


@ON_SQLITE
def test_a_forged_or_missing_token_changes_nothing(console: Flask, office: Office) -> None:
    known(office)
    for form in ({}, {"csrf": "forged"}):
        assert console.test_client().post("/sign-in", data={"name": "hanjiwon", **form}).status_code == 400
    with office.store.reading() as session:
        assert session.get_one(Account, "hanjiwon").failures == 0


def test_an_agent_who_signs_out_takes_no_more_calls_and_one_in_a_talk_finishes_it(
    enter: Enter, office: Office, moment: Moment
) -> None:
    demo = read_demo()
    with office.store.transaction() as session:
        session.add_all(agent_row(one, office.lines.by_id(one.line), moment()) for one in demo.agents)
        session.flush()
        add_officers(session, demo.agents, [])
        for id in ("kibo-2", "kibo-3"):
            session.get_one(Agent, id).state = AgentState.TALKING
    ready = enter(Role.AGENT, name="김민수", officer="kibo-1")
    talking = enter(Role.AGENT, name="이서연", officer="kibo-2")
    assert ready.post("/sign-in/out").location == "/sign-in"
    assert "로그아웃했습니다" in ready.get("/sign-in").text
    assert talking.post("/sign-in/out").location == "/sign-in"
    assert "끊기지 않고" in talking.get("/sign-in").text
    bound = enter(Role.AGENT, name="박지훈", officer="kibo-3")
    assert bound.post("/sign-in/out").location == "/"
    assert "통화를 마치신 뒤에" in bound.get("/account").text
    with office.store.reading() as session:
        gone, stays = session.get_one(Agent, "kibo-1"), session.get_one(Agent, "kibo-2")
        assert (gone.state, gone.reason) == (AgentState.AWAY, "signed-out")
        assert stays.state is AgentState.TALKING
        assert set(session.scalars(select(ConsoleSession.ended_by))) == {SessionEnd.SIGNED_OUT, None}


@ON_SQLITE
def test_why_a_session_is_over_is_told_at_the_sign_in(enter: Enter, office: Office, moment: Moment) -> None:
    idle, forced = enter(Role.SUPERVISOR, name="가"), enter(Role.SUPERVISOR, name="나")
    with office.store.transaction() as session:
        set_password(session, session.get_one(Account, forced.account_id), "x", hand=Hand("admin", moment()))
    assert "운영자가 접속을 끝냈습니다" in forced.get("/sign-in").text
    moment.pass_time(31 * 60)
    assert "30분 동안" in idle.get("/sign-in").text


@ON_SQLITE
def test_a_hash_of_a_lower_cost_is_made_anew_at_the_sign_in(engine: Engine, moment: Moment) -> None:
    cheap = office_over(engine, moment)
    known(cheap)
    office = replace(cheap, passwords=Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)))
    assert stranger(create_app(office)).sign_in("hanjiwon").status_code == 303
    with office.store.reading() as session:
        kept = session.get_one(Account, "hanjiwon").password or ""
    assert not office.passwords.is_outdated(kept)
    assert office.passwords.fits(kept, PASSWORD)


@ON_SQLITE
def test_behind_a_proxy_the_address_is_the_one_that_it_names_and_else_nobody_is_believed(
    engine: Engine, moment: Moment
) -> None:
    office = office_over(engine, moment, console_url="https://console.example")
    known(office)
    told = {"X-Forwarded-For": "6.6.6.6, 10.0.0.7", "Referer": "https://console.example/sign-in"}
    here = {"base_url": "https://console.example", "headers": told, "environ_base": {"REMOTE_ADDR": "127.0.0.1"}}
    for proxies, address in ((0, "127.0.0.1"), (1, "10.0.0.7")):
        client = create_app(replace(office, proxies=proxies)).test_client()
        shown = client.get("/sign-in", **here)
        assert "Secure" in shown.headers["Set-Cookie"]
        assert "Strict-Transport-Security" in shown.headers
        token = shown.text.split('<meta name="csrf" content="')[1].split('"')[0]
        form = {"csrf": token, "name": "hanjiwon", "password": PASSWORD}
        assert client.post("/sign-in", data=form, **here).status_code == 303
        with office.store.reading() as session:
            newest = select(ConsoleSession.address).order_by(ConsoleSession.made_at.desc())
            assert session.scalars(newest).first() == address
        moment.pass_time(60)


@pytest.fixture
def demo(engine: Engine, moment: Moment) -> Office:
    """The office of the demo, with one of its accounts and one that an operator made."""
    office = office_over(engine, moment, is_demo=True)
    known(office, "kibo-lead", by="demo")
    known(office, "realperson")
    return office


@ON_SQLITE
def test_people_of_the_demo_are_entered_by_one_click_on_this_machine(demo: Office) -> None:
    browser = stranger(create_app(demo), "127.0.0.1")
    shown = browser.get("/sign-in?line=kibo", Host="127.0.0.1:8081").text
    assert 'value="kibo-lead"' in shown
    assert "realperson" not in shown
    assert browser.post("/sign-in/as", {"account": "kibo-lead", "line": "kibo"}).location == "/"
    assert "다른 사람으로 들어가기" in browser.get("/account").text
    known(demo, "kibo-audit", role=Role.AUDITOR, by="demo")
    changing = "/sign-in?line=kibo"
    assert browser.post("/sign-in/as", {"account": "kibo-audit"}, seen=changing).location == "/"
    assert "감사자" in browser.get("/account").text
    with demo.store.reading() as session:
        ended = session.scalars(select(ConsoleSession.ended_by).order_by(ConsoleSession.account_id)).all()
    assert ended == [None, SessionEnd.SIGNED_OUT]


@ON_SQLITE
@pytest.mark.parametrize(
    ("address", "host", "account"),
    [
        ("10.0.0.1", "localhost", "kibo-lead"),
        ("127.0.0.1", "evil.example", "kibo-lead"),
        ("127.0.0.1", "localhost", "realperson"),
        ("127.0.0.1", "localhost", "nobody"),
    ],
)
def test_from_elsewhere_or_as_somebody_real_nobody_is_entered(
    demo: Office, address: str, host: str, account: str
) -> None:
    browser = stranger(create_app(demo), address)
    shown = browser.get("/sign-in", Host=host).text
    token = shown.split('<meta name="csrf" content="')[1].split('"')[0]
    form = {"csrf": token, "account": account}
    entered = browser.client.post(
        "/sign-in/as", data=form, headers={"Host": host}, environ_base={"REMOTE_ADDR": address}
    )
    assert entered.status_code == 403
    with demo.store.reading() as session:
        assert session.query(ConsoleSession).count() == 0


@ON_SQLITE
def test_outside_of_the_demo_there_is_no_entry_without_a_password(console: Flask, office: Office) -> None:
    known(office, "kibo-lead", by="demo")
    refused = stranger(console, "127.0.0.1").post("/sign-in/as", {"account": "kibo-lead"})
    assert refused.status_code == 403


@ON_SQLITE
def test_the_sign_in_speaks_english_and_in_strong_contrast_to_strangers(console: Flask) -> None:
    browser = stranger(console)
    assert browser.post("/account/language", {"language": "en", "back": "/sign-in"}).location == "/sign-in"
    assert browser.post("/account/theme", {"theme": "contrast", "back": "/sign-in"}).location == "/sign-in"
    shown = browser.get("/sign-in").text
    assert "Sign in to the console" in shown
    assert 'data-theme="contrast"' in shown
    assert browser.post("/account/language", {"language": "ko", "back": "/sign-in/as"}).location == "/"
    assert browser.post("/account/theme", {"theme": "loud"}).status_code == 400


@ON_SQLITE
def test_a_stranger_sends_no_large_files(console: Flask) -> None:
    sent: dict[str, Any] = {
        "data": bytes(5_000_000),
        "content_type": "multipart/form-data; boundary=part",
    }  # Any: as the client takes it
    assert console.test_client().post("/sign-in", **sent).status_code == 413


@ON_SQLITE
@pytest.mark.parametrize(
    ("address", "name"),
    [("https://console.example", "charterline"), ("http://127.0.0.1:8081", "charterline-8081")],
)
def test_cookies_are_for_this_site_alone(engine: Engine, moment: Moment, address: str, name: str) -> None:
    office = office_over(engine, moment, console_url=address)
    somebody = stranger(create_app(office))
    answers = [
        somebody.post("/account/language", {"language": "en", "back": "/sign-in"}),
        somebody.sign_in(known(office)),
    ]
    cookies = [cookie for answer in answers for cookie in answer.headers.getlist("Set-Cookie")]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"language", name}
    for cookie in cookies:
        assert "; HttpOnly" in cookie
        assert "; SameSite=Lax" in cookie
        assert ("; Secure" in cookie) == address.startswith("https")
    strict = {"Strict-Transport-Security" in answer.headers for answer in answers}
    assert strict == {address.startswith("https")}
