"""The tools of a talk in a real browser: what is typed is never lost, whatever the desk draws anew."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from console.office import SoftphoneAccount
from ivr.agents.wrapping import WrapUp
from tests.console.conftest import Served
from tests.console.serving import serving
from tests.console.talk_stage import Talking, colleague, talking
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = [pytest.mark.browser, ON_SQLITE]


def at_the_desk(page: Page, stage: Talking) -> None:
    page.goto("/desk/")
    expect(page.locator(f"#memo-text-{stage.subject}")).to_be_visible()


def seen(page: Page, state: str) -> None:
    """Let the page believe that its tab is hidden, or seen again."""
    page.evaluate(
        """state => {
            Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def test_what_is_typed_survives_the_end_of_the_talk_and_a_reload(
    engine: Engine, chromium: Browser, accessible: Callable[[Page], None]
) -> None:
    stage = talking(engine, softphones=SoftphoneAccount())
    colleague(stage.desk, 2, duties="보증료 환급")
    with serving(stage.desk.console) as url, Served(url, chromium).page(stage.desk.person, height=720) as page:
        at_the_desk(page, stage)
        page.fill(f"#colleague-{stage.subject}", "환급")
        expect(page.locator(f"#colleagues-{stage.subject}")).to_contain_text("이서연")
        accessible(page)
        page.focus("#tab-transfer")
        page.keyboard.press("ArrowRight")
        page.fill("#cb_content", "서류가 준비되면")
        memo = page.locator(f"#memo-text-{stage.subject}")
        memo.fill("기한 연장 문의")
        expect(page.locator(f"#memo-status-{stage.subject}")).to_contain_text("저장됨")
        # A tab that goes to sleep sends its last words, and goes on with them.
        memo.press_sequentially(", 다시")
        seen(page, "hidden")
        stage.desk.until(lambda: (stage.wrap() or WrapUp()).memo == "기한 연장 문의, 다시")
        seen(page, "visible")
        expect(page.locator(f"#memo-status-{stage.subject} [name=version]")).to_have_value("2")
        memo.press_sequentially(" 전화")
        expect(page.locator(f"#memo-status-{stage.subject} [name=version]")).to_have_value("3")
        expect(page.locator(f"#memo-status-{stage.subject}")).to_contain_text("저장됨")
        stage.ends()
        finish = page.locator(f"#memo-acts-{stage.subject} button[value=finish]")
        expect(finish).to_be_visible(timeout=15_000)
        expect(memo).to_have_value("기한 연장 문의, 다시 전화")
        expect(page.locator("#cb_content")).to_have_value("서류가 준비되면")
        expect(memo).to_be_focused()
        page.wait_for_function("() => !document.querySelector('.htmx-request')")
        page.reload()
        expect(memo).to_have_value("기한 연장 문의, 다시 전화")
        page.select_option(f"#code-{stage.subject}", "answered")
        finish.click()
        expect(page.locator(f"#memo-text-{stage.subject}")).to_have_count(0)
    kept = stage.wrap()
    assert kept is not None
    assert (kept.memo, kept.code) == ("기한 연장 문의, 다시 전화", "answered")


def test_every_tool_can_be_used_and_heard_on_a_phone(
    engine: Engine, chromium: Browser, accessible: Callable[[Page], None]
) -> None:
    stage = talking(engine, softphones=SoftphoneAccount())
    with serving(stage.desk.console) as url, Served(url, chromium).page(stage.desk.person, width=390) as page:
        at_the_desk(page, stage)
        for tab in ("callback", "case", "text", "protect"):
            page.click(f"#tab-{tab}")
            accessible(page)
        page.click("#tab-text")
        page.select_option("#sms_choice", "receipt")
        page.fill("#sms_department", "")
        page.locator("#sms_department").press_sequentially("보증사업부")
        expect(page.locator(f"#text-preview-{stage.subject}")).to_contain_text("담당 보증사업부")
        page.get_by_role("button", name="문자 보내기").click()
        expect(page.get_by_text("문자를 보냈습니다.")).to_be_visible()
        page.click("#tab-case")
        page.fill("#case_content", "설명이 달랐습니다.")
        page.get_by_role("button", name="접수하기").click()
        expect(page.get_by_text("민원을 접수했습니다.")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.goto("/talk/")
        accessible(page)
