"""The phone in the browser, driven by Chromium against the real carrier process."""

import queue
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, request
from playwright.sync_api import Browser, Locator, Page, Playwright, expect

from carrier.recordings import tone
from tests.carrier.exchange import ACCOUNT, TOKEN, add_line, running_carrier, serving, twiml

HOTLINE, MUSIC = "+827010009901", "+827010009902"
HOTLINE_SHOWN = "070-1000-9901"
HOTLINE_NAME = "시험 전화"
AGENT = "+821020009901"
MENU = "안녕하십니까. 시험 전화입니다. 상담은 1번을 눌러 주십시오."
CONNECTING = "상담원에게 연결합니다."

pytestmark = pytest.mark.browser


@dataclass
class Hotline:
    """A hotline of one key: its webhooks' address and the texts that reached it."""

    url: str
    texts: "queue.Queue[str]" = field(default_factory=queue.Queue)


def hotline_app(texts: "queue.Queue[str]") -> Flask:
    app = Flask(__name__)

    @app.post("/voice")
    def menu() -> Response:
        say = f'<Say language="ko-KR">{MENU}</Say>'
        return twiml(f'<Gather numDigits="1" timeout="20" action="/pressed">{say}</Gather><Hangup/>')

    @app.post("/pressed")
    def connect() -> Response:
        say = f'<Say language="ko-KR">{CONNECTING}</Say>'
        return twiml(f'{say}<Dial timeout="25"><Number>{AGENT}</Number></Dial><Hangup/>')

    @app.post("/music")
    def music() -> Response:
        return twiml("<Play>/music.wav</Play><Record maxLength='1' playBeep='false' action='/back'/>")

    @app.post("/back")
    def back() -> Response:
        return twiml(f"<Play>{request.form['RecordingUrl']}</Play><Hangup/>")

    @app.get("/music.wav")
    def sound() -> Response:
        return Response(tone(1, 1), mimetype="audio/wav")

    @app.post("/text")
    def text() -> Response:
        texts.put(request.form["Body"])
        return twiml("")

    return app


@pytest.fixture(scope="module")
def hotline() -> Iterator[Hotline]:
    texts: queue.Queue[str] = queue.Queue()
    with serving(hotline_app(texts)) as url:
        yield Hotline(url, texts)


@pytest.fixture(scope="module")
def carrier(hotline: Hotline, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a carrier process of its own that knows the hotline."""
    with running_carrier(tmp_path_factory.mktemp("carrier")) as url:
        add_line(url, HOTLINE, FriendlyName=HOTLINE_NAME, VoiceUrl=f"{hotline.url}/voice", SmsUrl=f"{hotline.url}/text")
        add_line(url, MUSIC, VoiceUrl=f"{hotline.url}/music")
        directory = {"lines": [{"name": HOTLINE_NAME, "number": HOTLINE}]}
        httpx.post(f"{url}/admin/directory", json=directory).raise_for_status()
        yield url


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    with playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"]) as chromium:
        yield chromium


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="ko-KR")
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def open_phones(page: Page, carrier: str, caller: str) -> tuple[Locator, Locator]:
    """The left phone with the caller's number and the right one with the agent's."""
    page.goto(f"{carrier}/?number={caller}&number={AGENT.replace('+', '%2B')}")
    left, right = page.locator(".phone").nth(0), page.locator(".phone").nth(1)
    # A tab that was closed in mid-call keeps its call for half a minute, and the agent's telephone is everybody's.
    expect(left.locator(".state")).to_have_text("대기 중입니다", timeout=60_000)
    expect(right.locator(".state")).to_have_text("대기 중입니다", timeout=60_000)
    return left, right


def dial(phone: Locator, number: str) -> None:
    phone.get_by_text("번호를 직접 누르기").click()
    for digit in number.replace("-", ""):
        phone.locator(f".keys button[value='{digit}']").click()
    phone.get_by_role("button", name="걸기", exact=True).click()


def state_is(phone: Locator, text: str) -> None:
    expect(phone.locator(".state")).to_have_text(text, timeout=20_000)


def test_a_call_goes_from_the_left_phone_through_the_menu_to_the_agent_on_the_right(page: Page, carrier: str) -> None:
    left, right = open_phones(page, carrier, "010-1000-9901")
    dial(left, HOTLINE_SHOWN)
    expect(left.locator(".heard")).to_contain_text(MENU)
    expect(left.locator(".gather")).to_be_visible()
    left.locator(".keys button[value='1']").click()
    expect(left.locator(".heard")).to_contain_text(CONNECTING)
    state_is(right, "전화가 왔습니다")
    expect(right.locator(".ring-count")).to_have_text("1번째 벨")
    right.get_by_role("button", name="받기").click()
    state_is(right, "통화 중입니다")
    state_is(left, "통화 중입니다")
    right.get_by_role("button", name="끊기").click()
    state_is(right, "대기 중입니다")
    state_is(left, "대기 중입니다")


def test_a_prompt_cut_by_a_key_is_marked_as_cut(page: Page, carrier: str) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9902")
    dial(left, HOTLINE_SHOWN)
    expect(left.locator(".gather")).to_be_visible()
    left.locator(".keys button[value='1']").click()
    expect(left.locator(".entry.say").filter(has_text=MENU)).to_contain_text("중간에 끊김")
    left.get_by_role("button", name="끊기").click()
    state_is(left, "대기 중입니다")


def test_the_keyboard_alone_dials_presses_a_key_rejects_and_hangs_up(page: Page, carrier: str) -> None:
    left, right = open_phones(page, carrier, "010-1000-9903")
    page.keyboard.type(HOTLINE_SHOWN.replace("-", ""))
    page.keyboard.press("Enter")
    expect(left.locator(".gather")).to_be_visible()
    page.keyboard.press("1")
    state_is(right, "전화가 왔습니다")
    right.locator(".who").click()
    page.keyboard.press("Escape")
    state_is(right, "대기 중입니다")
    state_is(left, "대기 중입니다")


def test_a_text_message_is_shown_with_its_sender(page: Page, carrier: str) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9904")
    message = {"To": "+821010009904", "From": HOTLINE, "Body": "[시험 전화] 접수번호 2026-0001"}
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    httpx.post(carrier + path, data=message, auth=(ACCOUNT, TOKEN)).raise_for_status()
    received = left.locator(".messages .received")
    expect(received.locator(".body")).to_have_text(message["Body"], timeout=20_000)
    expect(received.locator(".head")).to_have_text(f"보낸 사람 {HOTLINE_NAME} {HOTLINE_SHOWN}")


def test_a_message_written_on_the_page_reaches_the_hotline(page: Page, carrier: str, hotline: Hotline) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9905")
    left.get_by_text("문자 쓰기").click()
    left.locator(".send input").fill(HOTLINE_SHOWN)
    left.locator(".send textarea").fill("전화를 부탁드립니다")
    left.get_by_role("button", name="보내기").click()
    assert hotline.texts.get(timeout=60) == "전화를 부탁드립니다"
    expect(left.locator(".sent-note")).to_have_text("문자를 보냈습니다.")


def test_a_newcomer_presses_the_line_to_call_it(page: Page, carrier: str) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9906")
    left.locator(".lines button").filter(has_text=HOTLINE_NAME).click()
    expect(left.locator(".with")).to_have_text(f"{HOTLINE_NAME} {HOTLINE_SHOWN}")
    expect(left.locator(".heard")).to_contain_text(MENU)
    left.get_by_role("button", name="끊기").click()
    state_is(left, "대기 중입니다")


def test_calling_without_a_number_says_what_to_do(page: Page, carrier: str) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9907")
    left.get_by_text("번호를 직접 누르기").click()
    left.get_by_role("button", name="걸기", exact=True).click()
    expect(left.get_by_role("alert")).to_have_text("받는 번호를 입력해 주십시오.")


def test_with_the_sound_on_the_browser_speaks_what_is_heard_in_korean(page: Page, carrier: str) -> None:
    page.add_init_script(
        "window.spoken = [];speechSynthesis.speak = (speech) => window.spoken.push([speech.text, speech.lang])"
    )
    left, _ = open_phones(page, carrier, "010-1000-9923")
    left.get_by_role("button", name="소리").click()
    dial(left, HOTLINE_SHOWN)
    expect(left.locator(".heard")).to_contain_text(MENU)
    assert page.evaluate("window.spoken") == [[MENU, "ko-KR"]]
    left.get_by_role("button", name="끊기").click()
    state_is(left, "대기 중입니다")


def test_with_the_sound_on_what_the_app_plays_is_heard_and_so_is_a_recording(page: Page, carrier: str) -> None:
    with page.expect_response("**/music.wav") as music, page.expect_response("**/sounds/RE*") as recording:
        page.goto(f"{carrier}/?number=010-1000-9930&to={MUSIC.replace('+', '%2B')}")
        page.get_by_role("button", name="걸기", exact=True).first.click()
    assert music.value.ok
    assert recording.value.ok
    state_is(page.locator(".phone").first, "대기 중입니다")


def test_the_page_follows_all_its_handsets_by_one_event_stream(page: Page, carrier: str) -> None:
    streams: list[str] = []
    page.on("request", lambda sent: streams.append(sent.url) if "/events" in sent.url else None)
    left, right = open_phones(page, carrier, "010-1000-9924")
    dial(left, HOTLINE_SHOWN)
    left.locator(".keys button[value='1']").click()
    state_is(right, "전화가 왔습니다")
    assert {"number=01010009924", "number=01020009901"} <= set(re.split("[?&]", streams[-1]))
    left.get_by_role("button", name="끊기").click()


def test_a_browser_without_a_stream_sees_the_call_by_polling(page: Page, carrier: str) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'locks', { value: undefined })")
    left, _ = open_phones(page, carrier, "010-1000-9908")
    dial(left, HOTLINE_SHOWN)
    expect(left.locator(".heard")).to_contain_text(MENU)
    left.get_by_role("button", name="끊기").click()
    state_is(left, "대기 중입니다")


def test_phones_come_and_go_up_to_six_and_stay_over_a_reload(page: Page, carrier: str) -> None:
    open_phones(page, carrier, "010-1000-9925")
    add = page.get_by_role("button", name="전화기 추가")
    for _ in range(4):
        add.click()
    expect(page.locator(".phone")).to_have_count(6)
    expect(add).to_be_disabled()
    numbers = page.locator(".own-choice").evaluate_all("all => all.map((one) => one.value)")
    assert len(set(numbers)) == 6
    page.locator(".phone").nth(1).get_by_role("button", name="이 전화기 치우기").click()
    page.reload()
    expect(page.locator(".phone")).to_have_count(5)
    left = page.locator(".own-choice").evaluate_all("all => all.map((one) => one.value)")
    assert left == [numbers[0], *numbers[2:]]


def test_two_callers_of_one_page_are_in_calls_at_once(page: Page, carrier: str) -> None:
    page.goto(f"{carrier}/?number=010-1000-9926&number=010-1000-9927")
    phones = [page.locator(".phone").nth(place) for place in (0, 1)]
    for phone in phones:
        phone.locator(".lines button").click()
    for phone in phones:
        expect(phone.locator(".gather")).to_be_visible()
        phone.get_by_role("button", name="끊기").click()
        state_is(phone, "대기 중입니다")


def test_only_links_to_this_machine_can_be_followed_out_of_a_text(page: Page, carrier: str) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9928")
    here = "http://127.0.0.1:8080/s/abc?x=1"
    body = f"설문: {here}. 광고: http://evil.example/s <b>굵게</b> http://127.0.0.1.evil.example/"
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    message = {"To": "+821010009928", "From": HOTLINE, "Body": body}
    httpx.post(carrier + path, data=message, auth=(ACCOUNT, TOKEN)).raise_for_status()
    expect(left.locator(".messages .body")).to_have_text(body, timeout=20_000)
    links = left.locator(".messages .body a").evaluate_all("all => all.map((one) => [one.href, one.rel])")
    assert links == [[here, "noopener noreferrer"]]


def test_the_desk_is_one_press_away_and_then_a_caller_alone_has_a_phone_here(page: Page, carrier: str) -> None:
    httpx.post(f"{carrier}/admin/directory", json={"desk_url": "http://127.0.0.1:8081/desk"}).raise_for_status()
    page.goto(carrier)
    desk = page.get_by_role("link", name="상담원 화면 열기")
    expect(desk).to_have_attribute("href", "http://127.0.0.1:8081/desk")
    expect(page.locator(".phone")).to_have_count(1)
    httpx.post(f"{carrier}/admin/directory", json={"desk_url": ""}).raise_for_status()


def test_a_fourth_tab_can_still_call_while_the_others_listen(page: Page, carrier: str) -> None:
    for index in range(3):
        page.context.new_page().goto(f"{carrier}/?number=010-1000-991{index}")
    page.bring_to_front()
    left, _ = open_phones(page, carrier, "010-1000-9909")
    dial(left, HOTLINE_SHOWN)
    expect(left.locator(".heard")).to_contain_text(MENU)
    left.get_by_role("button", name="끊기").click()
    state_is(left, "대기 중입니다")


def test_a_narrow_screen_shows_one_phone_that_fits_with_the_wished_numbers(page: Page, carrier: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{carrier}/?number=010-1000-9920&to={HOTLINE_SHOWN}")
    expect(page.locator(".phone")).to_have_count(1)
    expect(page.locator(".dial-to input")).to_have_value(HOTLINE_SHOWN)
    expect(page.locator(".own-choice")).to_have_value("01010009920")
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_page_speaks_english_after_the_switch_and_again_after_a_reload(page: Page, carrier: str) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9921")
    page.get_by_role("button", name="English").click()
    state_is(left, "Ready")
    page.reload()
    state_is(left, "Ready")
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_fault_on_the_page_idle_and_in_a_call(page: Page, carrier: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{carrier}/?number=010-1000-9929")
    for phone in (page.locator(".lines button").first, page.locator(".gather").first):
        expect(phone).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        if phone.evaluate("one => one.matches('button')"):
            phone.click()
    page.get_by_role("button", name="끊기").first.click()


def test_the_page_asks_nothing_of_any_other_host_and_reports_no_fault(page: Page, carrier: str) -> None:
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    open_phones(page, carrier, "010-1000-9922")
    assert [url for url in asked if not url.startswith((carrier, "data:"))] == []
    assert faults == []
