"""The engine driven by the wall clock: it survives faulty events and tells unreachable from slow apps."""

import socket
from collections.abc import Iterator
from threading import Event

import pytest

from carrier.calls import Entry
from carrier.lines import Line
from carrier.options import Account
from carrier.realtime import RealtimeCarrier
from tests.carrier.stage import CALLER, LINE, SID, TOKEN


@pytest.fixture
def carrier() -> Iterator[RealtimeCarrier]:
    one = RealtimeCarrier(account=Account(SID, TOKEN), seed=1, requests_at_once=2)
    one.start()
    yield one
    one.stop()


def faulty() -> None:
    raise RuntimeError("this event is broken")


def call_at(carrier: RealtimeCarrier, url: str) -> Event:
    """Let somebody call a line whose document is at `url`; the event is set when the call has ended."""
    over = Event()
    with carrier.gate.entered() as network:
        network.lines[LINE] = Line("PN1", LINE, "", network.now, network.now, entry=Entry(url))
        network.handset(CALLER).dial(LINE).at_end.append(over.set)
    return over


def test_a_faulty_event_is_logged_and_the_next_events_happen(
    carrier: RealtimeCarrier, caplog: pytest.LogCaptureFixture
) -> None:
    happened = Event()
    with carrier.gate.entered() as network:
        network.after(0.01, faulty)
        network.after(0.02, happened.set)
    assert happened.wait(5)
    assert "an event failed" in caplog.text


def test_a_faulty_event_does_not_fail_the_request_that_comes_upon_it(carrier: RealtimeCarrier) -> None:
    with carrier.gate.entered() as network:
        network.after(0, faulty)
    with carrier.gate.entered() as network:
        assert network.calls == {}


def test_an_app_that_cannot_be_reached_is_11205_after_one_more_try(carrier: RealtimeCarrier) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        over = call_at(carrier, f"http://127.0.0.1:{unused.getsockname()[1]}/in")
        assert over.wait(10)
    assert [alert.code for alert in carrier.network.alerts] == [11205]


def test_an_app_that_is_too_slow_is_11205(carrier: RealtimeCarrier) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        over = call_at(carrier, f"http://127.0.0.1:{silent.getsockname()[1]}/in#rt=300&rc=0")
        assert over.wait(10)
    assert [alert.code for alert in carrier.network.alerts] == [11205]
    assert "0.3 s" in carrier.network.alerts[0].message
