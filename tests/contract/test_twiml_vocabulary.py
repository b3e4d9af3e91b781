"""Every element of the official declarations is accepted with its full attribute set, and nothing else is."""

from xml.etree import ElementTree

import pytest

from .twiml_lint import lint
from .twiml_table import Element, table

VOICE = table("voice")

# The full attribute set of each verb and noun that a hotline uses, written out with valid values.
FULL = {
    "Say": '<Say voice="Polly.Seoyeon" language="ko-KR" loop="2">안녕하십니까.</Say>',
    "Play": '<Play loop="0">/media/hold.mp3</Play>',
    "Play digits": '<Play digits="1w2W#*A" loop="1"/>',
    "Pause": '<Pause length="3"/>',
    "Gather": (
        '<Gather action="/menu" method="POST" actionOnEmptyResult="true" bargeIn="true" debug="false"'
        ' enhanced="false" finishOnKey="" hints="상담, 접수" input="dtmf speech" language="ko-KR"'
        ' maxSpeechTime="60" numDigits="1" partialResultCallback="/partial"'
        ' partialResultCallbackMethod="POST" profanityFilter="false" speechTimeout="auto" timeout="5">'
        '<Say language="ko-KR">번호를 눌러 주십시오.</Say><Pause/><Play>/media/beep.wav</Play></Gather>'
    ),
    "Record": (
        '<Record action="/clip" finishOnKey="1234567890*#" maxLength="60" method="POST" playBeep="true"'
        ' recordingStatusCallback="/recording" recordingStatusCallbackEvent="in-progress completed absent"'
        ' recordingStatusCallbackMethod="POST" timeout="5" transcribe="false" trim="do-not-trim"/>'
    ),
    "Redirect": '<Redirect method="POST">/next#ct=2000&amp;rt=4000&amp;rc=1&amp;rp=ct,rt,5xx</Redirect>',
    "Hangup": "<Hangup/>",
    "Reject": '<Reject reason="busy"/>',
    "Enqueue": (
        '<Enqueue action="/left" maxQueueSize="50" method="POST" waitUrl="/wait" waitUrlMethod="POST">'
        "kibo-counsel</Enqueue>"
    ),
    "Dial number": (
        '<Dial action="/dialled" answerOnBridge="true" callerId="+827010000001" hangupOnStar="false"'
        ' method="POST" record="record-from-answer-dual" recordingStatusCallback="/recording"'
        ' recordingStatusCallbackEvent="completed" recordingStatusCallbackMethod="POST"'
        ' recordingTrack="both" ringTone="tw" sequential="false" timeLimit="14400" timeout="20"'
        ' trim="do-not-trim"><Number amdStatusCallback="/amd" amdStatusCallbackMethod="POST"'
        ' machineDetection="Enable" machineDetectionTimeout="30" machineDetectionSpeechThreshold="2400"'
        ' machineDetectionSpeechEndThreshold="1200" machineDetectionSilenceTimeout="5000"'
        ' sendDigits="wwww1" url="/whisper" method="POST" statusCallback="/leg"'
        ' statusCallbackEvent="initiated ringing answered completed" statusCallbackMethod="POST">'
        "+827010000002</Number>"
        '<Client url="/whisper" statusCallback="/leg" statusCallbackEvent="answered">agent_7</Client></Dial>'
    ),
    "Dial conference": (
        '<Dial><Conference beep="onExit" coach="CA00000000000000000000000000000000"'
        ' endConferenceOnExit="true" jitterBufferSize="small" maxParticipants="4" muted="false"'
        ' participantLabel="caller" record="record-from-start" recordingStatusCallback="/recording"'
        ' recordingStatusCallbackEvent="in-progress completed absent" recordingStatusCallbackMethod="POST"'
        ' region="jp1" startConferenceOnEnter="true" statusCallback="/room" statusCallbackMethod="POST"'
        ' statusCallbackEvent="start end join leave mute hold modify speaker announcement"'
        ' trim="do-not-trim" waitMethod="POST" waitUrl="/hold">c-5f3a9be2</Conference></Dial>'
    ),
    "Dial queue": '<Dial><Queue url="/before-bridge" method="POST">kibo-counsel</Queue></Dial>',
    "Start recording": (
        '<Start><Recording channels="dual" track="both" trim="do-not-trim" recordingStatusCallback='
        '"https://hotline.example/recording" recordingStatusCallbackEvent="completed"'
        ' recordingStatusCallbackMethod="POST"/></Start>'
    ),
    "Message pieces in Say": (
        '<Say language="ko-KR">접수 번호는 <say-as interpret-as="digits">1234</say-as>'
        '<break strength="weak" time="300ms"/><prosody rate="90%">입니다.</prosody></Say>'
    ),
}


def document(*verbs: str) -> str:
    return f"<Response>{''.join(verbs)}</Response>"


@pytest.mark.parametrize("name", FULL)
def test_the_full_attribute_set_of_each_verb_is_accepted(name: str) -> None:
    assert lint(document(FULL[name])) == []


def test_leave_is_accepted_in_a_wait_document() -> None:
    assert lint(document("<Leave/>"), context="wait") == []


def test_a_message_answer_is_accepted() -> None:
    xml = document(
        '<Message to="+821012345678" from="+827010000001" action="/sent" method="POST"><Body>접수되었습니다.'
        "</Body><Media>https://hotline.example/map.png</Media></Message>"
    )
    assert lint(xml, context="messaging") == []


def value_of(kind: str) -> str:
    if kind.removesuffix("[]") in VOICE.enumerations:
        return sorted(VOICE.enumerations[kind.removesuffix("[]")])[0]
    return {"boolean": "true", "number": "1", "number[]": "1 2"}.get(kind, "x")


def vocabulary_faults(parent: str, name: str, entry: Element) -> list[str]:
    """Faults that name the vocabulary (not ranges or rules) when `name` stands with all its attributes."""
    root = ElementTree.Element("Response")
    node = root
    for step in PATHS[parent]:
        node = ElementTree.SubElement(node, step)
    made = ElementTree.SubElement(node, name)
    for attribute, kind in entry.attributes.items():
        made.set(attribute, value_of(kind))
    faults = lint(ElementTree.tostring(root, encoding="unicode"))
    return [fault for fault in faults if "unknown" in fault or "not allowed in" in fault]


def paths() -> dict[str, list[str]]:
    """How to reach each element class from the root, by element names."""
    found: dict[str, list[str]] = {"Response": []}
    waiting = ["Response"]
    while waiting:
        parent = waiting.pop(0)
        for name, kind in VOICE.elements[parent].children.items():
            if kind not in found:
                found[kind] = [*found[parent], name]
                waiting.append(kind)
    return found


PATHS = paths()
PAIRS = [
    (parent, name, child)
    for parent in PATHS
    for name, child in VOICE.elements[parent].children.items()
    if not parent.startswith("Ssml")
]


@pytest.mark.parametrize(("parent", "name", "child"), PAIRS)
def test_every_declared_element_is_known_where_it_is_declared(parent: str, name: str, child: str) -> None:
    assert vocabulary_faults(parent, name, VOICE.elements[child]) == []


@pytest.mark.parametrize(("parent", "name", "child"), PAIRS)
def test_an_attribute_that_is_not_declared_is_found(parent: str, name: str, child: str) -> None:
    declared = VOICE.elements[child]
    more = Element({**declared.attributes, "colour": "string"}, declared.children, declared.text)
    assert any("@colour: unknown attribute" in fault for fault in vocabulary_faults(parent, name, more))
