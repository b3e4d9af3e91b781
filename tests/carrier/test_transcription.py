"""Real-time transcription (docs voice/twiml/transcription): what a person says, told in numbered events."""

import json

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.carrier.stage import AGENT, BASE, CALLER, LINE, Stage

TRANSCRIPTION = f"<Transcription name='t' track='inbound_track' languageCode='ko-KR' statusCallbackUrl='{BASE}/words'/>"
START = f"<Start>{TRANSCRIPTION}</Start>"
ROOM = "<Dial><Conference>room</Conference></Dial>"


def words(stage: Stage, path: str = "/words") -> list[tuple[str, str]]:
    """The content events: track and words."""
    content = [form for form in stage.forms(path) if form["TranscriptionEvent"] == "transcription-content"]
    return [(form["Track"], json.loads(form["TranscriptionData"])["transcript"]) for form in content]


def events(stage: Stage) -> list[str]:
    return [form["TranscriptionEvent"].removeprefix("transcription-") for form in stage.forms("/words")]


def test_what_the_person_says_is_told_in_numbered_events_from_start_to_stop() -> None:
    stop = "<Stop><Transcription name='t'/></Stop>"
    stage = Stage({"/in": f"<Say>가</Say>{START}<Pause length='30'/>{stop}<Pause length='9'/>"})
    call = stage.dial()
    stage.run(3)
    stage.network.handset(CALLER).speak("안녕하세요.")
    stage.run(5)
    stage.network.handset(CALLER).speak("기술보증기금입니까?")
    stage.run(40)
    assert events(stage) == ["started", "content", "content", "stopped"]
    assert words(stage) == [("inbound_track", "안녕하세요."), ("inbound_track", "기술보증기금입니까?")]
    forms = stage.forms("/words")
    assert [form["SequenceId"] for form in forms] == ["1", "2", "3", "4"]
    assert {form["CallSid"] for form in forms} == {call.sid}
    assert {form["TranscriptionSid"][:2] for form in forms} == {"GT"}
    assert {form["LanguageCode"] for form in forms} == {"ko-KR"}
    assert (forms[1]["Final"], forms[0]["PartialResults"]) == ("true", "false")
    assert forms[1]["Timestamp"].endswith("Z")


def test_the_end_of_the_call_stops_it_and_tells_what_was_said_so_far() -> None:
    stage = Stage({"/in": f"<Say>가</Say>{START}<Pause length='60'/>"})
    stage.dial(hang_up_after=6)
    stage.run(5.6)
    stage.network.handset(CALLER).speak("아주 길고 긴 문장을 끝까지 말하지 못했습니다.")
    stage.run(5)
    assert events(stage) == ["started", "content", "stopped"]
    ((_, said),) = words(stage)
    assert said
    assert "아주 길고 긴 문장을 끝까지 말하지 못했습니다.".startswith(said)
    assert not said.endswith("못했습니다.")


def test_each_track_has_its_own_speaker_and_prompts_are_nobodys_words() -> None:
    both = START.replace("inbound_track", "both_tracks")
    stage = Stage({"/in": f"<Say>안내</Say>{both}{ROOM}", "/agent": f"{START.replace('/words', '/agents')}{ROOM}"})
    stage.agent(answer_after=1, greets=("상담원입니다.",))
    stage.dial(greets=("고객입니다.",), greet_after=3)
    stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    stage.run(20)
    assert words(stage, "/agents") == [("inbound_track", "상담원입니다.")]
    assert words(stage) == [("outbound_track", "상담원입니다."), ("inbound_track", "고객입니다.")]


def test_a_scripted_person_greets_whoever_is_met_and_closes_later() -> None:
    stage = Stage({"/in": ROOM, "/agent": f"{START}{ROOM}"})
    stage.agent(answer_after=1, greets=("안녕하세요.", "김민수입니다."), closes=("감사합니다.",), close_after=9)
    stage.dial()
    stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    stage.run(30)
    assert [said for _, said in words(stage)] == ["안녕하세요.", "김민수입니다.", "감사합니다."]


def test_it_is_started_and_stopped_by_rest_with_its_name_or_its_sid() -> None:
    stage = Stage({"/in": "<Pause length='2'/><Say>가</Say><Pause length='60'/>"})
    call = stage.dial()
    stage.run(5)
    listed = stage.rest.calls(call.sid).transcriptions
    first = listed.create(name="t", track="inbound_track", language_code="ko-KR", status_callback_url=f"{BASE}/words")
    assert (first.status, first.name, first.sid[:2]) == ("in-progress", "t", "GT")
    assert stage.rest.calls(call.sid).transcriptions("t").update(status="stopped").status == "stopped"
    second = listed.create()
    assert stage.rest.calls(call.sid).transcriptions(second.sid).update(status="stopped").status == "stopped"
    stage.run(2)
    assert events(stage) == ["started", "stopped"]
    with pytest.raises(TwilioRestException) as refusal:
        stage.rest.calls(call.sid).transcriptions("t").update(status="stopped")
    assert (refusal.value.status, refusal.value.code) == (404, 20404)
    stage.assert_answers_fit()


def test_a_call_that_is_over_cannot_be_transcribed() -> None:
    stage = Stage({"/in": "<Hangup/>"})
    call = stage.dial()
    stage.run(5)
    with pytest.raises(TwilioRestException) as refusal:
        stage.rest.calls(call.sid).transcriptions.create()
    assert refusal.value.code == 21220


def test_a_relative_address_is_not_called_and_warned_of() -> None:
    stage = Stage({"/in": "<Start><Transcription statusCallbackUrl='/words'/></Start><Pause length='9'/>"})
    stage.dial()
    stage.run(5)
    assert stage.forms("/words") == []
    assert [alert.code for alert in stage.network.alerts] == [17585]


def test_a_recording_of_one_track_says_so_everywhere() -> None:
    stage = Stage({"/in": "<Say>가</Say><Pause length='60'/>"})
    call = stage.dial()
    stage.run(5)
    events = ["in-progress", "completed"]
    asked = {"recording_status_callback": f"{BASE}/rec", "recording_status_callback_event": events}
    made = stage.rest.calls(call.sid).recordings.create(recording_track="inbound", recording_channels="mono", **asked)
    stage.run(4)
    stage.rest.calls(call.sid).recordings("Twilio.CURRENT").update(status="stopped")
    stage.run(3)
    assert made.track == "inbound"
    forms = stage.forms("/rec")
    assert [(form["RecordingStatus"], form["RecordingTrack"]) for form in forms] == [
        ("in-progress", "inbound"),
        ("completed", "inbound"),
    ]
    with pytest.raises(TwilioRestException) as refusal:
        stage.rest.calls(call.sid).recordings.create(recording_track="left")
    assert refusal.value.status == 400
