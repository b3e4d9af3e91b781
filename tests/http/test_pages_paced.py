"""Public pages are paced by address: who asks too often is told to wait, others and the carrier notice nothing."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from ivr.addresses import Address
from tests.http.board import MORNING, Moment, Signed, arriving, board_over
from webhooks.app import create_app
from webhooks.visitors import MOST_ADDRESSES, Visitors

BURST = 50
PAGES = ("/charter/kibo", "/book/dcgf", "/c/1.20261123.x", "/s/x.y", "/t/x.y", "/r/x")


@pytest.fixture
def clock() -> Moment:
    return Moment()


@pytest.fixture
def browser(sqlite_engine: Engine, clock: Moment) -> FlaskClient:
    return create_app(board_over(sqlite_engine, clock)).test_client()


def hurry(browser: FlaskClient, *, times: int, **headers: str) -> list[int]:
    """Open the pages one after the other, so often."""
    return [browser.get(PAGES[one % len(PAGES)], headers=headers).status_code for one in range(times)]


def test_who_opens_pages_too_often_waits_and_no_row_is_looked_at(
    sqlite_engine: Engine, browser: FlaskClient, clock: Moment
) -> None:
    assert 429 not in hurry(browser, times=BURST)
    asked: list[str] = []
    event.listen(sqlite_engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for page in PAGES:
        for answer in (browser.get(page), browser.post(page) if page != PAGES[0] else browser.get(page)):
            assert (answer.status_code, answer.headers["Retry-After"]) == (429, "5"), page
            assert "잠시 후" in answer.text
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert asked == []
    clock.pass_time(5)
    assert 429 not in hurry(browser, times=BURST)


def test_the_carrier_is_never_told_to_wait(sqlite_engine: Engine) -> None:
    wire = Signed.to(board_over(sqlite_engine, Moment()))
    hurry(wire.client, times=BURST + 1)
    statuses = {wire.post(Address.INCOMING.value, arriving(CallSid=f"CA{one}")).status_code for one in range(BURST + 1)}
    assert statuses == {200}


def test_an_address_is_believed_only_from_the_proxies_that_are_named(sqlite_engine: Engine) -> None:
    open_to_all, behind_one = (
        create_app(board_over(sqlite_engine, Moment(), proxies=proxies)).test_client() for proxies in (0, 1)
    )
    for one in range(BURST):
        for browser in (open_to_all, behind_one):
            browser.get(PAGES[0], headers={"X-Forwarded-For": f"203.0.113.{one}"})
    assert hurry(open_to_all, times=1, **{"X-Forwarded-For": "198.51.100.1"}) == [429], "it can be made up"
    assert hurry(behind_one, times=1, **{"X-Forwarded-For": "203.0.113.1"}) == [200]
    # What somebody wrote into the header before the proxy added the true address counts for nothing.
    told = [f"10.0.0.{one}, 192.0.2.7" for one in range(BURST + 1)]
    statuses = [behind_one.get(PAGES[0], headers={"X-Forwarded-For": one}).status_code for one in told]
    assert statuses == [200] * BURST + [429]


def test_one_subscriber_is_one_whatever_address_of_the_network_is_used() -> None:
    visitors = Visitors()
    statuses = [visitors.admits(f"2001:db8:0:1::{one:x}", MORNING) for one in range(BURST + 1)]
    assert statuses == [True] * BURST + [False]
    assert visitors.admits("2001:db8:0:2::1", MORNING)
    assert visitors.admits("not an address", MORNING)


def test_a_flood_of_addresses_takes_no_more_than_its_place() -> None:
    visitors = Visitors()
    for _ in range(BURST):
        visitors.admits("192.0.2.1", MORNING + timedelta(seconds=1))
    for one in range(MOST_ADDRESSES + 100):
        assert visitors.admits(f"10.{one >> 16}.{one >> 8 & 255}.{one & 255}", MORNING)
    assert len(visitors._buckets) <= MOST_ADDRESSES
    assert not visitors.admits("192.0.2.1", MORNING + timedelta(seconds=1)), "who waits is not forgotten"
