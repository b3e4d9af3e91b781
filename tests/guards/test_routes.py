"""Every way in from outside is signed or stands in a short list with its reason; addresses and views match."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule

from console.app import create_app as create_console
from ivr.addresses import Address
from tests.http.board import Moment, board_over
from webhooks.app import VIEWS, create_app

# Not signed, because whoever asks has no auth token of the carrier and is told nothing about anybody.
OPEN = {
    "/healthz": "a probe on the inside asks whether the process lives",
    "/readyz": "a probe on the inside asks whether the process can serve",
    "/metrics": "Prometheus reads counters that name nobody",
    "/media/waiting.wav": "the carrier fetches the music without a signature",
}


@pytest.fixture
def webhooks(sqlite_engine: Engine) -> Flask:
    return create_app(board_over(sqlite_engine, Moment()))


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_every_route_of_the_webhooks_is_signed_or_open_for_a_reason(webhooks: Flask) -> None:
    closed = [rule for rule in rules(webhooks) if rule.rule not in OPEN]
    unguarded = [rule.rule for rule in closed if webhooks.test_client().post(rule.rule).status_code != 403]
    assert not unguarded


def test_every_route_of_the_console_is_open_for_a_reason_or_refuses_a_stranger(sqlite_engine: Engine) -> None:
    console = create_console(board_over(sqlite_engine, Moment()).store)
    closed = [rule for rule in rules(console) if rule.rule not in OPEN]
    unguarded = [rule.rule for rule in closed if console.test_client().get(rule.rule).status_code < 300]
    assert not unguarded


def test_what_is_open_exists_and_only_reads(webhooks: Flask) -> None:
    methods = {rule.rule: rule.methods or set() for rule in rules(webhooks) if rule.rule in OPEN}
    assert set(methods) == set(OPEN)
    assert all(allowed <= {"GET", "HEAD", "OPTIONS"} for allowed in methods.values())


def test_every_address_has_a_view_and_every_view_an_address(webhooks: Flask) -> None:
    assert set(VIEWS) == set(Address)
    served = {rule.rule for rule in rules(webhooks) if "POST" in (rule.methods or set())}
    assert served == {entry.value for entry in Address}
