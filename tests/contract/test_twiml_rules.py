"""The linter finds each mistake it is there for, and says where; samples are one mistake each."""

import re

import pytest

from .personal import telephone_number
from .twiml_lint import CONTEXTS, Context, lint

SAY = '<Say language="ko-KR">안녕하십니까.</Say>'

# (document body, a piece of the one message expected)
MISTAKES = [
    ("<Speak>hello</Speak>", "Speak[1]: not allowed in Response"),
    ("<say>hello</say>", "say[1]: not allowed in Response"),
    ('<Say colour="red">hello</Say>', "Say[1]/@colour: unknown attribute"),
    ('<Say language="ko">hello</Say>', "@language: 'ko' is unknown"),
    ('<Say voice="Polly.Jihye">hello</Say>', "@voice: 'Polly.Jihye' is unknown"),
    ("<Say></Say>", "Say[1]: empty"),
    ('<Say loop="-1">hello</Say>', "@loop: '-1' must be a whole number"),
    (f"<Say>{'a' * 4097}</Say>", "Say: 4097 characters"),
    ("<Say>안녕하십니까.</Say>", "Korean text without language"),
    ('<Say voice="Polly.Joanna" language="ko-KR">네.</Say>', "does not speak ko-KR"),
    ('<Say voice="Google.ko-KR-Neural2-A" language="en-US">hi</Say>', "speaks ko-KR, language is en-US"),
    ('<Say voice="man" language="ko-KR">네.</Say>', "does not speak ko-KR"),
    ("<Play/>", "Play: give either a URL or digits"),
    ("<Play>/a b.mp3</Play>", "percent-encode"),
    ('<Play digits="12x"/>', "@digits: '12x' must be DTMF keys"),
    ('<Pause length="0"/>', "@length: 0 must be at least 1"),
    ('<Pause length="1.5"/>', "@length: '1.5' must be a whole number"),
    ("<Pause>silence</Pause>", "text 'silence' is not allowed here"),
    ('<Gather timeout="0" actionOnEmptyResult="true"/>', "@timeout: 0 must be at least 1"),
    ('<Gather numDigits="0" actionOnEmptyResult="true"/>', "@numDigits: 0 must be at least 1"),
    ('<Gather maxSpeechTime="61" actionOnEmptyResult="true"/>', "@maxSpeechTime: 61 must be 1 to 60"),
    ('<Gather input="dtmf voice" actionOnEmptyResult="true"/>', "@input: 'voice' is unknown"),
    ('<Gather finishOnKey="12" actionOnEmptyResult="true"/>', "@finishOnKey: '12' must be one key"),
    ('<Gather actionOnEmptyResult="yes"/><Hangup/>', "@actionOnEmptyResult: 'yes' must be true or false"),
    ('<Gather actionOnEmptyResult="true"><Hangup/></Gather>', "Hangup[1]: not allowed in Gather"),
    ('<Gather input="speech" numDigits="1" actionOnEmptyResult="true"/>', "no effect without dtmf"),
    ('<Gather speechModel="x" speechTimeout="auto" actionOnEmptyResult="true"/>', "needs a speechTimeout"),
    ('<Gather action="/menu"/>', "falls through into silence"),
    ('<Gather action="/menu"/><Pause length="5"/>', "falls through into silence"),
    ("<Record/>", "Record: without action"),
    ('<Record action="/x" maxLength="0"/>', "@maxLength: 0 must be at least 1"),
    ("<Redirect/>", "Redirect[1]: empty"),
    ("<Redirect>ftp://host/x</Redirect>", "scheme 'ftp' is not fetched"),
    ("<Redirect>https://my_host.example/x</Redirect>", "underscore"),
    ('<Redirect method="PUT">/x</Redirect>', "@method: 'PUT' must be GET or POST"),
    ("<Redirect>/x#rt=20000</Redirect>", "#rt=20000 must be 100 to 15000"),
    ("<Redirect>/x#rp=5xx,never</Redirect>", "#rp=5xx,never"),
    ("<Redirect>/x</Redirect><Hangup/>", "Hangup after it is never reached"),
    ("<Hangup/><Say>bye</Say>", "Say after it is never reached"),
    ('<Say>hello</Say><Reject reason="busy"/>', "it must be the first verb"),
    ('<Reject reason="closed"/>', "@reason: 'closed' is unknown"),
    ("<Leave/>", "Leave has no meaning at the top of a voice"),
    ("<Queue>kibo</Queue>", "Queue has no meaning at the top of a voice"),
    ('<Enqueue waitUrl="/w" action="/a"/>', "either a queue name or workflowSid"),
    (f'<Enqueue action="/a">{"q" * 65}</Enqueue>', "name of 65 characters"),
    ('<Enqueue action="/a" maxQueueSize="5001">q</Enqueue>', "5001 must be 1 to 5000"),
    ('<Enqueue waitUrl="/w" method="GET">q</Enqueue><Hangup/>', "belongs to action, which is absent"),
    ('<Enqueue action="/a" waitUrl="/w" waitMethod="GET">q</Enqueue>', "a queue calls it waitUrlMethod"),
    ('<Enqueue waitUrl="/w">q</Enqueue>', "no action and nothing after it"),
    ('<Dial timeout="4">+827010000002</Dial>', "@timeout: 4 must be 5 to 600"),
    ('<Dial timeout="601">+827010000002</Dial>', "@timeout: 601 must be 5 to 600"),
    ("<Dial/>", "either a number as text or nouns"),
    ("<Dial>070-1000-0002</Dial>", "Dial: the number is not E.164"),
    ("<Dial><Number>0701000</Number></Dial>", "Number: the number is not E.164"),
    ('<Dial statusCallback="/x">+827010000002</Dial>', "reported by the noun"),
    ('<Dial ringTone="kr">+827010000002</Dial>', "@ringTone: 'kr' is unknown"),
    ("<Dial><Conference>a</Conference><Client>b</Client></Dial>", "Conference must be the only noun"),
    (f"<Dial>{'<Client>a</Client>' * 11}</Dial>", "11 nouns"),
    ('<Say>hello</Say><Dial answerOnBridge="true">+827010000002</Dial>', "useless unless Dial is the first"),
    ("<Dial><Conference>c-01012345678</Conference></Dial>", "Conference: the name carries"),
    ('<Dial><Conference beep="both">c-1</Conference></Dial>', "@beep: 'both' is unknown"),
    ('<Dial><Conference maxParticipants="1">c-1</Conference></Dial>', "1 must be 2 to 250"),
    ('<Dial><Conference waitUrlMethod="GET" waitUrl="/h">c-1</Conference></Dial>', "waitMethod"),
    (f'<Dial><Conference participantLabel="{"x" * 129}">c-1</Conference></Dial>', "1 to 128 characters"),
    ('<Dial><Conference statusCallbackEvent="join">c-1</Conference></Dial>', "no effect without statusCall"),
    (
        '<Dial><Client statusCallback="/leg?to=%2B821012345678">a</Client></Dial>',
        "carries a telephone number",
    ),
    ('<Dial><Number machineDetectionTimeout="2">+827010000002</Number></Dial>', "2 must be 3 to 60"),
    ("<Start/>", "Start: empty"),
    ('<Start><Recording recordingStatusCallback="/r"/></Start>', "must be absolute"),
    ('<Start><Transcription statusCallbackUrl="/t"/></Start>', "must be absolute"),
]


@pytest.mark.parametrize(("body", "expected"), MISTAKES, ids=[body[:60] for body, _ in MISTAKES])
def test_each_mistake_is_found_and_nothing_else(body: str, expected: str) -> None:
    faults = lint(f"<Response>{body}</Response>")
    assert [fault for fault in faults if expected in fault], faults
    assert len(faults) == 1, faults


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<Response><Say>hello</Response>", "12100"),
        ("", "12100"),
        ("<Answer/>", "root is 'Answer'"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><Response>&a;</Response>', "DOCTYPE"),
        ("<Response>hello</Response>", "text 'hello' is not allowed here"),
        ("<Response><Hangup/>hello</Response>", "between elements"),
    ],
)
def test_a_document_that_is_no_document_is_refused(xml: str, expected: str) -> None:
    faults = lint(xml)
    assert len(faults) == 1
    assert expected in faults[0]


# [docs: voice/twiml/enqueue, queue, number, conference]: which verbs run where.
ALLOWED: dict[Context, str] = {
    "voice": "Say Play Pause Gather Redirect Hangup Enqueue Dial Record Reject",
    "wait": "Say Play Pause Gather Redirect Hangup Leave",
    "queue-url": "Say Play Pause Redirect",
    "noun-url": "Say Play Pause Gather Redirect Hangup",
    "conference-wait": "Say Play Pause Redirect",
}
ONE_OF_EACH = {
    "Say": SAY,
    "Play": "<Play>https://hotline.example/a.mp3</Play>",
    "Pause": "<Pause/>",
    "Gather": '<Gather action="https://hotline.example/g" actionOnEmptyResult="true"/>',
    "Redirect": "<Redirect>https://hotline.example/r</Redirect>",
    "Hangup": "<Hangup/>",
    "Leave": "<Leave/>",
    "Enqueue": '<Enqueue action="https://hotline.example/e">q</Enqueue>',
    "Dial": "<Dial>+827010000002</Dial>",
    "Record": '<Record action="https://hotline.example/c"/>',
    "Reject": "<Reject/>",
}


@pytest.mark.parametrize("verb", ONE_OF_EACH)
@pytest.mark.parametrize("context", ALLOWED)
def test_each_context_runs_its_own_verbs_only(context: Context, verb: str) -> None:
    faults = lint(f"<Response>{ONE_OF_EACH[verb]}</Response>", context=context)
    assert (faults == []) == (verb in ALLOWED[context].split()), faults


def test_a_gather_in_a_wait_document_may_run_out_because_it_is_asked_for_again() -> None:
    assert lint('<Response><Gather action="/w" numDigits="1"/></Response>', context="wait") == []


def test_a_whisper_that_falls_through_would_bridge_without_acceptance() -> None:
    body = '<Gather action="/accept" numDigits="1"/>'
    assert lint(f"<Response>{body}</Response>", context="noun-url")
    assert lint(f"<Response>{body}<Hangup/></Response>", context="noun-url") == []


def test_inline_twiml_needs_absolute_urls() -> None:
    xml = '<Response><Gather action="/menu" actionOnEmptyResult="true"/></Response>'
    assert lint(xml) == []
    assert lint(xml, context="inline") == ["Gather/@action: inline TwiML has no base document; make the URL absolute"]


def test_a_voice_verb_in_a_message_answer_is_found() -> None:
    assert "Say[1]: not allowed in Response" in lint(f"<Response>{SAY}</Response>", context="messaging")[0]


def test_an_empty_response_is_clean_everywhere() -> None:
    assert [context for context in CONTEXTS if lint("<Response/>", context=context)] == []


@pytest.mark.parametrize(
    "text",
    ["010-1234-5678", "01012345678", "+821012345678", "%2B82-10-1234-5678", "02-123-4567", "+14155550123"],
)
def test_a_persons_number_is_recognised_in_any_spelling_and_masked(text: str) -> None:
    found = telephone_number(f"call-{text}")
    assert found is not None
    assert re.fullmatch(r"…\d{4}", found)


@pytest.mark.parametrize(
    "text",
    [
        "c-5f3a9be2c1d04477",
        "01012345-1234-4123-8123-010123456789",
        "line=15441120",
        "+8215441120",
        "CA01012345678901234567890123456789",
        "attempt=20251121093000",
        "1732190400",
    ],
)
def test_ids_times_and_representative_numbers_are_no_persons_number(text: str) -> None:
    assert telephone_number(text) is None
