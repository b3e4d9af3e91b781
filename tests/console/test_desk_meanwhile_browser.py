"""What happens at a desk while something else does: words that cross pieces on their way, other lines in other tabs."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect
from sqlalchemy import Engine

from console.office import SoftphoneAccount
from ivr.accounts.rows import Grant, Role
from tests.console.conftest import Served
from tests.console.serving import serving
from tests.console.talk_stage import Talking, talking
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = [pytest.mark.browser, ON_SQLITE]
# The page looks again every five seconds by itself; these tests are about what it is told.
WITHOUT_LOOKING = """
    for (const name of ["setTimeout", "setInterval"]) {
        const original = window[name];
        window[name] = (act, ms, ...rest) => (ms >= 4000 ? 0 : original(act, ms, ...rest));
    }
"""
OTHER_LINE = "dcgf"


@pytest.fixture
def stage(engine: Engine) -> Talking:
    """An agent in a talk, whose softphone is not in the page."""
    return talking(engine, softphones=SoftphoneAccount())


@pytest.fixture
def served(stage: Talking, chromium: Browser) -> Iterator[Served]:
    """The console of that agent behind a real server, and the browser."""
    with serving(stage.desk.console) as url:
        yield Served(url, chromium)


@contextmanager
def answered_late(page: Page, address: str) -> Iterator[list[Route]]:
    """What the server answers at once to requests of this address reaches the page when the block ends."""
    held: list[Route] = []
    answers: list[APIResponse] = []
    over: list[str] = []

    def hold(route: Route) -> None:
        if over:
            return route.continue_()
        answers.append(route.fetch())
        held.append(route)
        return None

    page.route(address, hold)
    yield held
    over.append("from now on nothing is held")
    for route, answer in zip(held, answers, strict=True):
        route.fulfill(response=answer)


def until(page: Page, true: Callable[[], bool]) -> None:
    """Let the browser go on until it holds."""
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end, "it did not happen within 20 s"
        page.wait_for_timeout(50)


def look_again(page: Page) -> None:
    """As if somebody came back to the tab."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_a_word_that_crosses_a_piece_on_its_way_is_not_lost(stage: Talking, served: Served) -> None:
    person = stage.desk.person
    with served.page(person) as page:
        page.add_init_script(WITHOUT_LOOKING)
        page.goto("/desk/")
        expect(page.locator("#act-leave")).to_be_visible()
        page.wait_for_timeout(500)
        page.evaluate("document.body.addEventListener('desk', () => { window.words = (window.words ?? 0) + 1 })")
        with answered_late(page, "**/desk/live*") as held:
            person.post("/desk/wish", {"reason": "lunch"})
            until(page, lambda: len(held) == 1)
            heard = page.evaluate("window.words")
            person.post("/desk/wish", {"reason": "meeting"})
            until(page, lambda: page.evaluate("window.words") > heard)
        expect(page.locator(".presence-acts")).to_contain_text("회의")


def test_a_piece_of_a_talk_that_comes_after_its_end_is_left(stage: Talking, served: Served) -> None:
    person = stage.desk.person
    with served.page(person) as page:
        page.goto("/desk/")
        memo = page.locator(f"#memo-text-{stage.subject}")
        expect(memo).to_be_visible()
        with answered_late(page, "**/talk/of/*/live*") as held:
            person.post(f"/talk/of/{stage.subject}/tick", {"part": "thanks", "said": "yes"})
            look_again(page)
            until(page, lambda: len(held) > 0)
            stage.ends()
            person.post("/desk/finish")
            expect(memo).to_have_count(0, timeout=20_000)
        # Whatever goes wrong in the page by now fails the test at its end.
        page.wait_for_timeout(500)


def test_a_line_that_was_changed_in_another_tab_takes_nothing_off_the_desk(stage: Talking, served: Served) -> None:
    person = stage.desk.person
    with stage.desk.world.store.transaction() as session:
        session.add(Grant(account_id=person.account_id, line=OTHER_LINE, role=Role.SUPERVISOR))
    # A context of its own: the browser itself writes every refusal into its console.
    context = served.browser.new_context(base_url=served.url, locale="ko-KR")
    context.add_cookies([{"name": "charterline", "value": person.cookie, "url": served.url}])
    page = context.new_page()
    page.goto("/desk/")
    memo = page.locator(f"#memo-text-{stage.subject}")
    memo.fill("기한 연장 문의")
    expect(page.locator(f"#memo-status-{stage.subject}")).to_contain_text("저장됨")
    person.post("/account/line", {"line": OTHER_LINE})
    look_again(page)
    expect(page.locator("#desk-trouble")).to_contain_text("다른 탭에서 회선을 바꾸셨습니다")
    look_again(page)
    page.wait_for_timeout(1_000)
    expect(page.locator("#live")).to_have_attribute("data-phase", "talking")
    expect(page.locator("#tick-thanks")).to_be_visible()
    expect(memo).to_have_value("기한 연장 문의")
    person.post("/account/line", {"line": "kibo"})
    look_again(page)
    expect(page.locator("#desk-trouble")).to_be_hidden()
    stage.ends()
    expect(page.locator("#live")).to_have_attribute("data-phase", "wrapping", timeout=20_000)
    context.close()
