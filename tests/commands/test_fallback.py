"""While nothing of ours answers, callers and those whom we ring hear static documents from elsewhere, over HTTP."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest
from twilio.rest import Client

from carrier.app import create_app
from carrier.options import Account, Options
from carrier.persons import PersonPlan
from carrier.realtime import RealtimeCarrier
from commands.in_process import InProcessHttp
from commands.registration import register_numbers
from config.files import ordered_fallback
from ivr.orders import Accepted, PlaceCall
from tests.http.board import KIBO, words
from workers.twilio import TwilioCarrier

CONFIG = Path(__file__).parents[2] / "config"
SID, TOKEN = "AC" + "1" * 32, "a token of the fallback test"
CALLER, AGENT = "+821010000001", "+821010000002"


class StaticHosting(SimpleHTTPRequestHandler):
    """Files of a folder, which are read and not posted to."""

    def log_message(self, *_: object) -> None:
        """Nothing is written."""


@pytest.fixture
def static_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(StaticHosting, directory=str(CONFIG)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/fallback.xml"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def carrier() -> Iterator[RealtimeCarrier]:
    quick = Options(syllables_per_second=400, setup_seconds=0.01)
    one = RealtimeCarrier(account=Account(SID, TOKEN), options=quick)
    one.start()
    yield one
    one.stop()


@contextmanager
def nobody_at_home() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{nobody.getsockname()[1]}"


def test_a_caller_hears_the_static_document_and_reaches_the_number_in_it(
    carrier: RealtimeCarrier, static_url: str
) -> None:
    document = ElementTree.parse(CONFIG / "fallback.xml").getroot()  # noqa: S314 - our own file
    onward, over = document.findtext("Dial/Number") or "", threading.Event()
    client = Client(SID, TOKEN, http_client=InProcessHttp(create_app(carrier.gate)))
    with nobody_at_home() as gone:
        register_numbers(client, words()[1], base_url=gone, fallback_url=static_url)
        with carrier.gate.entered() as network:
            network.handset(onward).plan = PersonPlan(answer_after=0.05, talk_seconds=0.05)
            call = network.handset(CALLER).dial(KIBO)
            call.at_end.append(over.set)
        assert over.wait(30)
    said = [piece.text for piece in call.heard if piece.kind == "say"]
    assert said == [one.text for one in document.findall("Say")]
    assert any(talk.others for talk in call.talks)


def test_somebody_whom_we_ring_hears_an_apology_and_is_put_through_to_nobody(
    carrier: RealtimeCarrier, static_url: str
) -> None:
    document = ElementTree.parse(CONFIG / "fallback_ordered.xml").getroot()  # noqa: S314 - our own file
    over, http = threading.Event(), InProcessHttp(create_app(carrier.gate))
    ordering = TwilioCarrier(SID, TOKEN, "http://carrier.example", http)
    ordering.fallback_url = ordered_fallback(static_url)
    with nobody_at_home() as gone:
        register_numbers(Client(SID, TOKEN, http_client=http), words()[1], base_url=gone, fallback_url=static_url)
        with carrier.gate.entered() as network:
            network.handset(AGENT).plan = PersonPlan(answer_after=0.05, linger=None)
        placed = ordering.do(PlaceCall(AGENT, KIBO, f"{gone}/voice/agent", None, 20))
        assert isinstance(placed, Accepted)
        with carrier.gate.entered() as network:
            call = network.calls[placed.sid]
            call.at_end.append(over.set)
        assert over.wait(30)
    assert [piece.text for piece in call.heard if piece.kind == "say"] == [one.text for one in document.findall("Say")]
    assert (call.ended_by, call.talks, document.find("Dial")) == ("document", [], None)
