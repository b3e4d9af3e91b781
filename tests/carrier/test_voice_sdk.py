"""Browser tabs talk with each other through the carrier's voice SDK: sound is measured at both ends."""

import io
import time
import wave
from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from flask import Flask, Response
from playwright.sync_api import BrowserContext, Page, Playwright, expect
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant

from tests.carrier.exchange import ACCOUNT, KEY, KEY_SECRET, TOKEN, add_line, running_carrier, serving, twiml

HOTLINE, ROOM_LINE, RECORDING_LINE = "+827010008801", "+827010008802", "+827010008803"
ROOM = "<Dial><Conference beep='false'>r1</Conference></Dial>"
FLAGS = [
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=document-user-activation-required",
    "--allow-loopback-in-peer-connection",
]
DESK = """<!doctype html><title>desk</title><script type="module">
import {{ Device }} from "{carrier}/sdk/voice.js";
const {{ identity, token }} = Object.fromEntries(new URLSearchParams(location.search));
const device = window.device = new Device({{ url: "{carrier}", identity, token }});
window.states = [];
device.addEventListener("state", (event) => window.states.push(event.detail.state));
device.addEventListener("renew", () => window.renewals = (window.renewals ?? 0) + 1);
device.start();
</script>"""

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Town:
    """A carrier, a desk of another origin, and a browser with a microphone that beeps."""

    carrier: str
    desk: str
    tabs: BrowserContext

    def open_desk(self, identity: str, *, seconds: int = 3600, before: str = "") -> Page:
        """The desk of somebody, in a tab of its own; `before` is done in it first."""
        token = AccessToken(ACCOUNT, KEY, KEY_SECRET, identity=identity, ttl=seconds)
        token.add_grant(VoiceGrant(incoming_allow=True))
        page = self.tabs.new_page()
        page.add_init_script(before)
        page.goto(f"{self.desk}/?identity={identity}&token={token.to_jwt()}")
        until(page, "window.device?.state.handset.voice")
        return page

    def open_phone(self, number: str, line: str, *, before: str = "") -> Page:
        """The carrier's phone page as somebody who calls a line from it; `before` is done in it first."""
        page = self.tabs.new_page()
        page.add_init_script(before)
        page.goto(f"{self.carrier}/?number={number}&to={line.replace('+', '%2B')}")
        page.get_by_role("button", name="걸기", exact=True).click()
        return page


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The base URLs of a carrier with two lines, and of a desk."""
    app, desk = Flask("app"), Flask("desk")
    app.post("/voice", endpoint="voice")(lambda: twiml("<Dial timeout='25'><Client>kim</Client></Dial>"))
    app.post("/room", endpoint="room")(lambda: twiml(ROOM))
    app.post("/record", endpoint="record")(lambda: twiml("<Record maxLength='4' playBeep='false' action='/over'/>"))
    app.post("/over", endpoint="over")(lambda: twiml("<Hangup/>"))
    with ExitStack() as stack:
        carrier = stack.enter_context(running_carrier(tmp_path_factory.mktemp("carrier")))
        hotline = stack.enter_context(serving(app))
        desk.get("/", endpoint="desk")(lambda: Response(DESK.format(carrier=carrier), mimetype="text/html"))
        add_line(carrier, HOTLINE, VoiceUrl=f"{hotline}/voice")
        add_line(carrier, ROOM_LINE, VoiceUrl=f"{hotline}/room")
        add_line(carrier, RECORDING_LINE, VoiceUrl=f"{hotline}/record")
        yield carrier, stack.enter_context(serving(desk))


@pytest.fixture(scope="module")
def town(places: tuple[str, str], playwright: Playwright, chromium_path: str) -> Iterator[Town]:
    with playwright.chromium.launch(executable_path=chromium_path, args=FLAGS) as browser:
        context = browser.new_context(viewport={"width": 700, "height": 900}, locale="ko-KR")
        context.set_default_timeout(20_000)
        yield Town(*places, context)


@pytest.fixture(autouse=True)
def tidy(town: Town) -> Iterator[None]:
    yield
    town.tabs.set_offline(False)
    for handset in httpx.get(f"{town.carrier}/handsets").json()["handsets"]:
        if handset["state"] != "idle":
            httpx.post(f"{town.carrier}/handsets/{handset['number']}/hangup")
    for page in town.tabs.pages:
        page.close()


def until(page: Page, true: str) -> None:
    """Wait until a JavaScript expression (or what it promises) is true; the pages allow no evaluation of their own."""
    end = time.monotonic() + 20
    while not page.evaluate(true):
        assert time.monotonic() < end, f"never came true: {true}; {page.evaluate('window.device?.state')}"
        page.wait_for_timeout(100)


def state_is(page: Page, state: str) -> None:
    until(page, f"device.state.state === '{state}'")


def quality(page: Page) -> Any:
    return page.evaluate("device.quality()")


def hears(page: Page) -> None:
    """Wait until sound, not silence, comes in at a desk."""
    until(page, "device.quality().then((now) => now.received > 20 && now.energy_out > 0.0001)")


def phone_hears(page: Page) -> None:
    until(page, "document.querySelector('.level meter').value > 0.05")


def until_still(page: Page) -> None:
    """Wait until no packet comes in at a desk any more for a second."""
    end = time.monotonic() + 15
    before = -1
    while (now := quality(page)["received"]) != before:
        assert time.monotonic() < end, "packets go on coming in"
        before = now
        page.wait_for_timeout(1000)


def in_a_call(town: Town, number: str) -> tuple[Page, Page]:
    """A caller on the phone page and an agent at a desk of another origin who talk."""
    desk = town.open_desk("kim")
    phone = town.open_phone(number, HOTLINE)
    state_is(desk, "ringing")
    desk.evaluate("device.answer()")
    state_is(desk, "talking")
    hears(desk)
    phone_hears(phone)
    return phone, desk


def test_a_caller_tab_and_a_desk_of_another_origin_hear_each_other_until_one_hangs_up(town: Town) -> None:
    phone, desk = in_a_call(town, "010-1000-8801")
    assert quality(desk)["sent"] > 20
    expect(phone.locator(".voice-state")).to_have_text("상대방과 목소리로 통화하고 있습니다.")
    desk.evaluate("device.hangup()")
    state_is(desk, "idle")
    expect(phone.locator(".state")).to_have_text("대기 중입니다")
    expect(phone.locator(".voice")).to_be_hidden()
    assert quality(desk)["received"] == 0
    assert desk.evaluate("window.states.filter((one, at, all) => one !== all[at - 1])") == [
        *("idle", "ringing", "talking", "idle"),
    ]


def test_who_mutes_sends_nothing_and_goes_on_hearing(town: Town) -> None:
    phone, desk = in_a_call(town, "010-1000-8802")
    phone.get_by_role("button", name="내 소리 끄기").click()
    until_still(desk)
    phone_hears(phone)
    phone.get_by_role("button", name="내 소리 끄기").click()
    before = quality(desk)["received"]
    until(desk, f"device.quality().then((now) => now.received > {before} + 20)")


def test_a_page_that_is_loaded_anew_in_mid_call_hears_and_is_heard_again(town: Town) -> None:
    phone, desk = in_a_call(town, "010-1000-8803")
    phone.reload()
    expect(phone.locator(".state")).to_have_text("통화 중입니다")
    phone_hears(phone)
    hears(desk)
    desk.reload()
    until(desk, "window.device?.state.state === 'talking'")
    hears(desk)
    phone_hears(phone)


def test_the_voice_comes_back_after_the_network_was_lost(town: Town) -> None:
    phone, desk = in_a_call(town, "010-1000-8804")
    town.tabs.set_offline(True)
    state_is(desk, "lost")
    expect(phone.locator(".state")).to_contain_text("다시 연결하고 있습니다.")
    town.tabs.set_offline(False)
    state_is(desk, "talking")
    hears_more(desk)
    phone_hears(phone)


def test_who_is_on_hold_is_neither_heard_nor_hears_and_is_back_at_once(town: Town) -> None:
    caller, agent = town.open_desk("caller"), town.open_desk("agent")
    caller.evaluate(f"device.dial('{ROOM_LINE}')")
    state_is(caller, "talking")
    ring(town, agent, "agent", ROOM)
    hears(caller)
    hold(town, caller, "true")
    until_still(agent)
    until_still(caller)
    hold(town, caller, "false")
    hears_more(caller)
    hears_more(agent)


def hold(town: Town, page: Page, held: str) -> None:
    path = f"{town.carrier}/2010-04-01/Accounts/{ACCOUNT}/Conferences"
    with httpx.Client(auth=(ACCOUNT, TOKEN)) as rest:
        (room,) = rest.get(f"{path}.json?Status=in-progress").raise_for_status().json()["conferences"]
        call = page.evaluate("device.state.call")
        rest.post(f"{path}/{room['sid']}/Participants/{call}.json", data={"Hold": held}).raise_for_status()


def room_of_three(town: Town) -> tuple[Page, Page, Page]:
    """A caller, an agent and a coach of that agent, each in a tab."""
    caller, agent, coach = (town.open_desk(name) for name in ("caller", "agent", "coach"))
    caller.evaluate(f"device.dial('{ROOM_LINE}')")
    state_is(caller, "talking")
    ring(town, agent, "agent", ROOM)
    sid = agent.evaluate("device.state.call")
    ring(town, coach, "coach", f"<Dial><Conference beep='false' coach='{sid}'>r1</Conference></Dial>")
    return caller, agent, coach


def ring(town: Town, page: Page, identity: str, document: str) -> None:
    path = f"{town.carrier}/2010-04-01/Accounts/{ACCOUNT}/Calls.json"
    order = {"To": f"client:{identity}", "From": ROOM_LINE, "Twiml": f"<Response>{document}</Response>"}
    httpx.post(path, data=order, auth=(ACCOUNT, TOKEN)).raise_for_status()
    state_is(page, "ringing")
    page.evaluate("device.answer()")
    state_is(page, "talking")


def test_the_coached_agent_alone_hears_the_coach_who_hears_everybody(town: Town) -> None:
    caller, agent, coach = room_of_three(town)
    for page in (caller, agent, coach):
        until(page, "device.state.peers === 2")
        hears(page)
    agent.evaluate("device.mute(true)")
    until_still(caller)
    hears_more(agent)
    hears_more(coach)
    caller.evaluate("device.hangup()")
    until(coach, "device.state.peers === 1")


def hears_more(page: Page) -> None:
    before = quality(page)["received"]
    until(page, f"device.quality().then((now) => now.received > {before} + 20)")


def test_a_second_tab_takes_the_softphone_and_the_first_says_so_until_it_takes_it_back(town: Town) -> None:
    phone, desk = in_a_call(town, "010-1000-8805")
    second = town.open_desk("kim")
    hears(second)
    until(desk, "device.state.taken")
    assert quality(desk)["received"] == 0
    desk.evaluate("device.take()")
    hears(desk)
    until(second, "device.state.taken")
    phone_hears(phone)


def test_a_desk_is_asked_for_a_new_token_before_and_when_the_old_one_ends(town: Town) -> None:
    desk = town.open_desk("kim", seconds=61)
    until(desk, "window.renewals >= 1")
    expired = AccessToken(ACCOUNT, KEY, KEY_SECRET, identity="kim", nbf=1, valid_until=2)
    expired.add_grant(VoiceGrant(incoming_allow=True))
    desk.evaluate(f"device.renew('{expired.to_jwt()}')")
    state_is(desk, "lost")
    fresh = AccessToken(ACCOUNT, KEY, KEY_SECRET, identity="kim", ttl=600)
    fresh.add_grant(VoiceGrant(incoming_allow=True))
    desk.evaluate(f"device.renew('{fresh.to_jwt()}')")
    state_is(desk, "idle")


def test_without_a_microphone_the_call_goes_on_in_silence_and_the_page_says_so(town: Town) -> None:
    denied = "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('no', 'NotAllowedError') }"
    desk = town.open_desk("kim")
    phone = town.open_phone("010-1000-8806", HOTLINE, before=denied)
    state_is(desk, "ringing")
    desk.evaluate("device.answer()")
    expect(phone.locator(".voice-state")).to_contain_text("마이크를 쓸 수 없어 듣기만 합니다.")
    phone_hears(phone)
    assert desk.evaluate("device.quality()")["received"] == 0


def test_a_page_that_gets_no_stream_asks_instead_and_talks_as_well(town: Town) -> None:
    """A browser opens six connections to one host: a desk too many must still work."""
    desk = town.open_desk("kim", before="Object.defineProperty(navigator, 'locks', { value: undefined })")
    phone = town.open_phone("010-1000-8808", HOTLINE)
    state_is(desk, "ringing")
    desk.evaluate("device.answer()")
    hears(desk)
    phone_hears(phone)


def test_what_is_said_after_the_beep_can_be_heard_in_the_recording(town: Town) -> None:
    phone = town.open_phone("010-1000-8807", RECORDING_LINE)
    expect(phone.locator(".voice-state")).to_have_text("말씀하시는 내용이 녹음되고 있습니다.")
    expect(phone.locator(".state")).to_have_text("대기 중입니다", timeout=20_000)
    with httpx.Client(base_url=town.carrier, auth=(ACCOUNT, TOKEN)) as rest:
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Recordings"
        (recording,) = rest.get(f"{path}.json").raise_for_status().json()["recordings"]
        phone.wait_for_timeout(1500)
        media = rest.get(f"{path}/{recording['sid']}.wav").raise_for_status().content
    with wave.open(io.BytesIO(media)) as sound:
        samples = array("h", sound.readframes(sound.getnframes()))
    assert max(samples) > 500
    assert samples[:8000] != samples[8000:16000], "it is the tone of a recording to which no page gave sound"
