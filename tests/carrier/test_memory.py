"""What is long over is forgotten whole, and what still goes on is not."""

from datetime import timedelta

import pytest
from twilio.base.exceptions import TwilioRestException

from carrier.memory import forget
from tests.carrier.stage import AGENT, BASE, LINE, Stage

ROOM = "<Dial record='record-from-answer'><Conference endConferenceOnExit='true'>r1</Conference></Dial>"


def talk(stage: Stage, *, seconds: float) -> None:
    stage.agent(AGENT, answer_after=1)
    stage.dial(talk_seconds=seconds)
    stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/in")
    stage.run(10)


def test_calls_rooms_recordings_and_messages_are_forgotten_once_they_are_over() -> None:
    stage = Stage({"/in": ROOM})
    network = stage.network
    talk(stage, seconds=5)
    leg = network.calls[next(iter(network.calls))]
    recording = network.record(leg, source="OutboundAPI", channels=1, target=None)
    recording.stop()
    stage.rest.messages.create(to="+821000000009", from_=LINE, body="Thank you.")
    stage.run(60)
    known = [network.calls, network.conferences, network.rooms, network.recordings, network.messages]
    assert all(known)
    forget(network, network.now)
    assert not any(known)
    with pytest.raises(TwilioRestException) as refused:
        stage.rest.calls(leg.sid).fetch()
    assert refused.value.status == 404
    talk(stage, seconds=5)
    stage.run(30)
    assert len(network.rooms) == 1


def test_a_talk_that_goes_on_is_remembered_and_ends_as_it_would_have() -> None:
    stage = Stage({"/in": ROOM})
    network = stage.network
    talk(stage, seconds=30)
    before = list(network.calls), list(network.conferences), list(network.rooms)
    forget(network, network.now + timedelta(days=1))
    assert (list(network.calls), list(network.conferences), list(network.rooms)) == before
    stage.run(60)
    assert all(call.ended for call in network.calls.values())
    assert [room.status for room in network.rooms.values()] == ["completed"]
