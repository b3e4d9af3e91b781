"""A database that is away for a while, and a session that is over: nothing on an open page is lost by either."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import Engine

from console.guard import BY_ITSELF
from console.office import SoftphoneAccount
from console.visitor import roles_of
from ivr.accounts.rows import Role
from tests.console.conftest import Served
from tests.console.desk_stage import Desk, desk_over
from tests.console.people import Person
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
PIECE = {"HX-Request": "true"}


@pytest.fixture
def desk(engine: Engine) -> Desk:
    """A ready agent with a telephone."""
    return desk_over(engine, softphones=SoftphoneAccount())


@pytest.fixture
def console(desk: Desk) -> Flask:
    """The console that is served."""
    return desk.console


@contextmanager
def away(engine: Engine) -> Iterator[None]:
    """As long as the block lasts, every question about a session fails as it does where the database is away."""
    for there, gone in (("console_session", "hidden"), ("hidden", "console_session")):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {there} RENAME TO {gone}")
        if gone == "hidden":
            yield


def endpoint_of(console: Flask, address: str) -> str:
    """The view that answers at an address."""
    return str(console.url_map.bind("localhost").match(address, method="GET")[0])


def test_what_a_page_asks_by_itself_takes_nothing_off_the_page(desk: Desk, engine: Engine) -> None:
    with away(engine):
        asked = desk.person.get("/desk/live", **PIECE, **{BY_ITSELF: "yes"})
        pressed = desk.person.post("/desk/leave", {"reason": "lunch"}, **PIECE)
        whole = desk.person.get("/desk/")
    assert {answer.status_code for answer in (asked, pressed, whole)} == {503}
    assert asked.headers["HX-Reswap"] == "none"
    # What a hand has asked for is told beside what stands there.
    assert pressed.headers["HX-Reswap"] == "afterbegin"
    assert "데이터베이스" in pressed.text


def test_a_form_that_is_sent_when_the_session_is_over_says_so(console: Flask, enter: Callable[..., Person]) -> None:
    person = enter(Role.SUPERVISOR)
    with person.client.session_transaction() as cookie:
        cookie.clear()
    answer = person.post("/directory/new", {"name": "x"})
    assert answer.status_code == 401
    assert "/sign-in" in answer.text
    assert console.test_client().post("/desk/beat", headers={BY_ITSELF: "yes"}).status_code == 401


def test_every_page_says_that_the_database_is_away(console: Flask, desk: Desk, engine: Engine) -> None:
    pages = {rule.rule for rule in console.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments}
    closed = [page for page in pages if roles_of(console.view_functions[endpoint_of(console, page)])]
    assert len(closed) > 40
    with away(engine):
        assert {page: desk.person.get(page).status_code for page in closed} == dict.fromkeys(closed, 503)


@pytest.mark.browser
def test_a_desk_goes_on_after_the_database_was_away(desk: Desk, served: Served, engine: Engine) -> None:
    context = served.browser.new_context(base_url=served.url)
    context.add_cookies([{"name": "charterline", "value": desk.person.cookie, "url": served.url}])
    page = context.new_page()
    page.goto("/desk/")
    expect(page.locator("#talk-mine-panel h2").first).to_be_visible()
    # The first answers after the trouble are lost, too.
    page.route("**/desk/tools", lambda route: route.abort(), times=1)
    page.route("**/talk/of/*", lambda route: route.abort(), times=1)
    with away(engine):
        desk.is_called()
        page.locator("#act-leave").click()
        expect(page.locator("#live .notice")).to_be_visible()
        expect(page.locator("#desk-trouble")).to_be_visible(timeout=10_000)
    expect(page.locator("#live")).to_have_attribute("data-phase", "ringing", timeout=10_000)
    expect(page.locator("#desk-trouble")).to_be_hidden()
    expect(page.locator("#tools textarea[data-draft]")).to_be_visible(timeout=10_000)
    context.close()
