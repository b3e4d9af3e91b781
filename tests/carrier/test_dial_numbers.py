"""Dial with Number and Client: child legs, the first answer, screening, timeouts, and who hangs up."""

from typing import Any

import pytest

from tests.carrier.stage import AGENT, BASE, CALLER, COLLEAGUE, LINE, Stage, heard

EVENTS = f"statusCallback='{BASE}/cb' statusCallbackEvent='initiated ringing answered completed'"
DONE = "<Say>끝</Say>"


def dial(nouns: str, attributes: str = "timeout='20'") -> dict[str, str]:
    return {"/in": f"<Dial action='/done' {attributes}>{nouns}</Dial>", "/done": DONE}


def test_the_four_events_of_a_child_leg_carry_its_parent_sequence_and_time_stamp() -> None:
    """initiated, ringing, answered, completed; SequenceNumber from 0 per call; Timestamp RFC 2822."""
    stage = Stage(dial(f"<Number {EVENTS}>{AGENT}</Number>"))
    stage.agent(answer_after=2.4)
    caller = stage.dial(talk_seconds=8)
    stage.run(30)
    forms = sorted(stage.forms("/cb"), key=lambda form: int(form["SequenceNumber"]))
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2", "3"]
    assert {form["ParentCallSid"] for form in forms} == {caller.sid}
    assert {form["Direction"] for form in forms} == {"outbound-dial"}
    assert forms[0]["CallbackSource"] == "call-progress-events"
    assert forms[0]["Timestamp"] == "Mon, 23 Nov 2026 01:00:00 +0000"
    assert (forms[3]["CallDuration"], "CallDuration" in forms[2]) == ("8", False)


def test_only_the_end_is_told_when_no_events_are_named() -> None:
    """statusCallbackEvent defaults to completed only."""
    stage = Stage(dial(f"<Number statusCallback='{BASE}/cb'>{AGENT}</Number>"))
    stage.agent(answer_after=1)
    stage.dial(talk_seconds=2)
    stage.run(20)
    assert [form["CallStatus"] for form in stage.forms("/cb")] == ["completed"]


def test_the_action_hears_how_the_dial_ended_when_the_called_person_hangs_up() -> None:
    """DialCallStatus, DialCallSid, DialCallDuration, DialBridged."""
    stage = Stage(dial(f"<Number>{AGENT}</Number>"))
    stage.agent(answer_after=1, talk_seconds=5)
    caller = stage.dial(hang_up_after=60)
    stage.run(30)
    form = stage.forms("/done")[0]
    assert (form["DialCallStatus"], form["DialCallDuration"], form["DialBridged"]) == ("completed", "5", "true")
    assert form["DialCallSid"] in stage.network.calls
    assert heard(caller)[-1] == "끝"


def test_nobody_answers_until_the_timeout_and_five_seconds_more() -> None:
    """Twilio adds about 5 s of buffer to `timeout`."""
    stage = Stage(dial(f"<Number>{AGENT}</Number>", "timeout='9'"))
    stage.dial()
    stage.run(40)
    child = next(call for call in stage.network.calls.values() if call.route.direction == "outbound-dial")
    assert (child.times["ended"] - child.times["ringing"]).total_seconds() == 14
    assert stage.forms("/done")[0]["DialCallStatus"] == "no-answer"


@pytest.mark.parametrize(
    ("person", "status"), [({"answer_after": None, "reject_after": 2}, "busy"), ({"answer_after": None}, "no-answer")]
)
def test_an_unanswered_dial_says_why(person: dict[str, Any], status: str) -> None:
    stage = Stage(dial(f"<Number>{AGENT}</Number>", "timeout='5'"))
    stage.agent(**person)
    stage.dial()
    stage.run(20)
    form = stage.forms("/done")[0]
    assert (form["DialCallStatus"], form["DialBridged"]) == (status, "false")


def test_somebody_who_is_in_a_call_is_busy() -> None:
    stage = Stage(dial(f"<Number>{AGENT}</Number>"))
    stage.agent(answer_after=1)
    stage.dial()
    stage.run(5)
    stage.dial(number=COLLEAGUE)
    stage.run(3)
    assert stage.forms("/done")[0]["DialCallStatus"] == "busy"


def test_of_several_nouns_the_first_to_answer_wins_and_the_others_are_cancelled() -> None:
    """At most 10 nouns ring at once, the first answer wins."""
    stage = Stage(dial(f"<Number>{AGENT}</Number><Client>kim</Client>"))
    stage.agent(answer_after=5)
    stage.agent("client:kim", answer_after=2)
    caller = stage.dial(talk_seconds=4)
    stage.run(20)
    status = {call.route.to: call.status for call in stage.network.calls.values()}
    assert status[AGENT] == "canceled"
    assert status["client:kim"] == "completed"
    assert len(caller.talks) == 1


def test_sequential_nouns_are_called_one_after_another() -> None:
    stage = Stage(dial(f"<Number>{AGENT}</Number><Number>{COLLEAGUE}</Number>", "timeout='5' sequential='true'"))
    stage.agent(COLLEAGUE, answer_after=1)
    caller = stage.dial(talk_seconds=3)
    stage.run(30)
    assert stage.forms("/done") != []
    assert caller.talks[0].others[0] in {c.sid for c in stage.network.calls.values() if c.route.to == COLLEAGUE}


SCREEN = "<Gather numDigits='1' action='/accept'><Say>받으시려면 일번</Say></Gather><Hangup/>"


def test_a_noun_url_runs_on_the_called_party_before_the_bridge() -> None:
    """Noun `url` runs on the called party before bridging: press 1 to accept."""
    stage = Stage({**dial(f"<Number url='/screen'>{AGENT}</Number>"), "/screen": SCREEN, "/accept": ""})
    stage.agent(answer_after=1, press_on_answer="1")
    caller = stage.dial(talk_seconds=5)
    stage.run(30)
    child = next(call for call in stage.network.calls.values() if call.route.to == AGENT)
    assert heard(child) == ["받으시려면 일번"]
    assert heard(caller)[:1] != ["받으시려면 일번"]
    assert caller.talks[0].at > child.times["answered"]
    assert stage.forms("/done")[0]["DialBridged"] == "true"


def test_a_called_party_that_accepts_nothing_was_answered_but_never_bridged() -> None:
    """A voicemail does not press 1."""
    stage = Stage({**dial(f"<Number url='/screen'>{AGENT}</Number>"), "/screen": SCREEN})
    stage.agent(answer_after=1)
    caller = stage.dial(hang_up_after=60)
    stage.run(30)
    form = stage.forms("/done")[0]
    assert (form["DialCallStatus"], form["DialBridged"]) == ("completed", "false")
    assert caller.talks == []


def test_a_caller_who_hangs_up_while_it_rings_cancels_the_child() -> None:
    stage = Stage(dial(f"<Number {EVENTS}>{AGENT}</Number>"))
    stage.dial(hang_up_after=4)
    stage.run(20)
    assert stage.forms("/cb")[-1]["CallStatus"] == "canceled"
    assert stage.network.handset(AGENT).state == "idle"


def test_a_star_hangs_up_the_other_person_if_that_is_asked_for() -> None:
    """hangupOnStar."""
    stage = Stage(dial(f"<Number>{AGENT}</Number>", "hangupOnStar='true'"))
    stage.agent(answer_after=1)
    caller = stage.dial()
    stage.run(5)
    stage.network.handset(CALLER).press("*")
    stage.run(2)
    assert heard(caller)[-1] == "끝"


def test_the_time_limit_ends_the_talk() -> None:
    stage = Stage(dial(f"<Number>{AGENT}</Number>", "timeLimit='10'"))
    stage.agent(answer_after=1)
    stage.dial(linger=None)
    stage.run(30)
    assert stage.forms("/done")[0]["DialCallDuration"] == "10"


def test_answer_on_bridge_leaves_the_caller_ringing_until_the_bridge() -> None:
    """answerOnBridge=true: the caller keeps hearing ringing until the agent is bridged."""
    stage = Stage(dial(f"<Number>{AGENT}</Number>", "answerOnBridge='true'"))
    stage.agent(answer_after=6)
    caller = stage.dial(talk_seconds=3)
    stage.run(5)
    assert caller.status == "ringing"
    stage.run(20)
    assert caller.times["answered"] == caller.talks[0].at


def test_a_caller_id_that_is_not_ours_is_refused() -> None:
    """callerId must be the request's From/To, an owned number, or a verified one."""
    stage = Stage(dial(f"<Number>{AGENT}</Number>", "callerId='+82215441120'"))
    stage.dial()
    stage.run(5)
    assert stage.forms("/done")[0]["DialCallStatus"] == "failed"
    assert stage.codes() == [13214]


def test_status_callback_on_dial_itself_is_a_warning() -> None:
    """statusCallback is not valid on Dial (12200)."""
    stage = Stage(dial(f"<Number>{AGENT}</Number>", "statusCallback='/cb'"))
    stage.dial()
    stage.run(3)
    assert stage.codes() == [12200]


def test_dialling_one_of_our_own_numbers_triggers_that_numbers_voice_url() -> None:
    stage = Stage({**dial("<Number>+827010000002</Number>"), "/other": "<Say>다른 선</Say><Pause length='5'/>"})
    stage.rest.incoming_phone_numbers.create(phone_number="+827010000002", voice_url=f"{BASE}/other")
    stage.dial()
    stage.run(20)
    assert stage.forms("/other")[0]["To"] == "+827010000002"
    assert stage.forms("/done")[0]["DialCallStatus"] == "completed"


def test_a_child_that_is_redirected_by_rest_leaves_the_bridge_and_the_caller_goes_on() -> None:
    stage = Stage({**dial(f"<Number>{AGENT}</Number>"), "/agent": "<Say>이동</Say>"})
    stage.agent(answer_after=1)
    caller = stage.dial()
    stage.run(5)
    child = next(call for call in stage.network.calls.values() if call.route.to == AGENT)
    stage.rest.calls(child.sid).update(url=f"{BASE}/agent")
    stage.run(3)
    assert heard(child) == ["이동"]
    assert heard(caller)[-1] == "끝"


def test_a_rest_redirect_kills_a_running_gather() -> None:
    """Only one document controls a call at any time, so a REST update kills a running Gather."""
    stage = Stage({"/in": "<Gather action='/menu' timeout='30'/>", "/menu": "", "/new": "<Say>새 문서</Say>"})
    call = stage.dial("1", press_after=5)
    stage.run(2)
    stage.rest.calls(call.sid).update(url=f"{BASE}/new")
    stage.run(10)
    assert heard(call) == ["새 문서"]
    assert stage.forms("/menu") == []
    assert call.route.to == LINE
