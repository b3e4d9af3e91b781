"""Conference by TwiML and by REST: start, end, who left why, hold, mute, announcements, participants."""

from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.carrier.stage import AGENT, BASE, COLLEAGUE, LINE, Stage, heard

EVENTS = f"statusCallback='{BASE}/room' statusCallbackEvent='start end join leave mute hold announcement'"


def room(attributes: str = "", name: str = "r1") -> str:
    return f"<Dial action='/after'><Conference beep='false' {EVENTS} {attributes}>{name}</Conference></Dial>"


DOCUMENTS = {
    "/in": room("endConferenceOnExit='true' participantLabel='caller'"),
    "/agent": room("participantLabel='agent'"),
    "/after": "<Say>끝</Say>",
}


def call_agent(stage: Stage, number: str = AGENT, path: str = "/agent", **person: Any) -> Any:
    stage.agent(number, answer_after=1, **person)
    return stage.rest.calls.create(to=number, from_=LINE, url=f"{BASE}{path}")


def told(stage: Stage) -> list[tuple[str, str]]:
    """Return the room's events with the label concerned, in their own order."""
    forms = sorted(stage.forms("/room"), key=lambda form: int(form["SequenceNumber"]))
    return [(form["StatusCallbackEvent"], form.get("ParticipantLabel", "")) for form in forms]


def test_a_room_starts_with_the_second_person_and_ends_with_the_caller() -> None:
    """endConferenceOnExit: the room ends when that participant leaves; the others carry moderator_ended_conference."""
    stage = Stage(DOCUMENTS)
    caller = stage.dial(talk_seconds=8)
    stage.run(3)
    agent = call_agent(stage)
    stage.run(30)
    assert told(stage) == [
        ("participant-join", "caller"),
        ("participant-join", "agent"),
        ("conference-start", ""),
        ("participant-leave", "caller"),
        ("participant-leave", "agent"),
        ("conference-end", ""),
    ]
    left = [form for form in stage.forms("/room") if "ReasonParticipantLeft" in form]
    reasons = {form["ParticipantLabel"]: form["ReasonParticipantLeft"] for form in left}
    assert reasons == {"caller": "participant_hung_up", "agent": "moderator_ended_conference"}
    end = next(form for form in stage.forms("/room") if form["StatusCallbackEvent"] == "conference-end")
    assert end["ReasonConferenceEnded"] == "participant-with-end-conference-on-exit-left"
    assert (end["CallSidEndingConference"], end["ParticipantLabelEndingConference"]) == (caller.sid, "caller")
    assert [talk.others for talk in caller.talks] == [(agent.sid,)]
    assert caller.ended_by == "person"


def test_who_waits_alone_hears_the_wait_document_until_the_room_starts() -> None:
    """waitUrl allows Play, Say, Pause, Redirect, and no Gather."""
    documents = {**DOCUMENTS, "/in": room("waitUrl='/music'"), "/music": "<Gather/><Say>대기</Say><Pause length='3'/>"}
    stage = Stage(documents)
    caller = stage.dial()
    stage.run(10)
    assert len(stage.forms("/music")) > 1
    assert stage.codes()[0] == 12200
    call_agent(stage)
    stage.run(5)
    asked = len(stage.forms("/music"))
    stage.run(10)
    assert len(stage.forms("/music")) == asked
    assert "대기" in heard(caller)


def test_who_may_not_start_the_room_waits_for_somebody_who_may() -> None:
    """startConferenceOnEnter=false waits."""
    waits = room("startConferenceOnEnter='false'")
    documents = {**DOCUMENTS, "/in": waits, "/second": waits}
    stage = Stage(documents)
    caller = stage.dial()
    stage.run(2)
    call_agent(stage, COLLEAGUE, "/second")
    stage.run(5)
    assert caller.talks == []
    call_agent(stage)
    stage.run(5)
    assert len(caller.talks[0].others) == 2


def test_the_callback_and_its_events_are_those_of_the_first_participant() -> None:
    """statusCallback and its event list are taken from the first participant; later values are ignored."""
    second = f"<Dial><Conference statusCallback='{BASE}/second' statusCallbackEvent='join'>r1</Conference></Dial>"
    stage = Stage({**DOCUMENTS, "/agent": second})
    stage.dial()
    stage.run(2)
    call_agent(stage)
    stage.run(5)
    assert stage.forms("/second") == []
    assert ("conference-start", "") in told(stage)


def test_the_last_to_leave_ends_the_room_and_its_name_can_be_used_again() -> None:
    stage = Stage({**DOCUMENTS, "/in": room()})
    stage.dial(hang_up_after=4)
    stage.run(10)
    end = next(form for form in stage.forms("/room") if form["StatusCallbackEvent"] == "conference-end")
    assert end["ReasonConferenceEnded"] == "last-participant-left"
    stage.dial(hang_up_after=4)
    stage.run(10)
    rooms = stage.rest.conferences.list(friendly_name="r1")
    assert len({one.sid for one in rooms}) == 2
    stage.assert_answers_fit()


def test_a_label_that_is_taken_is_refused() -> None:
    """participantLabel is unique in a room (16025)."""
    stage = Stage({**DOCUMENTS, "/agent": room("participantLabel='caller'")})
    stage.dial()
    stage.run(2)
    call_agent(stage)
    stage.run(5)
    assert 16025 in stage.codes()
    assert stage.forms("/after")[0]["DialCallStatus"] == "failed"


def test_others_hear_a_beep_when_somebody_comes_unless_it_is_switched_off() -> None:
    beeping = "<Dial><Conference>r1</Conference></Dial>"
    stage = Stage({"/in": beeping, "/agent": beeping})
    caller = stage.dial()
    stage.run(2)
    call_agent(stage)
    stage.run(5)
    assert heard(caller, "beep") == ["beep"]


def test_ending_a_room_by_rest_lets_everybody_go_on_with_their_document() -> None:
    """conference_ended_via_api; the action hears DialCallStatus answered = joined a conference."""
    stage = Stage(DOCUMENTS)
    caller = stage.dial()
    stage.run(2)
    call_agent(stage)
    stage.run(5)
    sid = stage.rest.conferences.list(status="in-progress")[0].sid
    assert stage.rest.conferences(sid).update(status="completed").status == "completed"
    stage.run(3)
    reasons = {form["ReasonParticipantLeft"] for form in stage.forms("/room") if "ReasonParticipantLeft" in form}
    assert reasons == {"conference_ended_via_api"}
    assert stage.forms("/after")[0]["DialCallStatus"] == "answered"
    assert heard(caller)[-1] == "끝"
    stage.assert_answers_fit()


def test_somebody_on_hold_hears_the_hold_document_and_nobody_else() -> None:
    """HoldMethod defaults to GET."""
    stage = Stage({**DOCUMENTS, "/hold": "<Say>잠시만</Say><Pause length='2'/>"})
    caller = stage.dial()
    stage.run(2)
    call_agent(stage)
    stage.run(4)
    people = stage.rest.conferences("r1").participants
    held = stage.rest.conferences("r1").participants(caller.sid).update(hold=True, hold_url=f"{BASE}/hold")
    assert held.hold is True
    stage.run(4)
    assert "잠시만" in heard(caller)
    assert {asked.method for asked in stage.asked if asked.path == "/hold"} == {"GET"}
    assert caller.talks[-1].until is not None
    assert [one.call_sid for one in people.list(hold=True)] == [caller.sid]
    stage.rest.conferences("r1").participants("caller").update(hold=False, muted=True)
    stage.run(1)
    assert caller.talks[-1].until is None
    events = [event for event, _ in told(stage)]
    assert events[-3:] == ["participant-hold", "participant-mute", "participant-unhold"]
    stage.assert_answers_fit()


def test_an_announcement_is_heard_by_one_participant_only() -> None:
    """AnnounceUrl plays to that participant only; its end is an announcement event."""
    stage = Stage({**DOCUMENTS, "/name": "<Say>보증부 김민수 대리입니다</Say>"})
    caller = stage.dial()
    stage.run(2)
    agent = call_agent(stage)
    stage.run(4)
    stage.rest.conferences("r1").participants(caller.sid).update(announce_url=f"{BASE}/name")
    stage.run(5)
    assert heard(caller)[-1] == "보증부 김민수 대리입니다"
    assert "보증부 김민수 대리입니다" not in heard(stage.network.calls[agent.sid])
    assert ("announcement-end", "caller") in told(stage)


def test_an_announcement_goes_on_to_another_document_when_it_was_heard_to_its_end() -> None:
    """AnnounceUrl may hold Play, Say, Pause and Redirect; Dial, Gather, Hangup and Record are error 13238."""
    announcement = {"/first": f"<Say>첫 안내입니다</Say><Redirect>{BASE}/second</Redirect>", "/second": ""}
    stage = Stage({**DOCUMENTS, **announcement})
    caller = stage.dial()
    stage.run(2)
    call_agent(stage)
    stage.run(4)
    stage.rest.conferences("r1").participants(caller.sid).update(announce_url=f"{BASE}/first")
    stage.run(0.5)
    assert stage.forms("/second") == []
    stage.run(6)
    assert len(stage.forms("/second")) == 1
    assert ("announcement-end", "caller") in told(stage)


def test_a_participant_called_by_rest_joins_on_answer_and_is_removed_by_rest() -> None:
    """Participants create: To, From, Label, four status events; addressable by the room's friendly name."""
    stage = Stage(DOCUMENTS)
    caller = stage.dial(linger=None)
    stage.run(2)
    stage.agent(answer_after=2)
    created = stage.rest.conferences("r1").participants.create(
        from_=LINE, to=AGENT, label="expert", beep="false", end_conference_on_exit=False,
        status_callback=f"{BASE}/leg", status_callback_event=["initiated", "ringing", "answered", "completed"],
    )  # fmt: skip
    assert created.status == "queued"
    stage.run(5)
    people = stage.rest.conferences("r1").participants
    assert {one.label: one.status for one in people.list()} == {"caller": "connected", "expert": "connected"}
    assert caller.talks[0].others == (created.call_sid,)
    assert stage.rest.conferences("r1").participants("expert").delete()
    stage.run(2)
    assert stage.network.calls[created.call_sid].status == "completed"
    assert sorted(f["SequenceNumber"] for f in stage.forms("/leg")) == ["0", "1", "2", "3"]
    left = next(f for f in stage.forms("/room") if f.get("ReasonParticipantLeft"))
    assert left["ReasonParticipantLeft"] == "participant_updated_via_api"
    stage.assert_answers_fit()


def test_a_participant_who_does_not_answer_has_failed_to_be_added() -> None:
    stage = Stage(DOCUMENTS)
    stage.dial()
    stage.run(2)
    stage.agent(answer_after=None)
    stage.rest.conferences("r1").participants.create(from_=LINE, to=AGENT, timeout=5)
    stage.run(20)
    left = next(form for form in stage.forms("/room") if form.get("ReasonParticipantLeft"))
    assert left["ReasonParticipantLeft"] == "participant_add_failed"


def test_somebody_who_left_is_not_found_in_the_room() -> None:
    stage = Stage(DOCUMENTS)
    stage.dial()
    stage.run(2)
    with pytest.raises(TwilioRestException) as caught:
        stage.rest.conferences("r1").participants("CA" + "0" * 32).update(muted=True)
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_coaching_somebody_who_is_not_there_is_refused() -> None:
    """coach=<CallSid> must be in the conference (13240)."""
    stage = Stage({**DOCUMENTS, "/agent": room("coach='CA00000000000000000000000000000000'")})
    stage.dial()
    stage.run(2)
    call_agent(stage)
    stage.run(5)
    assert 13240 in stage.codes()


def test_a_recorded_room_tells_of_its_recording() -> None:
    documents = {**DOCUMENTS, "/in": room(f"record='record-from-start' recordingStatusCallback='{BASE}/rec'")}
    stage = Stage(documents)
    stage.dial(talk_seconds=6)
    stage.run(2)
    call_agent(stage)
    stage.run(30)
    form = stage.forms("/rec")[0]
    assert (form["RecordingSource"], form["RecordingStatus"], form["RecordingDuration"]) == (
        "Conference",
        "completed",
        "7",
    )
    assert form["ConferenceSid"].startswith("CF")


def test_after_a_hold_in_a_room_that_has_not_started_the_wait_document_is_heard_again() -> None:
    stage = Stage({**DOCUMENTS, "/in": room("waitUrl='/music'"), "/music": "<Say>대기</Say><Pause length='9'/>"})
    caller = stage.dial()
    stage.run(3)
    person = stage.rest.conferences("r1").participants(caller.sid)
    person.update(hold=True)
    stage.run(5)
    person.update(hold=False)
    stage.run(1)
    assert heard(caller) == ["대기", "silence", "hold", "대기", "silence"]
