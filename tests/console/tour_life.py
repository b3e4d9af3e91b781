"""The life that the tour shows: people who call and are answered early, late or not at all, and one happy call."""

import time
from collections.abc import Callable
from urllib.parse import quote

import httpx
from playwright.sync_api import Page

from config.files import DEMO_CUSTOMERS

LINE = "1544-1120"
CALLERS = ("010-1000-0001", "010-1000-0002", "010-1000-0003")
SOFTPHONE = "client:kibo_3"
COLLEAGUES = ("070-1000-0101", "070-1000-0102", SOFTPHONE)
# Keys of the caller, seconds until a colleague answers, seconds of talk; nobody answers where it is None.
CALLS: tuple[tuple[list[str], float | None, float], ...] = (
    (["1"], 2.4, 6),
    (["2", "1"], 4.0, 9),
    (["3", "1"], 8.2, 7),
    (["5", "2"], None, 0),
)
PATIENCE_SECONDS = 25
LONGEST_WAIT_SECONDS = 90
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holidays")


class Phones:
    """The telephones at the local carrier, by its handset API (docs/carrier.md)."""

    def __init__(self, carrier_url: str) -> None:
        self._carrier = httpx.Client(base_url=carrier_url, timeout=10)

    def script(self, number: str, **person: object) -> None:
        """Say how whoever sits at a telephone behaves from now on."""
        self._carrier.put(f"/handsets/{quote(number)}/person", json=person).raise_for_status()

    def leave_to_a_page(self, number: str) -> None:
        """Nobody sits at this telephone any more but who opens it in a browser."""
        self._carrier.delete(f"/handsets/{quote(number)}/person").raise_for_status()

    def call(self, number: str, *, keys: list[str], talk: float | None) -> None:
        """Ring the line; `keys` are pressed one for each question, None for `talk` never hangs up."""
        person = {"presses": keys, "talk_seconds": talk, "linger": None}
        if talk == 0:
            person["hang_up_after"] = PATIENCE_SECONDS
        answer = self._carrier.post(f"/handsets/{quote(number)}/calls", json={"to": LINE, "person": person})
        answer.raise_for_status()

    def hang_up(self, number: str) -> None:
        """End the call of a telephone; one that is over is over (409)."""
        answer = self._carrier.post(f"/handsets/{quote(number)}/hangup")
        if answer.status_code != httpx.codes.CONFLICT:
            answer.raise_for_status()

    def state(self, number: str) -> str:
        """idle, ringing, calling or talking."""
        return str(self._carrier.get(f"/handsets/{quote(number)}").raise_for_status().json()["state"])


def until(true: Callable[[], bool], what: str) -> None:
    """Wait until it holds; a tour that cannot go on says what it waited for."""
    end = time.monotonic() + LONGEST_WAIT_SECONDS
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {LONGEST_WAIT_SECONDS} s; look at the log of ./bin/up")
        time.sleep(0.3)


def let_people_call(phones: Phones) -> None:
    """Four calls one after another: answered in time, in another menu, too late, and given up."""
    for place, (keys, answer_after, talk) in enumerate(CALLS):
        for colleague in COLLEAGUES:
            phones.script(colleague, answer_after=answer_after, press_on_answer="1", press_after=0.6)
        caller = CALLERS[place % len(CALLERS)]
        phones.call(caller, keys=keys, talk=talk)
        until(lambda caller=caller: phones.state(caller) == "idle", f"the call of {caller} to end")  # type: ignore[misc]
    for colleague in COLLEAGUES:
        phones.script(colleague, answer_after=2.0, press_on_answer="1", press_after=0.6)
    phones.leave_to_a_page(SOFTPHONE)


def launch_a_happy_call(maker: Page, second: Page) -> str:
    """From the demo's list to the launch, by two people; the address of the campaign."""
    maker.goto("/campaigns/audiences/send")
    maker.locator("input[type=file]").set_input_files(DEMO_CUSTOMERS)
    maker.locator("main form button.button").first.click()
    maker.get_by_role("button", name="명단 만들기").click()
    maker.get_by_role("heading", name="만든 결과").wait_for(timeout=LONGEST_WAIT_SECONDS * 1000)
    maker.goto("/campaigns/new")
    maker.locator("#name").fill("보증 상담 고객 해피콜")
    maker.locator("#questionnaire").select_option("happy-dcgf")
    maker.locator("#audience").select_option(index=1)
    for day in DAYS:
        maker.locator(f'[id="hours.{day}"]').fill("00:00-24:00")
    maker.locator("main form button.large").click()
    maker.get_by_text("캠페인을 만들었습니다.").wait_for()
    address = maker.url
    maker.get_by_role("button", name="점검하기").click()
    maker.get_by_role("button", name="예행연습", exact=True).click()
    maker.get_by_role("heading", name="예행연습 결과").wait_for(timeout=LONGEST_WAIT_SECONDS * 1000)
    second.goto(address)
    second.get_by_role("button", name="승인하기").click()
    second.get_by_text("승인했습니다.").wait_for()
    second.get_by_role("button", name="시작하기").click()
    second.get_by_role("heading", name="진행 상황").wait_for(timeout=LONGEST_WAIT_SECONDS * 1000)
    return address
