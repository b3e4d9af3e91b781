"""A caller at the carrier's phone page and an agent at the desk talk, with everything running that there is."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from twilio.rest import Client

from benchmarks import stores
from benchmarks.servers import free_port, wait_until_healthy
from commands.opened import Opened, open_installation
from commands.registration import register_numbers
from config.clock import system_clock
from config.settings import read_settings
from console.app import create_app
from ivr.accounts.rows import Role
from ivr.calls.facts import facts_of
from ivr.calls.record import Outcome
from ivr.calls.rows import Call
from ivr.store import Store
from tests.campaigns.rooms import MORTALS, Room, Rooms, running
from tests.console.desk_stage import officer_of
from tests.console.people import Person, add_account, office_over, sign_in
from tests.people import agent_of

pytestmark = pytest.mark.browser
KEY_SID, KEY_SECRET = "SK" + "7" * 32, "a secret of this installation's softphones"
SYLLABLES_PER_SECOND = 60
CALLER = "010-1234-5678"
# The machine may be busy; nothing here is about how fast it is.
SECONDS = 30
CONSOLE = [*MORTALS["web"][:-1], "console.app:create_app()"]
NEEDED = ("web", "relay", "worker-calls", "worker-chores")


@dataclass(frozen=True)
class Installation:
    """What runs: the addresses of console and carrier, the database, and an agent who is signed in."""

    console_url: str
    carrier_url: str
    store: Store
    line_number: str
    agent: Person


@pytest.fixture
def installation(tmp_path: Path, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """KIBO's hotline with one agent, on SQLite, and the local carrier, which speaks fast."""
    monkeypatch.setenv("CARRIER_API_KEY", f"{KEY_SID}:{KEY_SECRET}")
    with ExitStack() as stack:
        url = stack.enter_context(stores.database(stores.SQLITE, tmp_path))
        rooms = stack.enter_context(running(url, redis_url, tmp_path, speed=SYLLABLES_PER_SECOND, cps=5))
        yield from _opened(rooms)


def _opened(rooms: Rooms) -> Iterator[Installation]:
    port = free_port()
    environment = dict(rooms.environment) | {
        "CHARTERLINE_CONSOLE_PORT": str(port),
        "CHARTERLINE_SOFTPHONE": "local",
        "CHARTERLINE_TWILIO_API_KEY_SID": KEY_SID,
        "CHARTERLINE_TWILIO_API_KEY_SECRET": KEY_SECRET,
    }
    opened = open_installation(read_settings(environment))
    _introduce(opened)
    agent = _hired(opened)
    for name in NEEDED:
        rooms.rooms[name] = Room(name, MORTALS[name], environment, rooms.place / f"{name}.log")
    rooms.rooms["console"] = Room("console", CONSOLE, environment, rooms.place / "console.log")
    for room in rooms.rooms.values():
        room.start()
    wait_until_healthy(port, rooms.place / "console.log")
    wait_until_healthy(int(environment["CHARTERLINE_WEBHOOKS_PORT"]), rooms.place / "web.log")
    number = opened.lines.by_id("kibo").numbers[0]
    yield Installation(f"http://127.0.0.1:{port}", rooms.carrier_url, opened.store, number, agent)
    opened.store.engine.dispose()


def _introduce(opened: Opened) -> None:
    settings = opened.settings
    client = Client(settings.twilio_account_sid, settings.auth_tokens[0])
    client.api.base_url = settings.twilio_api_url
    register_numbers(client, opened.lines, base_url=settings.public_base_url)


def _hired(opened: Opened) -> Person:
    """An agent with a softphone, away until the desk says otherwise; signed in."""
    line, at = opened.lines.by_id("kibo"), system_clock()
    agent = agent_of(line, at, number=1, softphone="desk_1")
    with opened.store.transaction() as session:
        session.add(agent)
        session.flush()
        session.add(officer_of(agent))
        session.flush()
        account = add_account(session, Role.AGENT, name=agent.name, line="kibo", at=at, officer=agent.id).id
    engine = opened.store.engine
    return sign_in(create_app(office_over(engine, system_clock)), account)  # type: ignore[arg-type]


@contextmanager
def tabs(chromium: Browser, installation: Installation) -> Iterator[tuple[Page, Page]]:
    """The agent's desk and the caller's telephone, in two tabs of one browser with a microphone that beeps."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale="ko-KR")
    context.set_default_timeout(SECONDS * 1000)
    context.add_cookies(
        [
            {
                "name": f"charterline-{urlsplit(installation.console_url).port}",
                "value": installation.agent.cookie,
                "url": installation.console_url,
            }
        ]
    )
    desk, phone = context.new_page(), context.new_page()
    desk.goto(f"{installation.console_url}/desk/")
    to = installation.line_number.replace("+", "%2B")
    phone.goto(f"{installation.carrier_url}/?number={CALLER}&to={to}")
    yield desk, phone
    context.close()


def until(page: Page, true: str) -> None:
    """Wait until a JavaScript expression is true."""
    end = time.monotonic() + SECONDS
    while not page.evaluate(true):
        assert time.monotonic() < end, f"never came true: {true}"
        page.wait_for_timeout(100)


def both_hear(desk: Page, phone: Page) -> None:
    """Sound, not silence, comes in at both ends."""
    until(desk, "document.querySelector('[data-level=\"other\"]').value > 0.005")
    until(phone, "document.querySelector('.level meter').value > 0.05")


def test_a_caller_and_an_agent_talk_and_the_call_is_on_record(installation: Installation, chromium: Browser) -> None:
    with tabs(chromium, installation) as (desk, phone):
        expect(desk.locator("[data-phone-state]")).to_have_text("소프트폰 준비됨", timeout=SECONDS * 1000)
        caller = phone.get_by_role("region", name=CALLER)
        caller.get_by_role("button", name="걸기", exact=True).click()
        expect(caller).to_contain_text("신규 보증 상담", timeout=SECONDS * 1000)
        caller.get_by_role("button", name="1", exact=True).click()
        expect(desk.locator("#live")).to_have_attribute("data-phase", "ringing", timeout=SECONDS * 1000)
        desk.bring_to_front()
        desk.locator("#act-answer").click()
        expect(desk.locator("#live")).to_have_attribute("data-phase", "talking", timeout=SECONDS * 1000)
        both_hear(desk, phone)
        desk.reload()
        expect(desk.locator("#live h2")).to_have_text("통화 중")
        both_hear(desk, phone)
        caller.get_by_role("button", name="끊기", exact=True).click()
        expect(desk.locator("#live")).to_have_attribute("data-phase", "wrapping", timeout=SECONDS * 1000)
    with installation.store.reading() as session:
        call = session.scalars(select(Call)).one()
        kinds = [fact.kind for fact in facts_of(session, call.id)]
    assert call.outcome == Outcome.ANSWERED
    assert {"leg-ringing", "announced", "joining"} <= set(kinds)
