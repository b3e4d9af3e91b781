"""Nobody sees a page without a session and a role, and every page names who it is for."""

from collections.abc import Callable

import pytest
from flask import Flask

from console.visitor import roles_of
from ivr.accounts.rows import ConsoleSession, Role, SessionEnd
from ivr.accounts.sessions import end_all
from tests.console.people import Person
from tests.http.board import Moment

# Served to strangers, each for a reason.
OPEN = {
    "probes.healthz": "a probe on the inside asks whether the process lives",
    "probes.readyz": "a probe on the inside asks whether the process can serve",
    "sign_in.page": "the form in which people sign in",
    "sign_in.sign_in": "takes name and password",
    "sign_in.provider": "leads to the provider of the single sign-on",
    "sign_in.come_back": "takes the proof of that provider",
    "sign_in.enter_as": "people of the demo are entered by a click, on the machine that runs it only",
    "account.set_language": "strangers read the sign-in in their language, too",
    "account.set_theme": "strangers see the sign-in in strong contrast, too",
    "wall.screen": "a screen in the room shows counts, by an address that is signed and ends",
    "wall.screen_piece": "the part of that page that changes",
}
Enter = Callable[..., Person]


def test_every_view_names_the_roles_it_is_for(console: Flask) -> None:
    views = {name: roles_of(view) for name, view in console.view_functions.items() if name != "static"}
    assert [name for name, roles in views.items() if roles is None] == []
    assert {name for name, roles in views.items() if not roles} == set(OPEN)


def test_a_stranger_is_led_to_the_sign_in_or_refused(console: Flask) -> None:
    client = console.test_client()
    for rule in console.url_map.iter_rules():
        if rule.endpoint in OPEN or rule.endpoint == "static":
            continue
        address = rule.rule.replace("<", "").replace(">", "").replace(":", "-")
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            assert client.open(address, method=method).status_code in {302, 400, 401, 404}, (method, rule.rule)


def test_a_session_ends_idle(enter: Enter, moment: Moment) -> None:
    person = enter(Role.SUPERVISOR)
    assert person.get("/").status_code == 302
    moment.pass_time(29 * 60)
    assert "/sign-in" not in person.get("/").location
    moment.pass_time(29 * 60)
    assert "/sign-in" not in person.get("/", **{"X-By-Itself": "yes"}).location
    moment.pass_time(2 * 60)
    assert "/sign-in" in person.get("/").location


def test_a_session_that_was_ended_by_force_is_over(enter: Enter, console: Flask, moment: Moment) -> None:
    person = enter(Role.SUPERVISOR)
    store = console.extensions["office"].store
    with store.transaction() as session:
        assert end_all(session, person.account_id, SessionEnd.FORCED, at=moment()) == 1
    assert "/sign-in" in person.get("/").location
    with store.reading() as session:
        assert session.query(ConsoleSession.ended_by).all() == [(SessionEnd.FORCED,)]


@pytest.mark.parametrize("forged", ["", "secret", "x" * 4000])
def test_a_made_up_cookie_opens_nothing(console: Flask, forged: str) -> None:
    client = console.test_client()
    client.set_cookie("charterline", forged)
    assert "/sign-in" in client.get("/").location
