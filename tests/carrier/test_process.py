"""The real process, in real time, as the official Twilio SDK and a person's telephone see it."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from flask import Flask, Response, request
from twilio.rest import Client
from werkzeug.serving import make_server

from ivr.orders import Accepted, AskText, FindText, Found, SendText
from workers.providers.nhn import NHN, NhnSms

ROOT = Path(__file__).parents[2]
SID, TOKEN = "AC" + "4" * 32, "a token of the process tests"
LINE, AGENT, EXPERT = "+827010000001", "+821020000001", "+821020000002"
ROOM = "<Dial><Conference beep='false'>room-1</Conference></Dial>"
EVENTS = ["initiated", "ringing", "answered", "completed"]
DOCUMENTS = {
    "in": "<Gather numDigits='1' action='menu'><Say>일번을 눌러 주십시오</Say></Gather>",
    "menu": "<Enqueue waitUrl='wait'>q</Enqueue>",
    "wait": "<Pause length='5'/>",
    "agent": ROOM,
    "talk": ROOM,
}


@dataclass
class Town:
    """A running carrier and an app that it calls."""

    carrier: str
    app: str
    log: Path
    heard: list[dict[str, str]] = field(default_factory=list)

    @property
    def rest(self) -> Any:
        client = Client(SID, TOKEN)
        client.api.base_url = self.carrier
        return client

    def post(self, path: str, body: dict[str, object] | None = None) -> Any:
        answer = httpx.post(self.carrier + path, json=body or {})
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def told(self, sid: str) -> list[str]:
        return [form["MessageStatus"] for form in self.heard if form.get("MessageSid") == sid]


def until(true: Callable[[], object], seconds: float = 15.0) -> None:
    """Wait until something is true; fail if it never is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def _app(heard: list[dict[str, str]]) -> Flask:
    app = Flask("called")

    @app.post("/<name>")
    def document(name: str) -> Response:
        heard.append({"path": name, **request.form.to_dict()})
        return Response(f"<Response>{DOCUMENTS.get(name, '')}</Response>", content_type="text/xml")

    return app


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    heard: list[dict[str, str]] = []
    server = make_server("127.0.0.1", 0, _app(heard), threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path_factory.mktemp("carrier") / "log"
    environment = {
        "CARRIER_ACCOUNT_SID": SID,
        "CARRIER_AUTH_TOKEN": TOKEN,
        "CARRIER_AGGREGATOR_KEY": "app:a secret of the tests",
        "PATH": "/usr/bin:/bin",
    }
    command = [sys.executable, "-m", "carrier", "--port", str(port), "--seed", "1"]
    with (
        log.open("wb") as sink,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=sink, stderr=sink) as process,
    ):
        town = Town(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{server.server_port}", log, heard)
        try:
            until(lambda: _answers(town.carrier))
            yield town
        finally:
            process.terminate()
            process.wait(10)
            server.shutdown()
            thread.join()
            server.server_close()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def clean(town: Town) -> Town:
    town.post("/admin/reset")
    town.heard.clear()
    town.rest.incoming_phone_numbers.create(phone_number=LINE, voice_url=f"{town.app}/in")
    return town


def test_a_whole_call_through_queue_and_conference_with_the_official_sdk(clean: Town) -> None:
    town, rest = clean, clean.rest
    person = {"presses": ["1"], "press_after": 0.2, "talk_seconds": 0.5, "linger": None}
    sid = town.post("/handsets/01010000001/calls", {"to": LINE, "person": person})["call"]
    until(lambda: rest.queues.list() and rest.queues.list()[0].current_size)
    queue = rest.queues.list()[0]
    assert rest.queues(queue.sid).members("Front").fetch().call_sid == sid
    httpx.put(f"{town.carrier}/handsets/{AGENT}/person", json={"answer_after": 0.4}).raise_for_status()
    leg = rest.calls.create(
        to=AGENT, from_=LINE, url=f"{town.app}/agent", status_callback=f"{town.app}/cb", status_callback_event=EVENTS
    )
    until(lambda: rest.calls(leg.sid).fetch().status == "in-progress")
    rest.queues(queue.sid).members(sid).update(url=f"{town.app}/talk")
    until(lambda: rest.conferences.list(status="in-progress"))
    people = rest.conferences("room-1").participants
    assert {one.call_sid for one in people.list()} == {sid, leg.sid}
    until(lambda: rest.calls(leg.sid).fetch().status == "completed")
    truth = httpx.get(f"{town.carrier}/truth/calls/{sid}").json()
    assert truth["hung_up_first"] == sid
    ring = next(one["ring_seconds"] for one in truth["legs"] if one["sid"] == leg.sid)
    assert ring >= 0.4
    until(lambda: len([form for form in town.heard if form["path"] == "cb"]) == 4)
    assert {form["SequenceNumber"] for form in town.heard if form["path"] == "cb"} == {"0", "1", "2", "3"}


def test_a_participant_is_called_into_a_room_with_the_official_sdk(clean: Town) -> None:
    httpx.put(f"{clean.carrier}/handsets/{EXPERT}/person", json={"answer_after": 0.1}).raise_for_status()
    one = clean.rest.conferences("room-2").participants.create(from_=LINE, to=EXPERT, label="expert")
    people = clean.rest.conferences("room-2").participants
    until(lambda: people("expert").fetch().status == "connected")
    assert people(one.call_sid).delete()
    until(lambda: clean.rest.calls(one.call_sid).fetch().status == "completed")


def test_a_text_is_delivered_with_the_official_sdk(clean: Town) -> None:
    message = clean.rest.messages.create(
        to="+821010000001", from_=LINE, body="접수", status_callback=f"{clean.app}/sms"
    )
    until(lambda: "delivered" in clean.told(message.sid))
    assert clean.rest.messages(message.sid).fetch().status == "delivered"


def test_lists_are_read_page_by_page_with_the_official_sdk(clean: Town) -> None:
    made = [clean.rest.messages.create(to=f"+8210100000{n:02d}", from_=LINE, body="가").sid for n in range(7)]
    assert [one.sid for one in clean.rest.messages.list(page_size=3)] == made[::-1]


def test_one_connection_carries_many_requests(town: Town) -> None:
    host, port = town.carrier.removeprefix("http://").split(":")
    connection = HTTPConnection(host, int(port))
    ports = set()
    for _ in range(5):
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        ports.add(connection.sock.getsockname()[1])
    connection.close()
    assert len(ports) == 1


def test_thirty_people_watch_their_telephones_while_somebody_calls(clean: Town) -> None:
    with httpx.Client(base_url=clean.carrier, limits=httpx.Limits(max_connections=40)) as client:
        streams = [client.stream("GET", f"/handsets/{number}/events") for number in range(821050000000, 821050000030)]
        opened = [stream.__enter__() for stream in streams]
        try:
            assert all(next(one.iter_text()).startswith("data: ") for one in opened)
            sid = clean.post("/handsets/01010000001/calls", {"to": LINE})["call"]
            until(lambda: clean.rest.calls(sid).fetch().status == "in-progress")
        finally:
            for stream in streams:
                stream.__exit__(None, None, None)


def test_the_log_has_a_line_for_each_call_event_and_no_whole_number(clean: Town) -> None:
    sid = clean.post("/handsets/01010000001/calls", {"to": LINE, "person": {"hang_up_after": 0.8}})["call"]
    until(lambda: f"{sid} ended" in clean.log.read_text())
    text = clean.log.read_text()
    assert f"{sid} incoming" in text
    assert not re.search(r"\+82\d{8,}", text)


def test_a_start_without_an_account_says_what_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "carrier"], cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "--account-sid" in done.stderr


def test_a_text_goes_by_the_aggregator_over_http(clean: Town) -> None:
    port = NhnSms(clean.carrier, "app", "a secret of the tests")
    since = datetime.now(UTC) - timedelta(minutes=1)
    taken = port.do(SendText("+821010000001", LINE, "접수번호 1", "", 600, NHN, "m1"))
    assert isinstance(taken, Accepted)
    found = port.do(FindText("+821010000001", "접수번호 1", since, NHN, "m1"))
    assert isinstance(found, Found)
    assert found.sid == taken.sid

    def arrived() -> bool:
        told = port.do(AskText(taken.sid, since, NHN, "m1"))
        return isinstance(told, Found) and told.state == "delivered"

    until(arrived)
