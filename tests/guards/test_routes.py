"""Every way in from outside is signed or stands in a short list with its reason; addresses and views match."""

import re

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule

from ivr.addresses import Address
from tests.http.board import Moment, board_over
from webhooks.app import VIEWS, create_app

# Not signed, because whoever asks has no auth token of the carrier and is told nothing about anybody.
OPEN = {
    "/healthz": "a probe on the inside asks whether the process lives",
    "/readyz": "a probe on the inside asks whether the process can serve",
    "/metrics": "Prometheus reads counters that name nobody",
    "/media/waiting.wav": "the carrier fetches the music without a signature",
    "/charter/<line>": "the published result is for everybody",
    "/charter/<line>/<period>": "the same of an earlier quarter",
    "/api/openapi.json": "what the REST API is, and nothing that it holds",
    "/api/docs": "the page that shows it",
    "/api/docs/start.js": "a part of that page",
    "/api/docs/<name>": "the three files of Swagger UI that the page needs",
}
API = "/api/"
# Guarded by a signature of their own: what a stranger is answered there.
SIGNED_OTHERWISE = {
    "/book/<token>": 404,  # the public page of a line that takes bookings; a code sent to the number proves it
    "/t/<token>": 404,  # the address in a text, signed by us
    "/s/<token>": 404,  # the address of a survey, signed by us
    "/c/<token>": 404,  # the page of consents behind the address in a text, signed by us
    "/r/<token>": 404,  # the address in an answer: a word of 96 bits that nobody guesses
}


@pytest.fixture
def webhooks(sqlite_engine: Engine) -> Flask:
    return create_app(board_over(sqlite_engine, Moment()))


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_every_route_of_the_webhooks_is_signed_or_open_for_a_reason(webhooks: Flask) -> None:
    closed = [rule for rule in rules(webhooks) if rule.rule not in OPEN and not rule.rule.startswith(API)]
    answers = {rule.rule: webhooks.test_client().post(rule.rule).status_code for rule in closed}
    assert {rule: code for rule, code in answers.items() if code != SIGNED_OTHERWISE.get(rule, 403)} == {}


def test_what_is_open_exists_and_only_reads(webhooks: Flask) -> None:
    methods = {rule.rule: rule.methods or set() for rule in rules(webhooks) if rule.rule in OPEN}
    assert set(methods) == set(OPEN)
    assert all(allowed <= {"GET", "HEAD", "OPTIONS"} for allowed in methods.values())


def test_every_address_has_a_view_and_every_view_an_address(webhooks: Flask) -> None:
    assert set(VIEWS) == set(Address)
    served = {rule.rule for rule in _signed(webhooks) if "POST" in (rule.methods or set())}
    assert served - set(SIGNED_OTHERWISE) == {entry.value for entry in Address}


def _signed(webhooks: Flask) -> list[Rule]:
    return [rule for rule in rules(webhooks) if not rule.rule.startswith(API)]


def test_every_operation_of_the_api_refuses_who_shows_no_token(webhooks: Flask) -> None:
    operations = [
        (method, rule.rule)
        for rule in rules(webhooks)
        if rule.rule.startswith(API) and rule.rule not in OPEN
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    ]
    client = webhooks.test_client()
    answers = {(method, path): client.open(path, method=method).status_code for method, path in operations}
    assert operations
    assert {operation for operation, status in answers.items() if status != 401} == set()


def test_the_page_of_the_api_names_no_other_host(webhooks: Flask) -> None:
    client = webhooks.test_client()
    page = client.get("/api/docs")
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page.get_data(as_text=True))
    assert addresses
    assert all(address.startswith("/api/docs/") for address in addresses)
    assert {client.get(address).status_code for address in addresses} == {200}
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
