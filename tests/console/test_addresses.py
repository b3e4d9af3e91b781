"""How people come to a page: with or without a slash at its end, and to two consoles of one machine side by side."""

from flask import Flask, request, url_for
from sqlalchemy import Engine

from console.app import create_app
from console.shell import MENU
from ivr.accounts.rows import Role
from tests.console.people import add_account, office_over, sign_in
from tests.http.board import Moment
from tests.store_fixtures.databases import ON_SQLITE

pytestmark = ON_SQLITE
PORTS, NAMES = (8081, 9181), ("한지원", "박승인")


def test_every_place_of_the_menu_is_found_with_and_without_a_slash(console: Flask) -> None:
    with console.test_request_context():
        addresses = {place.endpoint: url_for(place.endpoint) for place in MENU}
    for endpoint, address in addresses.items():
        for spelled in (address.rstrip("/"), f"{address.rstrip('/')}/"):
            with console.test_request_context(spelled):
                assert (spelled, request.endpoint, request.routing_exception) == (spelled, endpoint, None)


def test_two_consoles_of_one_machine_keep_their_sessions_apart(engine: Engine, moment: Moment) -> None:
    offices = [office_over(engine, moment, console_url=f"http://127.0.0.1:{port}") for port in PORTS]
    with offices[0].store.transaction() as session:
        accounts = [add_account(session, Role.SUPERVISOR, name=name, at=moment()).id for name in NAMES]
    people = [sign_in(create_app(office), account) for office, account in zip(offices, accounts, strict=True)]
    # A browser has one drawer for both: it tells hosts apart and not ports. The one signed in to last fills it last.
    for port, person in zip(PORTS, people, strict=True):
        for other in people:
            other.client.set_cookie(f"charterline-{port}", person.cookie)
    for person, name in zip(people, NAMES, strict=True):
        assert f'<span class="person-name">{name}</span>' in person.get("/wall/").text
