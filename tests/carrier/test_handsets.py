"""The handset API: dialling, answering, keys, what was heard, and who may use it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.carrier.stage import AGENT, BASE, LINE, Stage


def test_a_person_calls_hears_and_hangs_up_through_the_api() -> None:
    """State is idle, ringing, calling or talking; heard has at, until, kind, text or url, complete."""
    stage = Stage({"/in": "<Say>안녕하십니까</Say><Pause length='9'/>"})
    answer = stage.web.post("/handsets/010-1000-0001/calls", json={"to": "070-1000-0001"})
    assert answer.status_code == 201
    shown = stage.web.get("/handsets/+821010000001").get_json()
    assert (shown["number"], shown["state"], shown["call"]) == ("+821010000001", "calling", answer.get_json()["call"])
    stage.run(2)
    shown = stage.web.get("/handsets/821010000001").get_json()
    assert (shown["state"], shown["with"]) == ("talking", LINE)
    ring, say, pause = shown["heard"]
    assert (ring["kind"], say["kind"], say["text"], pause["kind"]) == ("ring", "say", "안녕하십니까", "silence")
    assert say["complete"] is True
    assert say["at"].startswith("2026-11-23T01:00:00.")
    assert (pause["until"], pause["complete"]) == (None, False)
    assert stage.web.post("/handsets/01010000001/hangup").get_json()["state"] == "idle"
    assert stage.web.get("/handsets").get_json()["handsets"][0]["number"] == "+821010000001"


def test_an_agent_answers_presses_keys_and_is_seen_talking() -> None:
    stage = Stage({"/agent": "<Gather numDigits='2' action='/key'/>", "/key": "<Pause length='60'/>"})
    stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    stage.run(1)
    assert stage.web.get(f"/handsets/{AGENT}").get_json()["state"] == "ringing"
    assert stage.web.post(f"/handsets/{AGENT}/answer").get_json()["state"] == "talking"
    stage.run(1)
    stage.web.post(f"/handsets/{AGENT}/digits", json={"digits": "12"})
    stage.run(2)
    assert stage.forms("/key")[0]["Digits"] == "12"


def test_a_person_speaks_into_a_speech_gather() -> None:
    stage = Stage({"/in": "<Gather input='speech' action='/said'/>", "/said": "<Hangup/>"})
    stage.dial()
    stage.run(1)
    stage.web.post("/handsets/01010000001/speech", json={"text": "보증 상담"})
    stage.run(2)
    assert stage.forms("/said")[0]["SpeechResult"] == "보증 상담"


@pytest.mark.parametrize("action", ["answer", "reject", "hangup"])
def test_an_idle_handset_refuses_what_needs_a_call(action: str) -> None:
    answer = Stage({}).web.post(f"/handsets/01010000001/{action}")
    assert answer.status_code == 409
    assert "idle" in answer.get_json()["error"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/calls", {}),
        ("/calls", {"to": "070-1000-0001", "person": {"anser_after": 2}}),
        ("/calls", {"to": "070-1000-0001", "person": {"answer_after": -1}}),
        ("/calls", {"to": "070-1000-0001", "person": {"presses": "12"}}),
        ("/calls", {"to": "070-1000-0001", "withheld": ["yes"]}),
        ("/digits", {"digits": "12a"}),
        ("/digits", {"digits": 12}),
        ("/messages", {"to": "070-1000-0001"}),
    ],
)
def test_bodies_that_do_not_fit_are_refused_in_plain_words(path: str, body: dict[str, Any]) -> None:
    answer = Stage({}).web.post(f"/handsets/01010000001{path}", json=body)
    assert answer.status_code == 400
    assert answer.get_json()["error"]


def test_a_body_that_is_no_json_object_is_refused() -> None:
    stage = Stage({})
    assert stage.web.post("/handsets/01010000001/calls", data=b"{").status_code == 400
    assert stage.web.post("/handsets/01010000001/calls", json=[1]).status_code == 400


def test_a_number_that_no_line_has_cannot_be_called() -> None:
    answer = Stage({}).web.post("/handsets/01010000001/calls", json={"to": "02-123-4567"})
    assert answer.status_code == 409
    assert "no line" in answer.get_json()["error"]


@pytest.mark.parametrize(
    ("withheld", "shown"), [(True, "anonymous"), ("digits", "+266696687"), (False, "+821010000001")]
)
def test_a_caller_may_withhold_the_number(withheld: object, shown: str) -> None:
    """From can be the word for withheld, or the historic digits +266696687."""
    stage = Stage({"/in": "<Say>가</Say>"})
    stage.web.post("/handsets/01010000001/calls", json={"to": LINE, "withheld": withheld})
    stage.run(2)
    assert stage.forms("/in")[0]["From"] == shown


def test_a_person_is_set_read_and_removed() -> None:
    stage = Stage({})
    plan = {"answer_after": 2.4, "press_on_answer": "1", "talk_seconds": 8}
    assert stage.web.put("/handsets/01020000001/person", json=plan).status_code == 200
    assert stage.web.get("/handsets/01020000001/person").get_json()["answer_after"] == 2.4
    assert stage.web.put("/handsets/01020000001/person", json={"answer_after": None}).get_json()["answer_after"] is None
    assert stage.web.delete("/handsets/01020000001/person").status_code == 204
    assert stage.web.get("/handsets/01020000001/person").status_code == 404


def test_the_events_start_with_the_present_state_and_follow_each_change() -> None:
    stage = Stage({"/in": "<Pause length='5'/>"})
    answer = stage.web.get("/handsets/01010000001/events", buffered=False)
    assert answer.content_type.startswith("text/event-stream")
    lines: Iterator[bytes] = iter(answer.response)  # type: ignore[arg-type]
    assert b'"state": "idle"' in next(lines)
    stage.dial()
    assert b'"state": "calling"' in next(lines)
    answer.close()
    assert stage.network.watchers == []


@pytest.mark.parametrize(
    ("environment", "headers"),
    [
        ({"REMOTE_ADDR": "10.0.0.8"}, {}),
        ({"REMOTE_ADDR": ""}, {}),
        ({}, {"Host": "evil.example"}),
        ({}, {"Origin": "http://evil.example"}),
        ({}, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}),
    ],
)
@pytest.mark.parametrize("path", ["/handsets", "/admin/reset", "/debug/alerts", "/truth/calls", "/directory"])
def test_only_this_machine_and_no_foreign_page_may_use_the_own_apis(
    path: str, environment: dict[str, str], headers: dict[str, str]
) -> None:
    """Unauthenticated, so loopback only; a page of another site must not reach it through somebody's browser."""
    stage = Stage({})
    method = "POST" if path.startswith("/admin") else "GET"
    answer = stage.web.open(path, method=method, environ_overrides=environment, headers=headers)
    assert answer.status_code == 403


def test_a_link_on_another_site_may_lead_to_the_page() -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    with Stage({}).web.get("/", headers=followed) as answer:
        assert answer.status_code == 200


def test_the_page_is_served_and_nothing_beside_it() -> None:
    stage = Stage({})
    with stage.web.get("/") as answer:
        assert answer.content_type.startswith("text/html")
    with stage.web.get("/page/phone.css") as answer:
        assert answer.status_code == 200
    assert stage.web.get("/page/../app.py").status_code == 404
