"""The console of a test: its office over the test's database, people who are signed in, and a browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright
from sqlalchemy import Engine

from console.app import create_app
from console.office import Office
from ivr.accounts.rows import Role
from tests.console.people import LINE, Person, add_account, office_over, sign_in
from tests.console.serving import serving
from tests.http.board import Moment
from tests.log_lines import plain_log_lines

__all__ = ["plain_log_lines"]
SERIOUS = {"serious", "critical"}


@pytest.fixture
def moment() -> Moment:
    """The clock of the test, on a weekday morning."""
    return Moment()


@pytest.fixture
def office(engine: Engine, moment: Moment) -> Office:
    """The parts of the console over the test's database."""
    return office_over(engine, moment)


@pytest.fixture
def console(office: Office) -> Flask:
    """The console's app."""
    return create_app(office)


@pytest.fixture
def enter(console: Flask, office: Office, moment: Moment) -> Callable[..., Person]:
    """`enter(Role.SUPERVISOR, line="kibo", name="한지원", officer="kibo-1")`: somebody new, signed in."""

    def signed_in(role: Role, *, name: str = "한지원", line: str = LINE, officer: str = "") -> Person:
        with office.store.transaction() as session:
            account = add_account(session, role, name=name, line=line, at=moment(), officer=officer).id
        return sign_in(console, account)

    return signed_in


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """One browser for the tests of a process, with a microphone that beeps."""
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    flags.append("--allow-loopback-in-peer-connection")
    with playwright.chromium.launch(executable_path=chromium_path, args=flags) as browser:
        yield browser


@dataclass
class Served:
    """The console at a real address, and pages of people who are signed in there."""

    url: str
    browser: Browser

    @contextmanager
    def page(self, person: Person, *, width: int = 1280, height: int = 900) -> Iterator[Page]:
        """A tab of this person; it fails the test on any error of the console and any request to another host."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale="ko-KR", timezone_id="Asia/Seoul", base_url=self.url
        )
        context.add_cookies([{"name": "charterline", "value": person.cookie, "url": self.url}])
        page, wrong = context.new_page(), []
        page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda asked: None if asked.url.startswith((self.url, "data:", "blob:")) else wrong.append(asked.url),
        )
        try:
            yield page
        finally:
            context.close()
        assert wrong == []


@pytest.fixture
def served(console: Flask, chromium: Browser) -> Iterator[Served]:
    """The test's console behind a real server, and the browser."""
    with serving(console) as url:
        yield Served(url, chromium)


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], None]:
    """`accessible(page)`: axe finds no serious fault on the page as it stands."""
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page).response["violations"]
        serious = [
            f"{one['id']}: {[node['html'][:160] for node in one['nodes']]}" for one in found if one["impact"] in SERIOUS
        ]
        assert serious == []

    return check
