"""What people said into their pages is in the recordings that heard them, at its time and on its channel."""

import io
import wave
from array import array
from datetime import timedelta
from typing import Any

import pytest

from carrier.options import Options
from tests.carrier.stage import AGENT, BASE, CALLER, LINE, SID, TOKEN, Stage

PAGE = "page-of-somebody"
RECORD = "<Record action='/clip' maxLength='30' timeout='3'/>"
BRIDGE = f"<Start><Recording/></Start><Dial><Number>{AGENT}</Number></Dial>"
ROOM = "<Dial><Conference beep='false' record='record-from-start' {}>r1</Conference></Dial>"


def talking(document: str, options: Options | None = None) -> Stage:
    """A caller in this document, with somebody who answers; both have pages."""
    stage = Stage({"/in": document, "/agent": ROOM.format("")}, options)
    stage.agent(answer_after=1)
    stage.dial()
    for who in (CALLER, AGENT):
        stage.web.put(f"/handsets/{who}/voice", json={"session": PAGE})
    stage.run(4)
    return stage


def say(stage: Stage, number: str, level: int, *, seconds: float = 1.0, ago: float = 1.0) -> Any:
    """Send a constant level from a page, as something that was said so many seconds ago."""
    at = int((stage.network.now - timedelta(seconds=ago)).timestamp() * 1000)
    samples = array("h", [level] * int(8000 * seconds)).tobytes()
    return stage.web.post(f"/handsets/{number}/sound?session={PAGE}&at={at}", data=samples)


def levels(stage: Stage, channel: int = 0) -> list[int]:
    """Return the level in the middle of each second of the last recording."""
    recording = list(stage.network.recordings.values())[-1]
    recording.stop()
    stage.run(2)
    path = f"/2010-04-01/Accounts/{SID}/Recordings/{recording.sid}.wav"
    with wave.open(io.BytesIO(stage.web.get(path, auth=(SID, TOKEN)).data)) as sound:
        frames = array("h", sound.readframes(sound.getnframes()))
        samples = frames[channel :: sound.getnchannels()]
    assert len(samples) == recording.seconds * 8000
    return [samples[second * 8000 + 4000] for second in range(recording.seconds)]


def shown(stage: Stage, number: str) -> Any:
    return stage.web.get(f"/handsets/{number}").get_json()["recording"]


def test_what_a_caller_says_after_the_beep_is_the_recording_and_the_rest_is_silent() -> None:
    stage = Stage({"/in": RECORD})
    stage.dial()
    stage.web.put(f"/handsets/{CALLER}/voice", json={"session": PAGE})
    stage.run(0.5)
    assert shown(stage, CALLER) is False
    stage.run(2.5)
    assert shown(stage, CALLER) is True
    assert say(stage, CALLER, 1000).status_code == 204
    stage.run(2)
    assert levels(stage)[1:3] == [1000, 0]
    assert shown(stage, CALLER) is False


def test_the_two_sides_of_a_bridge_are_on_two_channels() -> None:
    stage = talking(BRIDGE)
    say(stage, CALLER, 100)
    say(stage, AGENT, 200)
    assert 100 in levels(stage, 0)
    assert 200 in levels(stage, 1)


def test_a_room_is_mixed_and_never_louder_than_samples_can_be() -> None:
    stage = Stage({"/in": ROOM.format(""), "/agent": ROOM.format("")})
    stage.dial()
    stage.run(1)
    stage.agent(AGENT, answer_after=0.2)
    stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    for who in (CALLER, AGENT):
        stage.web.put(f"/handsets/{who}/voice", json={"session": PAGE})
    stage.run(6)
    for who in (CALLER, AGENT):
        say(stage, who, 300, ago=3)
        say(stage, who, 20_000)
    found = levels(stage)
    assert 600 in found
    assert 32_767 in found


def test_a_muted_one_is_not_recorded() -> None:
    stage = Stage({"/in": ROOM.format("muted='true'"), "/agent": ROOM.format("")})
    stage.dial()
    stage.run(1)
    stage.agent(AGENT, answer_after=0.2)
    stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    for who in (CALLER, AGENT):
        stage.web.put(f"/handsets/{who}/voice", json={"session": PAGE})
    stage.run(6)
    assert (shown(stage, CALLER), shown(stage, AGENT)) == (False, True)
    say(stage, CALLER, 500)
    say(stage, AGENT, 7)
    assert set(levels(stage)) == {0, 7}


def test_sound_from_before_its_beginning_and_during_a_pause_is_left_out() -> None:
    stage = talking(BRIDGE)
    recording = next(iter(stage.network.recordings.values()))
    say(stage, CALLER, 100, seconds=4, ago=9)
    recording.pause("silence")
    say(stage, CALLER, 200)
    recording.resume()
    say(stage, CALLER, 300)
    assert set(levels(stage)) <= {0, 300}


@pytest.mark.parametrize(
    ("query", "content", "status"),
    [
        ("session=page-of-nobody&at={at}", b"\0\0", 409),
        ("at={at}", b"\0\0", 400),
        (f"session={PAGE}", b"\0\0", 400),
        (f"session={PAGE}&at=soon", b"\0\0", 400),
        (f"session={PAGE}&at=1", b"\0\0", 400),
        (f"session={PAGE}&at={'9' * 15}", b"\0\0", 400),
        (f"session={PAGE}&at={{at}}", b"", 400),
        (f"session={PAGE}&at={{at}}", b"\0\0\0", 400),
        (f"session={PAGE}&at={{at}}", bytes(65_538), 413),
    ],
)
def test_sound_that_does_not_fit_is_refused(query: str, content: bytes, status: int) -> None:
    stage = talking(BRIDGE)
    at = int(stage.network.now.timestamp() * 1000)
    answer = stage.web.post(f"/handsets/{CALLER}/sound?{query.format(at=at)}", data=content)
    assert answer.status_code == status
    assert answer.get_json()["error"]


def test_the_oldest_recordings_go_back_to_their_tone_when_sound_takes_too_much_room() -> None:
    stage = talking(RECORD, options=Options(sound_samples=30_000))
    first = next(iter(stage.network.recordings.values()))
    say(stage, CALLER, 100)
    stage.web.post(f"/handsets/{CALLER}/hangup")
    stage.dial()
    stage.run(4)
    say(stage, CALLER, 100, seconds=2, ago=2)
    assert len(first.sound) == 0
    assert any(levels(stage))
