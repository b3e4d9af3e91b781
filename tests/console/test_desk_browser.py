"""An agent before a real browser: the ring counter, a reload in mid-call, keys, two tabs, a lost network."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import Engine

from console.office import SoftphoneAccount
from ivr.agents.rows import AgentState
from ivr.calls.rings import ARRIVAL_UNCERTAINTY_MS
from tests.console.conftest import Served
from tests.console.desk_stage import Desk, desk_over
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = [pytest.mark.browser, ON_SQLITE]
# As many as browsers open to one address without HTTP/2.
CONNECTIONS = 6
READ_COUNTER = "() => Number(document.querySelector('.counter').dataset.milliseconds)"
FITS = "() => document.querySelector('#live .ring-acts').getBoundingClientRect().bottom <= innerHeight"


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A ready agent whose softphone is not in the page: the test holds it in its hand."""
    return desk_over(engine, softphones=SoftphoneAccount())


@pytest.fixture
def console(desk: Desk) -> Flask:
    """The console that is served."""
    return desk.console


def test_the_counter_runs_with_the_stored_ring_and_says_when_it_is_late(
    desk: Desk, served: Served, accessible: Callable[[Page], None]
) -> None:
    made = desk.is_called()
    desk.clock.begin()
    rung = next(fact for fact in desk.facts(made) if fact.kind == "leg-ringing")
    with served.page(desk.person, height=720) as page:
        page.goto("/desk/")
        expect(page).to_have_title("☎ 전화가 왔습니다")
        assert page.evaluate(FITS)
        desk.live_on(page, lambda: (desk.clock() - rung.received_at).total_seconds() > 3.3)
        expect(page.locator("[data-counter-now]")).to_have_text("2번째 벨")
        stored = (desk.clock() - rung.received_at).total_seconds() * 1000
        assert abs(page.evaluate(READ_COUNTER) - stored) < ARRIVAL_UNCERTAINTY_MS + 200
        expect(page.locator("[data-late-words]")).to_be_hidden()
        desk.live_on(page, lambda: (desk.clock() - rung.received_at).total_seconds() > 7.2)
        expect(page.locator("[data-counter-now]")).to_have_text("기준을 넘겼습니다")
        expect(page.locator("[data-late-words]")).to_be_visible()
        desk.handset.answer()
        desk.live_on(page, lambda: 'data-phase="talking"' in desk.live())
        expect(page.locator("#live")).to_contain_text("벨 7.")
        expect(page.locator("#live")).to_contain_text("기준 넘김")
        expect(page).to_have_title("상담 데스크 · Charterline")
        accessible(page)


def test_a_reload_in_the_middle_of_a_call_brings_everything_back(desk: Desk, served: Served) -> None:
    desk.is_called()
    with served.page(desk.person) as page:
        page.goto("/desk/")
        desk.handset.answer()
        desk.live_on(page, lambda: 'data-phase="talking"' in desk.live())
        expect(page.locator("#live")).to_have_attribute("data-phase", "talking")
        page.keyboard.press("Alt+h")
        desk.live_on(page, lambda: "보류 중" in desk.live())
        page.reload()
        expect(page.locator("#live h2")).to_have_text("보류 중")
        expect(page.locator("#act-hold")).to_have_text("보류 풀기")
        page.keyboard.press("Alt+h")
        expect(page.locator("#live h2")).to_have_text("보류 중")
        desk.live_on(page, lambda: "보류 풀기" not in desk.live())
        page.on("dialog", lambda dialog: dialog.accept())
        page.locator("#act-end").click()
        desk.live_on(page, lambda: desk.agent.state is AgentState.WRAPPING)
        expect(page.locator("#live h2")).to_have_text("후처리")
        page.locator("#act-finish").click()
        expect(page.locator("#live")).to_have_attribute("data-phase", "ready")


def test_two_tabs_show_the_same_and_one_button_does_it_once(
    desk: Desk, served: Served, accessible: Callable[[Page], None]
) -> None:
    with served.page(desk.person) as one, served.page(desk.person, width=390) as other:
        for page in (one, other):
            page.goto("/desk/")
            expect(page.locator("#live")).to_have_attribute("data-phase", "ready")
            accessible(page)
            assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        one.locator("#leave-reason").select_option("lunch")
        one.locator("#act-leave").dblclick()
        for page in (one, other):
            expect(page.locator(".presence-state")).to_contain_text("식사")
        other.keyboard.press("Alt+s")
        expect(one.locator("#live")).to_have_attribute("data-phase", "ready")


def test_a_lost_network_is_told_and_everything_is_there_again_afterwards(desk: Desk, served: Served) -> None:
    context = served.browser.new_context(base_url=served.url)
    context.add_cookies([{"name": "charterline", "value": desk.person.cookie, "url": served.url}])
    page = context.new_page()
    page.goto("/desk/")
    expect(page.locator("#live")).to_have_attribute("data-phase", "ready")
    page.wait_for_timeout(500)
    context.set_offline(True)
    # What is open already is not cut by that: a page that looks again finds out.
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    desk.post("leave", reason="meeting")
    expect(page.locator("#desk-trouble")).to_be_visible(timeout=10_000)
    context.set_offline(False)
    expect(page.locator(".presence-state")).to_contain_text("회의", timeout=10_000)
    expect(page.locator("#desk-trouble")).to_be_hidden(timeout=10_000)
    context.close()


def test_with_as_many_tabs_as_a_browser_has_connections_the_buttons_still_work(desk: Desk, served: Served) -> None:
    context = served.browser.new_context(base_url=served.url)
    context.add_cookies([{"name": "charterline", "value": desk.person.cookie, "url": served.url}])
    pages = [context.new_page() for _ in range(CONNECTIONS)]
    for page in pages:
        page.goto("/desk/", wait_until="commit", timeout=20_000)
        page.wait_for_timeout(500)
    pages[0].locator("#act-leave").click()
    expect(pages[0].locator("#live")).to_have_attribute("data-phase", "away", timeout=8_000)
    context.close()
