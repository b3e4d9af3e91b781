"""The wallboard: who may look, what it says in numbers and words, and what it does when the server is away."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask

from console.office import Office
from ivr.accounts.rows import Account, Role
from ivr.agents.rows import Agent, AgentState
from tests.console.conftest import Served
from tests.console.people import Person
from tests.http.board import MORNING, Moment, words
from tests.people import add_agents
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.agents.people import later, waits, wishes

Enter = Callable[..., Person]
KIBO = words()[1].by_id("kibo")


@ON_SQLITE
def test_agents_do_not_see_the_wall_and_those_who_lead_do(enter: Enter) -> None:
    assert enter(Role.AGENT).get("/wall/").status_code == 403
    for role in (Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR):
        assert enter(role).get("/wall/").status_code == 200


def test_the_wall_tells_its_own_line_in_numbers_and_words(enter: Enter, office: Office, moment: Moment) -> None:
    [first, *_] = add_agents(office.store, KIBO, MORNING, 3)
    with office.store.transaction() as session:
        session.get_one(Agent, first).state, session.get_one(Agent, first).reason = AgentState.AWAY, "<b>lunch</b>"
    waits(office.store, "c1", MORNING)
    wishes(office.store, "late", MORNING, due_at=later(MORNING, 5))
    moment.pass_time(31)
    shown = enter(Role.SUPERVISOR).get("/wall/now").get_data(as_text=True)
    assert "오래 기다리심" in shown
    assert "약속 시각 지남" in shown
    assert "세 번째 벨이 끝나기 전" in shown
    assert "&lt;b&gt;lunch&lt;/b&gt;" in shown
    assert "<b>lunch</b>" not in shown
    assert "promise=K4&amp;finding=missed" in shown
    elsewhere = enter(Role.SUPERVISOR, line="dcgf").get("/wall/now").get_data(as_text=True)
    assert "기다리는 분 없음" in elsewhere
    assert "곧 닥친 약속 없음" in elsewhere


@ON_SQLITE
def test_a_line_without_anything_has_a_calm_wall(enter: Enter) -> None:
    shown = enter(Role.SUPERVISOR, line="ksure").get("/wall/").get_data(as_text=True)
    assert "이 회선에 상담원이 없습니다" in shown
    assert "지금 거는 조사가 없습니다" in shown


@ON_SQLITE
def test_a_screen_shows_counts_alone_until_its_key_or_its_owner_is_over(
    enter: Enter, office: Office, console: Flask, moment: Moment
) -> None:
    add_agents(office.store, KIBO, MORNING, 1)
    waits(office.store, "c1", MORNING)
    assert enter(Role.AUDITOR).post("/wall/screens").status_code == 403
    owner = enter(Role.SUPERVISOR)
    address = urlsplit(owner.post("/wall/screens").get_data(as_text=True).split('value="')[1].split('"')[0]).path
    screen = console.test_client()
    shown = screen.get(address).get_data(as_text=True)
    assert "기술보증기금" in shown
    assert "기다리는 분 있음" in shown
    assert "김민수" not in shown
    assert "/calls/" not in shown
    assert f"{address}/now" in shown
    assert screen.get(f"{address}/now").status_code == 200
    assert screen.get(address.replace("kibo.", "dcgf.")).status_code == 404
    assert screen.get(address[:-1] + ("A" if address[-1] != "A" else "B")).status_code == 404
    assert screen.get("/wall/screens/x").status_code == 404
    moment.pass_time(91 * 24 * 3600)
    assert screen.get(address).status_code == 404
    moment.pass_time(-91 * 24 * 3600)
    with office.store.transaction() as session:
        session.get_one(Account, owner.account_id).disabled_at = MORNING
    assert screen.get(address).status_code == 404


@pytest.mark.browser
@ON_SQLITE
def test_the_wall_fits_the_screen_and_keeps_its_picture_when_the_server_is_away(
    enter: Enter, office: Office, served: Served, accessible: Callable[[object], None]
) -> None:
    add_agents(office.store, KIBO, MORNING, 3)
    waits(office.store, "c1", MORNING)
    with served.page(enter(Role.SUPERVISOR), width=1280, height=720) as page:
        page.goto("/wall/")
        lowest = page.locator(".wall-tiles").bounding_box()
        assert lowest is not None
        assert lowest["y"] + lowest["height"] <= 720
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        accessible(page)
        page.click("#wall-dark")
        accessible(page)
        # What htmx tells a page when nothing answers; a real failure would also stand in the browser's own log.
        piece = "{ detail: { elt: document.querySelector('#wall-now') } }"
        page.evaluate(f"document.dispatchEvent(new CustomEvent('htmx:sendError', {piece}))")
        assert page.locator("#wall-lost").is_visible()
        assert "10:00:00" in page.locator("#wall-lost").inner_text()
        assert page.locator("#wall-waiting + .wall-value").inner_text() == "1"
        page.evaluate("htmx.ajax('GET', '/wall/now', {target: '#wall-now', swap: 'outerHTML'})")
        page.locator("#wall-lost").wait_for(state="hidden")
    with served.page(enter(Role.AUDITOR), width=390) as page:
        page.goto("/wall/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
