"""Who hears whom, and the signals by which the pages of a call find each other."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.carrier.stage import AGENT, BASE, CALLER, COLLEAGUE, LINE, Stage

ROOM = "<Dial><Conference beep='false' {}>r1</Conference></Dial>"
MINE, THEIRS = "page-of-the-caller", "page-of-the-agent"
OFFER = {"type": "offer", "sdp": "v=0"}


def in_a_room(*, coach: bool = False) -> Stage:
    """A caller and an agent talk in a room; with `coach` a colleague whispers to the agent."""
    documents = {"/in": ROOM.format(""), "/agent": ROOM.format("")}
    stage = Stage(documents)
    stage.dial()
    stage.run(2)
    for number in (AGENT, COLLEAGUE)[: 2 if coach else 1]:
        stage.agent(number, answer_after=1)
    agent = stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    stage.run(4)
    if coach:
        whisper = ROOM.format(f"coach='{agent.sid}'")
        stage.rest.calls.create(to=COLLEAGUE, from_=LINE, twiml=f"<Response>{whisper}</Response>")
        stage.run(4)
    return stage


def state(stage: Stage, number: str) -> Any:
    return stage.web.get(f"/handsets/{number}").get_json()


def hears(stage: Stage, number: str) -> dict[str, tuple[bool, bool]]:
    """Return for each peer, by its number, whether it hears this one and whether this one hears it."""
    return {
        stage.network.calls[peer["id"]].party.number: (peer["hears_me"], peer["i_hear"])
        for peer in state(stage, number)["peers"]
    }


def participant(stage: Stage, number: str) -> Any:
    room = stage.rest.conferences.list()[0]
    sid = state(stage, number)["call"]
    return stage.rest.conferences(room.sid).participants(sid)


def test_two_in_a_room_hear_each_other_and_nobody_does_before_and_after() -> None:
    stage = in_a_room()
    assert hears(stage, CALLER) == {AGENT: (True, True)}
    assert hears(stage, AGENT) == {CALLER: (True, True)}
    stage.web.post(f"/handsets/{AGENT}/hangup")
    assert state(stage, CALLER)["peers"] == []


def test_a_muted_one_hears_and_is_not_heard() -> None:
    stage = in_a_room()
    participant(stage, AGENT).update(muted=True)
    assert hears(stage, AGENT) == {CALLER: (False, True)}
    assert hears(stage, CALLER) == {AGENT: (True, False)}
    participant(stage, AGENT).update(muted=False)
    assert hears(stage, CALLER) == {AGENT: (True, True)}


def test_who_is_on_hold_is_connected_with_nobody() -> None:
    stage = in_a_room()
    participant(stage, CALLER).update(hold=True)
    assert (state(stage, CALLER)["peers"], state(stage, AGENT)["peers"]) == ([], [])
    participant(stage, CALLER).update(hold=False)
    assert hears(stage, CALLER) == {AGENT: (True, True)}


def test_a_coach_hears_all_and_is_heard_by_the_coached_alone_until_that_ends() -> None:
    stage = in_a_room(coach=True)
    assert hears(stage, COLLEAGUE) == {CALLER: (False, True), AGENT: (True, True)}
    assert hears(stage, CALLER) == {AGENT: (True, True), COLLEAGUE: (True, False)}
    assert hears(stage, AGENT) == {CALLER: (True, True), COLLEAGUE: (True, True)}
    participant(stage, COLLEAGUE).update(coaching=False)
    assert hears(stage, CALLER) == {AGENT: (True, True), COLLEAGUE: (True, True)}


def test_a_bridge_connects_both_ways() -> None:
    stage = Stage({"/in": f"<Dial><Number>{AGENT}</Number></Dial>"})
    stage.agent(answer_after=1)
    stage.dial()
    stage.run(5)
    assert hears(stage, CALLER) == {AGENT: (True, True)}
    assert hears(stage, AGENT) == {CALLER: (True, True)}


def with_pages() -> tuple[Stage, str, str]:
    """A room whose two people have lent pages their voices; and the ids of caller and agent."""
    stage = in_a_room()
    stage.web.put(f"/handsets/{CALLER}/voice", json={"session": MINE})
    stage.web.put(f"/handsets/{AGENT}/voice", json={"session": THEIRS})
    return stage, state(stage, CALLER)["call"], state(stage, AGENT)["call"]


def send(stage: Stage, to: str, **changed: object) -> Any:
    body = {"session": MINE, "to": to, "voice": THEIRS, "link": "1", "description": OFFER, **changed}
    return stage.web.post(f"/handsets/{CALLER}/signals", json=body)


def test_a_signal_reaches_the_page_of_the_peer_once_and_says_whom_to_answer() -> None:
    stage, caller, agent = with_pages()
    assert send(stage, agent).status_code == 204
    path, session = f"/handsets/{AGENT}/voice", {"session": THEIRS}
    assert stage.web.post(path, json={"session": "an-older-page"}).get_json()["signals"] == []
    (signal,) = stage.web.post(path, json=session).get_json()["signals"]
    assert signal == {"from": caller, "voice": MINE, "link": "1", "description": OFFER}
    assert stage.web.post(path, json=session).get_json()["signals"] == []
    assert state(stage, AGENT)["peers"][0]["voice"] == MINE


@contextmanager
def followed(stage: Stage, path: str) -> Iterator[Iterator[bytes]]:
    """The pieces of a stream, as they come."""
    answer = stage.web.get(path, buffered=False)
    yield iter(answer.response)  # type: ignore[arg-type]  # the test client types it as any iterable
    answer.close()


def test_a_stream_brings_states_and_signals_to_the_page_that_has_the_voice() -> None:
    stage, _, agent = with_pages()
    path = f"/handsets/{AGENT}/events"
    with followed(stage, f"{path}?voice={THEIRS}") as told, followed(stage, path) as seen:
        assert b'"state": "talking"' in next(told)
        assert b'"state": "talking"' in next(seen)
        send(stage, agent)
        assert next(told).startswith(b"event: signal\ndata: ")
        assert b"signal" not in next(seen)
    assert stage.network.watchers == []


def test_a_stream_that_lingers_takes_no_signal_from_the_newer_one_of_the_same_page() -> None:
    stage, _, agent = with_pages()
    path = f"/handsets/{AGENT}/events?voice={THEIRS}"
    with followed(stage, path) as lingering, followed(stage, path) as living:
        next(lingering)
        next(living)
        send(stage, agent)
        assert b"signal" not in next(lingering)
        assert b"event: signal" in next(living)


def test_one_stream_follows_all_handsets_of_a_page_and_calls_them_as_it_was_asked() -> None:
    stage = Stage({})
    with followed(stage, "/handsets/events?number=01010000001&number=client:kim") as told:
        first = next(told)
    assert b'"asked": "01010000001"' in first
    assert b'"asked": "client:kim"' in first
    assert stage.web.get("/handsets/events").status_code == 400


def test_after_a_reset_a_page_reads_that_its_handset_is_idle_and_lends_its_voice_anew() -> None:
    stage, _, _ = with_pages()
    with followed(stage, f"/handsets/{AGENT}/events?voice={THEIRS}") as told:
        assert b'"state": "talking"' in next(told)
        stage.web.post("/admin/reset")
        assert b'"voice": null' in next(told)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"to": "CA" + "0" * 32}, 409),
        ({"voice": "a-page-before-its-reload"}, 409),
        ({"session": "another-page-of-mine"}, 409),
        ({"session": "short"}, 400),
        ({"session": 1}, 400),
        ({"candidate": {}}, 400),
        ({"description": "v=0"}, 400),
        ({"link": "1" * 65}, 400),
        ({"link": 1}, 400),
        ({"description": {"sdp": "x" * 20_000}}, 413),
    ],
)
def test_a_signal_that_does_not_fit_is_refused_in_plain_words(changed: dict[str, object], status: int) -> None:
    stage, _, agent = with_pages()
    answer = send(stage, **{"to": agent, **changed})  # type: ignore[arg-type]  # the wrong types are the point
    assert answer.status_code == status
    assert answer.get_json()["error"]


def test_after_the_call_nothing_can_be_signalled_any_more() -> None:
    stage, _, agent = with_pages()
    stage.web.post(f"/handsets/{AGENT}/hangup")
    assert send(stage, agent).status_code == 409


def test_signals_that_nobody_collects_are_bounded() -> None:
    stage, _, agent = with_pages()
    answers = [send(stage, agent).status_code for _ in range(201)]
    assert (answers[199], answers[200]) == (204, 409)


def test_the_newest_page_has_the_voice_and_the_others_read_that_they_lost_it() -> None:
    stage, _, _ = with_pages()
    stage.web.put(f"/handsets/{CALLER}/voice", json={"session": "a-second-tab"})
    assert state(stage, CALLER)["voice"] == "a-second-tab"
    assert state(stage, AGENT)["peers"][0]["voice"] == "a-second-tab"
    assert stage.web.post(f"/handsets/{CALLER}/voice", json={"session": MINE}).get_json()["voice"] == "a-second-tab"


def test_a_state_says_since_when_it_lasts() -> None:
    stage = in_a_room()
    assert state(stage, CALLER)["since"].startswith("2026-11-23T01:00:0")
    stage.web.post(f"/handsets/{CALLER}/hangup")
    assert state(stage, CALLER)["since"] is None


def at_a_page() -> Stage:
    """A person, whom nobody scripts, talks with an agent in a room."""
    stage = Stage({"/in": ROOM.format(""), "/agent": ROOM.format("")})
    stage.web.post(f"/handsets/{CALLER}/calls", json={"to": LINE})
    stage.agent(AGENT, answer_after=1)
    stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    stage.run(4)
    return stage


def follow(stage: Stage, number: str, session: str) -> Any:
    """Open the stream of a page that lends the handset its voice, and read its first event."""
    stage.web.put(f"/handsets/{number}/voice", json={"session": session})
    stream = stage.web.get(f"/handsets/{number}/events?voice={session}", buffered=False)
    next(iter(stream.response))
    return stream


def test_who_closes_the_page_has_hung_up_half_a_minute_later() -> None:
    stage = at_a_page()
    stream = follow(stage, CALLER, MINE)
    stage.run(120)
    assert state(stage, CALLER)["state"] == "talking"
    stream.close()
    stage.run(29)
    assert state(stage, CALLER)["state"] == "talking"
    stage.run(2)
    assert state(stage, CALLER)["state"] == "idle"


def test_a_page_that_comes_back_in_time_goes_on_with_the_call() -> None:
    stage = at_a_page()
    follow(stage, CALLER, MINE).close()
    stage.run(20)
    with follow(stage, CALLER, "page-of-the-caller-again"):
        stage.run(120)
        assert state(stage, CALLER)["state"] == "talking"
    stage.run(31)
    assert state(stage, CALLER)["state"] == "idle"


def test_a_page_without_a_stream_has_hung_up_when_it_no_longer_asks() -> None:
    stage = at_a_page()
    stage.web.put(f"/handsets/{CALLER}/voice", json={"session": MINE})
    for _ in range(5):
        stage.web.post(f"/handsets/{CALLER}/voice", json={"session": MINE})
        stage.run(60)
    assert state(stage, CALLER)["state"] == "talking"
    stage.run(100)
    assert state(stage, CALLER)["state"] == "idle"
