"""Say, Play, Pause and the verbs that steer: Redirect, Hangup, Reject, Leave."""

import pytest

from carrier.outgoing import Response
from tests.carrier.stage import BASE, LINE, Stage, heard, lasted


def test_prompts_are_heard_one_after_another_for_as_long_as_they_take() -> None:
    """Say takes about a seventh of a second for each Hangul syllable; Pause takes its length in seconds."""
    stage = Stage({"/in": "<Say>가나다라마바사</Say><Pause length='3'/><Say>아자차카타파하가나다라마바사</Say>"})
    call = stage.dial()
    stage.run(20)
    assert heard(call) == ["가나다라마바사", "silence", "아자차카타파하가나다라마바사"]
    assert lasted(call) == [1.0, 3.0, 2.0]
    assert all(piece.complete for piece in call.heard)
    assert (call.status, call.ended_by) == ("completed", "document")


@pytest.mark.parametrize(
    ("url", "seconds"), [("/music", 5.0), ("/music?seconds=2.5", 2.5), ("/music#seconds=12", 12.0)]
)
def test_a_file_plays_as_long_as_its_address_says_or_five_seconds(url: str, seconds: float) -> None:
    stage = Stage({"/in": f"<Play>{url}</Play>"})
    call = stage.dial()
    stage.run(30)
    assert heard(call, "play") == [BASE + url]
    assert lasted(call) == [seconds]


def test_loop_repeats_a_prompt_and_zero_repeats_it_up_to_a_thousand_times() -> None:
    """`loop=0` = up to 1000 repeats (docs voice/twiml/say)."""
    stage = Stage({"/in": "<Say loop='3'>가</Say><Play loop='0'>/m?seconds=1</Play><Say>끝</Say>"})
    call = stage.dial()
    stage.run(1100)
    assert heard(call, "say") == ["가", "가", "가", "끝"]
    assert len(heard(call, "play")) == 1000


def test_a_leading_pause_does_not_answer_the_call_and_the_next_prompt_does() -> None:
    """A leading <Pause> does not answer the call."""
    stage = Stage({"/in": "<Pause length='4'/><Say>가</Say>"})
    call = stage.dial()
    stage.run(2)
    assert call.status == "ringing"
    stage.run(3)
    assert call.status in ("in-progress", "completed")
    assert (call.times["answered"] - call.times["created"]).total_seconds() > 4


def test_reject_ends_an_incoming_call_unanswered() -> None:
    stage = Stage({"/in": "<Reject reason='busy'/>"})
    call = stage.dial()
    stage.run(5)
    assert (call.status, call.ended_by) == ("busy", "document")
    assert "answered" not in call.times


def test_redirect_resolves_against_the_document_it_stands_in_and_keeps_to_its_method() -> None:
    """Relative URLs are resolved against the current document; each verb names its method."""
    stage = Stage({
        "/in": "<Redirect method='GET'>/deep/one?x=1</Redirect>",
        "/deep/one": "<Redirect>two</Redirect>",
        "/deep/two": "<Say>가</Say><Hangup/><Say>나</Say>",
    })  # fmt: skip
    call = stage.dial()
    stage.run(10)
    assert [(asked.method, asked.path) for asked in stage.asked] == [
        ("POST", "/in"), ("GET", "/deep/one"), ("POST", "/deep/two"), ("POST", "/ended"),
    ]  # fmt: skip
    assert heard(call) == ["가"]


def test_leave_outside_a_queue_is_a_warning_and_the_document_goes_on() -> None:
    stage = Stage({"/in": "<Leave/><Say>가</Say>"})
    call = stage.dial()
    stage.run(5)
    assert heard(call) == ["가"]
    assert stage.codes() == [12200]


def test_unknown_verbs_and_attributes_are_warnings_and_the_call_goes_on() -> None:
    """Unknown element/attribute: warning 12200 and the call goes on."""
    stage = Stage({"/in": "<Dance/><Say volume='9'>가</Say><Say loop='many'>나</Say>"})
    call = stage.dial()
    stage.run(5)
    assert heard(call) == ["가", "나"]
    assert stage.codes() == [12200, 12200, 12200]
    assert stage.web.get("/debug/alerts").get_json()["alerts"][0]["level"] == "warning"


@pytest.mark.parametrize(
    ("kind", "body", "says"),
    [
        ("text/plain", "그냥 글", ["그냥 글"]),
        ("text/plain", "<Response><Say>가</Say></Response>", ["가"]),
        ("text/html", "<Response><Say>가</Say></Response>", ["가"]),
        ("audio/mpeg", "sound", [f"{BASE}/in"]),
    ],
)
def test_the_content_type_decides_how_an_answer_is_taken(kind: str, body: str, says: list[str]) -> None:
    """TwiML: text/xml, application/xml, text/html; text/plain is TwiML if it parses, otherwise spoken."""
    stage = Stage({"/in": Response(200, (("Content-Type", kind),), body.encode())})
    call = stage.dial()
    stage.run(10)
    assert heard(call) == says


@pytest.mark.parametrize(
    "body",
    [
        "<Response><Say>",
        "<Answer/>",
        '<!DOCTYPE r [<!ENTITY a "b">]><Response><Say>&a;</Say></Response>',
    ],
)
def test_an_unparsable_document_ends_the_call_with_12100(body: str) -> None:
    """Unparsable document: 12100 and the call ends unless the fallback answers; document types are refused."""
    stage = Stage({"/in": Response(200, (("Content-Type", "text/xml"),), body.encode())})
    call = stage.dial()
    stage.run(10)
    assert stage.codes() == [12100]
    assert call.status == "failed"


def test_every_voice_request_carries_the_standard_parameters() -> None:
    """Always present: CallSid, AccountSid, From, To, CallStatus, ApiVersion, Direction (docs voice/twiml)."""
    stage = Stage({"/in": "<Say>가</Say>"})
    call = stage.dial()
    stage.run(10)
    form = stage.forms("/in")[0]
    assert form["CallSid"] == call.sid
    assert (form["From"], form["To"], form["Direction"]) == ("+821010000001", LINE, "inbound")
    assert (form["CallStatus"], form["ApiVersion"]) == ("ringing", "2010-04-01")
    assert stage.forms("/ended")[0]["CallStatus"] == "completed"


def test_a_public_number_arrives_on_its_did_with_the_public_number_in_forwarded_from() -> None:
    stage = Stage({"/in": "<Say>가</Say>"})
    stage.web.post("/admin/aliases", json={"number": "1544-1120", "to": "070-1000-0001"})
    stage.network.handset("010-1000-0001").dial("1544-1120")
    stage.run(5)
    form = stage.forms("/in")[0]
    assert (form["To"], form["ForwardedFrom"]) == (LINE, "+8215441120")


def test_a_recording_of_the_carrier_plays_as_long_as_it_is_and_others_as_the_option_says() -> None:
    played = "<Play>http://127.0.0.1:8082/2010-04-01/Accounts/AC1/Recordings/{}</Play><Hangup/>"
    stage = Stage({
        "/in": "<Record action='/clip'/>",
        "/clip": lambda asked: f"<Play>{asked.form['RecordingUrl']}.wav</Play>" + played.format("RE" + "0" * 32),
    })  # fmt: skip
    call = stage.dial("#", press_after=3)
    stage.run(30)
    assert lasted(call)[-2:] == [3.0, 5.0]
