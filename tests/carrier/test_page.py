"""The phone in the browser, driven by Chromium against the real carrier process."""

import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from flask import Flask, Response, request
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).parents[2]
ACCOUNT = "AC" + "5" * 32
TOKEN = "token-of-the-page-tests"
HOTLINE = "+827010009901"
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


def twiml(body: str) -> Response:
    return Response(f"<Response>{body}</Response>", mimetype="text/xml")


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

    @app.post("/text")
    def text() -> Response:
        texts.put(request.form["Body"])
        return twiml("")

    return app


@pytest.fixture(scope="module")
def hotline() -> Iterator[Hotline]:
    texts: queue.Queue[str] = queue.Queue()
    server = make_server("127.0.0.1", 0, hotline_app(texts), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Hotline(f"http://127.0.0.1:{server.server_port}", texts)
    server.shutdown()
    thread.join()
    server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_it_answers(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(150):
        if process.poll() is not None:
            pytest.fail(f"the carrier process ended with status {process.returncode} before it answered")
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the carrier process did not answer at {url} within 15 s")


def add_number(carrier: str, hotline: Hotline) -> None:
    number = {"PhoneNumber": HOTLINE, "FriendlyName": HOTLINE_NAME}
    urls = {"VoiceUrl": f"{hotline.url}/voice", "SmsUrl": f"{hotline.url}/text"}
    path = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json"
    httpx.post(carrier + path, data=number | urls, auth=(ACCOUNT, TOKEN)).raise_for_status()
    directory = {"lines": [{"name": HOTLINE_NAME, "number": HOTLINE}]}
    httpx.post(f"{carrier}/admin/directory", json=directory).raise_for_status()


@pytest.fixture(scope="module")
def carrier(hotline: Hotline, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of a carrier process of its own that knows the hotline."""
    port = free_port()
    command = [sys.executable, "-m", "carrier", "--host", "127.0.0.1", "--port", str(port)]
    account = ["--account-sid", ACCOUNT, "--auth-token", TOKEN]
    log = (tmp_path_factory.mktemp("carrier") / "log").open("wb")
    with log, subprocess.Popen(command + account, cwd=ROOT, stdout=log, stderr=log) as process:
        try:
            wait_until_it_answers(f"http://127.0.0.1:{port}/", process)
            add_number(f"http://127.0.0.1:{port}", hotline)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="ko-KR")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def open_phones(page: Page, carrier: str, caller: str) -> tuple[Locator, Locator]:
    """The left phone with the caller's number and the right one with the agent's."""
    page.goto(f"{carrier}/?number={caller}&second={AGENT.replace('+', '%2B')}")
    left, right = page.locator(".phone.first"), page.locator(".phone.second")
    expect(left.locator(".state")).to_have_text("대기 중입니다")
    expect(right.locator(".state")).to_have_text("대기 중입니다")
    return left, right


def dial(phone: Locator, number: str) -> None:
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
    expect(received.locator(".head")).to_have_text(f"보낸 사람 {HOTLINE_SHOWN}")


def test_a_message_written_on_the_page_reaches_the_hotline(page: Page, carrier: str, hotline: Hotline) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9905")
    left.get_by_text("문자 쓰기").click()
    left.locator(".send input").fill(HOTLINE_SHOWN)
    left.locator(".send textarea").fill("전화를 부탁드립니다")
    left.get_by_role("button", name="보내기").click()
    assert hotline.texts.get(timeout=15) == "전화를 부탁드립니다"
    expect(left.locator(".sent-note")).to_have_text("문자를 보냈습니다.")


def test_a_directory_entry_fills_the_number_to_call(page: Page, carrier: str) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9906")
    left.locator(".book button").filter(has_text=HOTLINE_NAME).click()
    expect(left.locator(".dial-to input")).to_have_value(HOTLINE_SHOWN)


def test_calling_without_a_number_says_what_to_do(page: Page, carrier: str) -> None:
    left, _ = open_phones(page, carrier, "010-1000-9907")
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


def test_the_page_follows_both_handsets_by_their_event_streams(page: Page, carrier: str) -> None:
    with (
        page.expect_response(lambda got: got.url.endswith("/handsets/01010009924/events")) as callers,
        page.expect_response(lambda got: got.url.endswith("/handsets/01020009901/events")) as agents,
    ):
        open_phones(page, carrier, "010-1000-9924")
    assert [stream.value.status for stream in (callers, agents)] == [200, 200]


def test_a_browser_without_event_streams_sees_the_call_by_polling(page: Page, carrier: str) -> None:
    page.add_init_script("delete window.EventSource")
    left, _ = open_phones(page, carrier, "010-1000-9908")
    dial(left, HOTLINE_SHOWN)
    expect(left.locator(".heard")).to_contain_text(MENU)
    left.get_by_role("button", name="끊기").click()
    state_is(left, "대기 중입니다")


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


def test_the_page_asks_nothing_of_any_other_host_and_reports_no_fault(page: Page, carrier: str) -> None:
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url))
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    open_phones(page, carrier, "010-1000-9922")
    assert [url for url in asked if not url.startswith((carrier, "data:"))] == []
    assert faults == []
