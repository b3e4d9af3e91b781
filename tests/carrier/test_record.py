"""Record, Start Recording, and recordings over REST."""

import io
import wave

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.carrier.stage import BASE, SID, TOKEN, Stage, heard

RECORD = f"<Record action='/clip' maxLength='30' timeout='3' recordingStatusCallback='{BASE}/rec'/>"


def test_a_scripted_person_speaks_a_while_and_silence_ends_the_recording() -> None:
    """Record ends after `timeout` seconds of silence (default 5)."""
    stage = Stage({"/in": RECORD, "/clip": "<Say>감사합니다</Say>"})
    call = stage.dial(speak_seconds=4)
    stage.run(20)
    form = stage.forms("/clip")[0]
    assert (form["RecordingDuration"], form["Digits"]) == ("7", "")
    assert form["RecordingSid"].startswith("RE")
    assert heard(call) == ["beep", "감사합니다"]
    assert stage.forms("/rec")[0]["RecordingStatus"] == "completed"
    assert stage.forms("/rec")[0]["RecordingSource"] == "RecordVerb"


def test_a_key_ends_the_recording_and_is_told() -> None:
    stage = Stage({"/in": RECORD, "/clip": "<Hangup/>"})
    stage.dial("#", press_after=2)
    stage.run(20)
    form = stage.forms("/clip")[0]
    assert (form["RecordingDuration"], form["Digits"]) == ("2", "#")


def test_hanging_up_ends_the_recording_and_the_action_hears_of_it() -> None:
    stage = Stage({"/in": RECORD})
    stage.dial(hang_up_after=5, speak_seconds=20)
    stage.run(20)
    form = stage.forms("/clip")[0]
    assert (form["Digits"], form["CallStatus"]) == ("hangup", "completed")


def test_without_an_action_record_loops_onto_its_own_document() -> None:
    stage = Stage({"/in": "<Record timeout='1' maxLength='5'/>"})
    stage.dial(speak_seconds=1, hang_up_after=9)
    stage.run(20)
    assert len(stage.forms("/in")) >= 3


def test_a_recording_started_beside_the_document_tells_its_beginning_and_its_end() -> None:
    """RecordingStatus: in-progress, completed, absent."""
    stage = Stage({
        "/in": f"<Start><Recording recordingStatusCallback='{BASE}/rec' "
        "recordingStatusCallbackEvent='in-progress completed'/></Start><Pause length='6'/>",
    })  # fmt: skip
    stage.dial(hang_up_after=5)
    stage.run(10)
    assert [form["RecordingStatus"] for form in stage.forms("/rec")] == ["in-progress", "completed"]
    assert stage.forms("/rec")[1]["RecordingChannels"] == "2"


def test_a_recording_can_be_started_paused_resumed_and_stopped_by_rest() -> None:
    """PauseBehavior silence keeps the time axis, skip cuts the pause out."""
    stage = Stage({"/in": "<Say>가</Say><Pause length='120'/>"})
    call = stage.dial()
    stage.run(5)
    recording = stage.rest.calls(call.sid).recordings.create(recording_status_callback=f"{BASE}/rec")
    assert (recording.status, recording.source) == ("in-progress", "StartCallRecordingAPI")
    stage.run(5)
    current = stage.rest.calls(call.sid).recordings("Twilio.CURRENT")
    assert current.update(status="paused", pause_behavior="skip").status == "paused"
    stage.run(10)
    current.update(status="in-progress")
    stage.run(5)
    assert current.update(status="stopped").status == "processing"
    stage.run(2)
    done = stage.rest.recordings(recording.sid).fetch()
    assert (done.status, done.duration) == ("completed", "10")
    assert [one.sid for one in stage.rest.recordings.list(call_sid=call.sid)] == [recording.sid]
    stage.assert_answers_fit()


def test_the_sound_is_a_tone_of_the_right_length_and_needs_credentials() -> None:
    stage = Stage({"/in": RECORD, "/clip": "<Hangup/>"})
    stage.dial("#", press_after=2)
    stage.run(20)
    path = f"/2010-04-01/Accounts/{SID}/Recordings/{stage.forms('/clip')[0]['RecordingSid']}.wav"
    assert stage.web.get(path).status_code == 401
    answer = stage.web.get(path, auth=(SID, TOKEN))
    with wave.open(io.BytesIO(answer.data)) as sound:
        assert sound.getnframes() / sound.getframerate() == 2


def test_a_deleted_recording_is_gone() -> None:
    stage = Stage({"/in": RECORD, "/clip": "<Hangup/>"})
    stage.dial("#", press_after=2)
    stage.run(20)
    sid = stage.rest.recordings.list()[0].sid
    assert stage.rest.recordings(sid).delete()
    with pytest.raises(TwilioRestException) as caught:
        stage.rest.recordings(sid).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)
