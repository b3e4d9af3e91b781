"""Requests and answers of the v2010 API: what passes, and each fault that must be found."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any  # answers are free-form JSON here

import pytest

from .rest_shape import check_request, check_response
from .rest_table import rest_table

ACCOUNT = "/2010-04-01/Accounts/AC" + "0" * 32
CALL = "CA" + "1" * 32
QUEUE = "QU" + "2" * 32
ROOM = "CF" + "3" * 32
RECORDING = "RE" + "4" * 32
SPOKEN = '<Response><Say language="ko-KR">네.</Say></Response>'
Form = Mapping[str, Sequence[str]]

CREATE_CALL: Form = {
    "To": ["+821012345678"],
    "From": ["+827010000001"],
    "Url": ["https://hotline.example/voice/offer?offer=o-5f3a#rc=1"],
    "Method": ["POST"],
    "StatusCallback": ["https://hotline.example/voice/status?offer=o-5f3a"],
    "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
    "StatusCallbackMethod": ["POST"],
    "Timeout": ["20"],
    "MachineDetection": ["Enable"],
    "AsyncAmd": ["true"],
}
CREATE_MESSAGE: Form = {
    "To": ["+821012345678"],
    "From": ["+827010000001"],
    "Body": ["접수되었습니다."],
    "StatusCallback": ["https://hotline.example/messages/status"],
    "ValidityPeriod": ["3600"],
}
CREATE_PARTICIPANT: Form = {
    "To": ["client:agent_7"],
    "From": ["+827010000001"],
    "Label": ["agent-7"],
    "Beep": ["onEnter"],
    "EarlyMedia": ["false"],
    "EndConferenceOnExit": ["true"],
    "StatusCallback": ["https://hotline.example/voice/status"],
    "StatusCallbackEvent": ["initiated ringing", "answered"],
    "ConferenceStatusCallback": ["https://hotline.example/voice/room"],
    "ConferenceStatusCallbackEvent": ["start end join leave"],
}
CLEAN: list[tuple[str, str, Form]] = [
    ("GET", f"{ACCOUNT}.json", {}),
    ("POST", f"{ACCOUNT}/Calls.json", CREATE_CALL),
    (
        "POST",
        f"{ACCOUNT}/Calls.json",
        {"To": ["client:a"], "From": ["client:b"], "Twiml": [SPOKEN]},
    ),
    (
        "GET",
        f"{ACCOUNT}/Calls.json",
        {"To": ["+821012345678"], "StartTime>": ["2025-11-21"], "PageSize": ["50"]},
    ),
    ("GET", f"{ACCOUNT}/Calls/{CALL}.json", {}),
    ("POST", f"{ACCOUNT}/Calls/{CALL}.json", {"Status": ["completed"]}),
    ("POST", f"{ACCOUNT}/Calls/{CALL}.json", {"Url": ["https://hotline.example/voice/again"]}),
    (
        "POST",
        f"{ACCOUNT}/Calls/{CALL}/Recordings.json",
        {"RecordingChannels": ["dual"], "Trim": ["do-not-trim"]},
    ),
    (
        "POST",
        f"{ACCOUNT}/Calls/{CALL}/Recordings/{RECORDING}.json",
        {"Status": ["paused"], "PauseBehavior": ["silence"]},
    ),
    ("POST", f"{ACCOUNT}/Messages.json", CREATE_MESSAGE),
    ("GET", f"{ACCOUNT}/Messages.json", {"DateSent": ["2025-11-21T00:00:00Z"]}),
    ("POST", f"{ACCOUNT}/Queues.json", {"FriendlyName": ["kibo"], "MaxSize": ["100"]}),
    ("GET", f"{ACCOUNT}/Queues/{QUEUE}/Members.json", {}),
    ("POST", f"{ACCOUNT}/Queues/{QUEUE}/Members/{CALL}.json", {"Url": ["https://hotline.example/v/joined"]}),
    ("POST", f"{ACCOUNT}/Queues/{QUEUE}/Members/Front.json", {"Url": ["https://hotline.example/v/joined"]}),
    ("POST", f"{ACCOUNT}/Conferences/c-5f3a/Participants.json", CREATE_PARTICIPANT),
    ("POST", f"{ACCOUNT}/Conferences/{ROOM}/Participants/{CALL}.json", {"Muted": ["true"]}),
    ("DELETE", f"{ACCOUNT}/Conferences/{ROOM}/Participants/agent-7.json", {}),
    ("POST", f"{ACCOUNT}/Conferences/{ROOM}.json", {"Status": ["completed"]}),
    ("GET", f"{ACCOUNT}/Recordings/{RECORDING}.wav", {}),
    (
        "POST",
        f"{ACCOUNT}/IncomingPhoneNumbers.json",
        {"PhoneNumber": ["+827010000001"], "VoiceUrl": ["https://hotline.example/voice/incoming"]},
    ),
]


@pytest.mark.parametrize(("method", "path", "form"), CLEAN, ids=lambda part: str(part)[-40:])
def test_a_correct_request_passes(method: str, path: str, form: Form) -> None:
    assert check_request(method, path, form) == []


def changed(form: Form, **parameters: list[str] | None) -> Form:
    merged = {**form, **parameters}
    return {name: values for name, values in merged.items() if values is not None}


CALLS, MESSAGES = f"{ACCOUNT}/Calls.json", f"{ACCOUNT}/Messages.json"
PARTICIPANTS = f"{ACCOUNT}/Conferences/c-5f3a/Participants.json"
FAULTY: list[tuple[str, Form, str]] = [
    (CALLS, changed(CREATE_CALL, To=None), "'To' is a required property"),
    (CALLS, changed(CREATE_CALL, To=["010-1234-5678"]), "is not a 'endpoint'"),
    (CALLS, changed(CREATE_CALL, From=["client:desk"]), "From: must be a number in E.164"),
    (CALLS, changed(CREATE_CALL, Twiml=[SPOKEN]), "exactly one of Url, Twiml"),
    (CALLS, changed(CREATE_CALL, Url=None), "exactly one of Url, Twiml"),
    (CALLS, changed(CREATE_CALL, Url=["/voice/offer"]), "must be absolute"),
    (CALLS, changed(CREATE_CALL, Url=["https://hot_line.example/v"]), "underscore"),
    (CALLS, changed(CREATE_CALL, Url=["https://h.example/?to=01012345678"]), "carries a telephone number"),
    (CALLS, changed(CREATE_CALL, Method=["PUT"]), "'PUT' is not one of"),
    (CALLS, changed(CREATE_CALL, Timeout=["soon"]), "'soon' is not of type 'integer'"),
    (CALLS, changed(CREATE_CALL, Timeout=["601"]), "601 must be 1 to 600"),
    (CALLS, changed(CREATE_CALL, Timeout=["20", "30"]), "given 2 times"),
    (CALLS, changed(CREATE_CALL, Record=["yes"]), "'yes' is not of type 'boolean'"),
    (
        CALLS,
        changed(CREATE_CALL, StatusCallbackEvent=["initiated ringing"]),
        "'initiated ringing' is unknown",
    ),
    (CALLS, changed(CREATE_CALL, StatusCallbackEvent=["in-progress"]), "'in-progress' is unknown"),
    (CALLS, changed(CREATE_CALL, MachineDetection=["true"]), "'true' is unknown"),
    (CALLS, changed(CREATE_CALL, MachineDetectionSpeechThreshold=["900"]), "900 must be 1000 to 6000"),
    (CALLS, changed(CREATE_CALL, IdempotencyKey=["1"]), "Additional properties are not allowed"),
    (CALLS, changed(CREATE_CALL, Url=None, Twiml=["<Response><Say/></Response>"]), "Say[1]: empty"),
    (CALLS, changed(CREATE_CALL, Url=None, Twiml=["<Response/>" + " " * 4000]), "at most 4000"),
    (f"{ACCOUNT}/Calls/{CALL}.json", {}, "changes nothing"),
    (f"{ACCOUNT}/Calls/{CALL}.json", {"Status": ["busy"]}, "'busy' is not one of"),
    (
        f"{ACCOUNT}/Calls/{CALL}.json",
        {"Url": ["https://h.example/"], "Twiml": ["<Response/>"]},
        "exclude each other",
    ),
    (f"{ACCOUNT}/Calls/SM{CALL[2:]}.json", {"Status": ["completed"]}, "does not match"),
    (MESSAGES, changed(CREATE_MESSAGE, Body=None), "give Body, MediaUrl or ContentSid"),
    (MESSAGES, changed(CREATE_MESSAGE, Body=["가" * 1601]), "1601 characters"),
    (MESSAGES, changed(CREATE_MESSAGE, From=None), "give From or MessagingServiceSid"),
    (MESSAGES, changed(CREATE_MESSAGE, From=["1544-1120-00-00"]), "From: not E.164"),
    (MESSAGES, changed(CREATE_MESSAGE, To=["client:agent_7"]), "To: not E.164"),
    (MESSAGES, changed(CREATE_MESSAGE, ValidityPeriod=["36001"]), "36001 must be 1 to 36000"),
    (MESSAGES, changed(CREATE_MESSAGE, SendAt=["2025-11-22T00:00:00Z"]), "35118"),
    (PARTICIPANTS, changed(CREATE_PARTICIPANT, Beep=["both"]), "'both' is unknown"),
    (PARTICIPANTS, changed(CREATE_PARTICIPANT, Timeout=["4"]), "4 must be 5 to 600"),
    (PARTICIPANTS, changed(CREATE_PARTICIPANT, Coaching=["true"]), "needs CallSidToCoach"),
    (PARTICIPANTS, changed(CREATE_PARTICIPANT, Label=["x" * 129]), "at most 128"),
    (PARTICIPANTS, changed(CREATE_PARTICIPANT, ConferenceStatusCallbackEvent=["ring"]), "'ring' is unknown"),
    (PARTICIPANTS.replace("c-5f3a", "01012345678"), CREATE_PARTICIPANT, "conference's name carries"),
    (f"{ACCOUNT}/Queues.json", {"FriendlyName": ["q"], "MaxSize": ["5001"]}, "5001 must be 1 to 5000"),
    (f"{ACCOUNT}/Queues.json", {"FriendlyName": ["q" * 65]}, "at most 64"),
    (f"{ACCOUNT}/Queues/{QUEUE}/Members/Front.json", {}, "'Url' is a required property"),
    (f"{ACCOUNT}/Conferences/{ROOM}/Participants/{CALL}.json", {"HoldUrl": ["https://h.example/"]}, "Hold"),
    (f"{ACCOUNT}/Calls/{CALL}/Recordings/{RECORDING}.json", {"Status": ["running"]}, "is not one of"),
    (f"{ACCOUNT}/IncomingPhoneNumbers.json", {"PhoneNumber": ["1544-1120"]}, "PhoneNumber: not E.164"),
    (f"{ACCOUNT}/Callz.json", {}, "no such operation"),
]


@pytest.mark.parametrize(("path", "form", "expected"), FAULTY, ids=[expected for _, _, expected in FAULTY])
def test_each_fault_of_a_request_is_found(path: str, form: Form, expected: str) -> None:
    faults = check_request("POST", path, form)
    assert [fault for fault in faults if expected in fault], faults
    assert len(faults) == 1, faults


def test_a_filter_whose_plus_sign_was_not_encoded_is_found() -> None:
    assert "phone-number" in check_request("GET", CALLS, {"To": [" 821012345678"]})[0]


def call_answer() -> dict[str, Any]:
    schema = rest_table()["schemas"]["api.v2010.account.call"]
    answer: dict[str, Any] = dict.fromkeys(schema["required"])
    return answer | {
        "sid": CALL,
        "account_sid": ACCOUNT[-34:],
        "api_version": "2010-04-01",
        "status": "queued",
        "date_created": "Fri, 21 Nov 2025 09:30:00 +0000",
        "subresource_uris": {},
        "uri": f"{ACCOUNT}/Calls/{CALL}.json",
        "queue_time": "0",
    }


def test_a_correct_answer_passes() -> None:
    assert check_response("POST", CALLS, 201, call_answer()) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sid": "CA1"}, "is too short"),
        ({"status": "answered"}, "'answered' is not one of"),
        ({"date_created": "2025-11-21T09:30:00Z"}, "date-time-rfc-2822"),
        ({"date_created": "Thu, 21 Nov 2025 09:30:00 +0000"}, "date-time-rfc-2822"),
        ({"date_created": "Fri, 21 Nov 2025 09:30:00 GMT"}, "date-time-rfc-2822"),
        ({"queue_time": 0}, "is not of type 'string'"),
        ({"ring_time": "2"}, "Additional properties"),
    ],
)
def test_each_fault_of_an_answer_is_found(change: dict[str, object], expected: str) -> None:
    faults = check_response("GET", f"{ACCOUNT}/Calls/{CALL}.json", 200, call_answer() | change)
    assert any(expected in fault for fault in faults), faults


def test_a_missing_property_of_an_answer_is_found() -> None:
    answer = call_answer()
    del answer["queue_time"]
    assert "'queue_time' is a required property" in check_response("POST", CALLS, 201, answer)[0]


def test_a_status_that_the_document_does_not_declare_is_found() -> None:
    assert "declares 201" in check_response("POST", CALLS, 200, call_answer())[0]


def test_a_page_must_carry_its_links_and_valid_items() -> None:
    page = {
        "calls": [call_answer()],
        "end": 0,
        "first_page_uri": f"{CALLS}?Page=0&PageSize=50",
        "next_page_uri": None,
        "page": 0,
        "page_size": 50,
        "previous_page_uri": None,
        "start": 0,
        "uri": f"{CALLS}?Page=0&PageSize=50",
    }
    assert check_response("GET", CALLS, 200, page) == []
    broken = copy.deepcopy(page) | {"calls": [call_answer() | {"direction": 7}]}
    del broken["start"]
    faults = check_response("GET", CALLS, 200, broken)
    assert len(faults) == 2
    assert any("calls/0/direction" in fault for fault in faults)


def test_a_deletion_is_answered_without_a_body() -> None:
    path = f"{ACCOUNT}/Conferences/{ROOM}/Participants/{CALL}.json"
    assert check_response("DELETE", path, 204, None) == []
    assert "must be empty" in check_response("DELETE", path, 204, {})[0]


def test_an_error_carries_code_message_link_and_its_own_status() -> None:
    error = {"code": 20404, "message": "gone", "more_info": "https://www.twilio.com/docs/errors/20404"}
    path = f"{ACCOUNT}/Queues/{QUEUE}/Members/{CALL}.json"
    assert check_response("POST", path, 404, {**error, "status": 404}) == []
    assert check_response("POST", path, 404, {**error, "status": 400})
    assert check_response("POST", path, 404, error)
    assert check_response("POST", path, 404, "Not Found")


def test_every_array_parameter_is_encoded_one_value_per_parameter() -> None:
    arrays = [
        (template, name)
        for template, operations in rest_table()["paths"].items()
        for operation in operations.values()
        for name, encoding in operation.get("encoding", {}).items()
        if encoding == {"style": "form", "explode": True}
    ]
    assert ("/2010-04-01/Accounts/{AccountSid}/Calls.json", "StatusCallbackEvent") in arrays
    declared = [
        (template, name)
        for template, operations in rest_table()["paths"].items()
        for operation in operations.values()
        for name, schema in operation.get("form", {}).get("properties", {}).items()
        if schema.get("type") == "array"
    ]
    assert sorted(arrays) == sorted(declared)
