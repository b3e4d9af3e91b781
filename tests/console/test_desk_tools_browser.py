"""Whole pieces of an agent's work by clicks alone: a caller passed on to who was searched for, a callback kept."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine, select

from carrier.persons import PersonPlan
from console.office import SoftphoneAccount
from ivr.agents.rows import AgentState
from ivr.callbacks.rows import Callback, CallbackState
from ivr.transfers.rows import Transfer, TransferState
from tests.console.conftest import Served
from tests.console.serving import serving
from tests.console.talk_stage import Talking, colleague, talking
from tests.people import CALLER, agent_phone, picks_up
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = [pytest.mark.browser, ON_SQLITE]


@pytest.fixture
def stage(engine: Engine) -> Talking:
    """An agent in a talk, whose telephone the test holds in its hand."""
    return talking(engine, softphones=SoftphoneAccount())


@pytest.fixture
def page(stage: Talking, chromium: Browser) -> Iterator[Page]:
    """That agent's desk, whose person says yes to every question."""
    with serving(stage.desk.console) as url, Served(url, chromium).page(stage.desk.person) as opened:
        opened.on("dialog", lambda dialog: dialog.accept())
        opened.goto("/desk/")
        expect(opened.locator(f"#memo-text-{stage.subject}")).to_be_visible()
        yield opened


def test_a_caller_is_passed_on_to_a_colleague_who_was_searched_for(stage: Talking, page: Page) -> None:
    world = stage.desk.world
    for number, duties in ((2, "보증료 환급"), (3, "기술평가")):
        colleague(stage.desk, number, duties=duties)
    world.carrier.network.handset(agent_phone(2)).plan = picks_up(2.0, linger=None)
    page.locator(f"#colleague-{stage.subject}").press_sequentially("환급")
    found = page.locator(".talk-colleague")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("이서연")
    found.get_by_role("button", name="먼저 상의").click()
    state = page.locator(f"#transfer-state-{stage.subject}")
    expect(state).to_contain_text("이서연 님의 전화가 울리고 있습니다")
    world.run_for(12)
    expect(state).to_contain_text("이서연 님과 상의하고 있습니다")
    expect(state.locator("q")).to_contain_text("이서연")
    state.get_by_role("button", name="연결 마치기").click()
    expect(state).not_to_contain_text("상의하고")
    world.run_for(25)
    expect(page.locator("#live")).to_have_attribute("data-phase", "wrapping")
    with world.store.reading() as session:
        (made,) = session.scalars(select(Transfer)).all()
    assert (made.state, made.outcome, made.to_agent) == (TransferState.OVER, "completed", "kibo-2")


def test_a_callback_is_promised_in_the_talk_and_kept_from_the_desk(stage: Talking, page: Page) -> None:
    desk, world = stage.desk, stage.desk.world
    page.click("#tab-callback")
    page.fill("#cb_name", "홍길동")
    page.fill("#cb_content", "서류가 준비되면")
    page.locator("#panel-callback").get_by_role("button").click()
    expect(page.locator(".talk-made")).to_contain_text("콜백")
    stage.ends()
    page.locator("#act-finish").click()
    expect(page.locator("#live")).to_have_attribute("data-phase", "ready")

    world.carrier.network.handset(CALLER).plan = PersonPlan(answer_after=2.0, press_on_answer="1", talk_seconds=20)
    mine = page.locator("#talk-mine-panel .talk-item", has_text="서류가 준비되면")
    mine.get_by_role("button").click()
    dialog = page.locator("#talk-dialog")
    expect(dialog).to_contain_text("홍길동")
    dialog.get_by_role("button", name="지금 걸기").click()
    expect(dialog).to_contain_text("내 전화가 먼저 울립니다")
    dialog.get_by_role("button", name="닫기").last.click()
    desk.until(desk.rings)
    expect(page.locator("#live")).to_have_attribute("data-phase", "ringing")
    desk.handset.answer()
    desk.until(lambda: callback_of(stage).state is CallbackState.REACHED)
    expect(page.locator("#live")).to_have_attribute("data-phase", "talking")
    expect(mine).to_have_count(0)
    desk.until(lambda: desk.agent.state is AgentState.WRAPPING)
    kept = callback_of(stage)
    assert kept.closed_at is not None
    assert kept.closed_at <= kept.due_at


def callback_of(stage: Talking) -> Callback:
    with stage.desk.world.store.reading() as session:
        return session.scalars(select(Callback)).one()
