"""Every REST operation of the local carrier, driven by the official SDK, answers as the v2010 document says."""

from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioRestException

from carrier.app import create_app

from .rest_table import rest_table
from .stage import ACCOUNT, AGENT, APP, CALLER, LINE, Stage

# The caller joins a room that has the agent in it; names are the labels the app's documents give.
ROOM = "c-5f3a9be2"
Story = Callable[[Stage], None]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def account_and_numbers(stage: Stage) -> None:
    client = stage.client
    assert client.api.v2010.accounts(ACCOUNT).fetch().status == "active"
    number = client.incoming_phone_numbers.list(phone_number=LINE)[0]
    changed = client.incoming_phone_numbers(number.sid).update(
        voice_url=f"{APP}/queue", voice_fallback_url=f"{APP}/left", sms_url=f"{APP}/text", friendly_name="1544-1120"
    )
    assert changed.voice_fallback_url == f"{APP}/left"
    assert client.incoming_phone_numbers(number.sid).fetch().friendly_name == "1544-1120"
    other = client.incoming_phone_numbers.create(phone_number="+827010000009")
    assert client.incoming_phone_numbers(other.sid).delete()


def calls(stage: Stage) -> None:
    client = stage.client
    queued = client.calls.create(
        to=AGENT,
        from_=LINE,
        url=f"{APP}/talk",
        status_callback=f"{APP}/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
        timeout=20,
    )
    assert queued.status == "queued"
    stage.run(1)
    assert client.calls(queued.sid).fetch().status == "ringing"
    assert client.calls(queued.sid).update(status="canceled").status == "canceled"
    talking = stage.ring_out()
    assert client.calls(talking).fetch().status == "in-progress"
    client.calls(talking).update(url=f"{APP}/talk")
    client.calls(talking).update(twiml="<Response><Pause length='60'/></Response>")
    assert client.calls(talking).update(status="completed").status == "completed"
    assert {one.sid for one in client.calls.list(to=AGENT, page_size=1)} == {queued.sid, talking}
    assert [one.sid for one in client.calls.list(status="canceled")] == [queued.sid]
    assert client.calls(talking).delete()


def calls_that_fall_back(stage: Stage) -> None:
    stage.handsets.put(f"/handsets/{AGENT}/person", json={"answer_after": 2.0})
    with_one = {"fallback_url": f"{APP}/sorry", "fallback_method": "GET"}
    for fallback, heard in ((with_one, ["죄송합니다."]), ({}, [])):
        call = stage.client.calls.create(to=AGENT, from_=LINE, url=f"{APP}/away", **fallback)
        stage.run(12)
        assert stage.client.calls(call.sid).fetch().status == "completed"
        leg = stage.carrier.network.calls[call.sid]
        assert [piece.text for piece in leg.heard if piece.kind == "say"] == heard


def messages(stage: Stage) -> None:
    client = stage.client
    sent = client.messages.create(
        to=CALLER, from_=LINE, body="접수되었습니다.", status_callback=f"{APP}/text", validity_period=600
    )
    assert sent.status == "queued"
    stage.run(10)
    assert client.messages(sent.sid).fetch().status == "delivered"
    assert [one.sid for one in client.messages.list(to=CALLER)] == [sent.sid]
    assert client.messages(sent.sid).update(body="").body == ""
    assert client.messages(sent.sid).delete()
    later = client.messages.create(
        to=CALLER,
        body="내일 뵙겠습니다.",
        messaging_service_sid="MG" + "6" * 32,
        schedule_type="fixed",
        send_at=stage.carrier.network.now.replace(day=28),
    )
    assert later.status == "scheduled"
    assert client.messages(later.sid).update(status="canceled").status == "canceled"


def queues(stage: Stage) -> None:
    client = stage.client
    queue = client.queues.create(friendly_name="other", max_size=5)
    assert client.queues(queue.sid).update(max_size=6).max_size == 6
    assert client.queues(queue.sid).fetch().current_size == 0
    assert client.queues(queue.sid).delete()
    caller = stage.ring_in()
    waiting = client.queues.list()[0]
    assert [one.call_sid for one in client.queues(waiting.sid).members.list()] == [caller]
    assert client.queues(waiting.sid).members("Front").fetch().call_sid == caller
    client.queues(waiting.sid).members(caller).update(url=f"{APP}/joined", method="POST")
    stage.run(1)
    assert client.queues(waiting.sid).fetch().current_size == 0


def conferences(stage: Stage) -> None:
    client = stage.client
    agent = stage.ring_out("/agent")
    caller = stage.ring_out("/joined", CALLER)
    room = client.conferences.list(friendly_name=ROOM, status="in-progress")[0]
    people = client.conferences(room.sid).participants
    assert {one.call_sid for one in people.list()} == {agent, caller}
    held = client.conferences(room.sid).participants(caller).update(hold=True, hold_url=f"{APP}/hold")
    assert held.hold
    assert [one.call_sid for one in people.list(hold=True)] == [caller]
    client.conferences(room.sid).participants("caller").update(hold=False, muted=True)
    client.conferences(room.sid).participants(caller).update(announce_url=f"{APP}/hold")
    assert client.conferences(room.sid).participants("agent").fetch().call_sid == agent
    third = people.create(
        to="+821000000003",
        from_=LINE,
        label="third",
        beep="onEnter",
        early_media=False,
        end_conference_on_exit=False,
        status_callback=f"{APP}/status",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )
    assert client.conferences(room.sid).participants(third.call_sid).delete()
    client.conferences(room.sid).update(announce_url=f"{APP}/hold")
    assert client.conferences(room.sid).update(status="completed").status == "completed"
    assert client.conferences(room.sid).fetch().reason_conference_ended == "conference-ended-via-api"


def recordings(stage: Stage) -> None:
    client = stage.client
    call = stage.ring_out()
    made = client.calls(call).recordings.create(
        recording_channels="dual",
        recording_track="both",
        trim="do-not-trim",
        recording_status_callback=f"{APP}/recording",
        recording_status_callback_event=["in-progress", "completed", "absent"],
    )
    stage.run(3)
    running = client.calls(call).recordings(made.sid)
    assert running.update(status="paused", pause_behavior="silence").status == "paused"
    assert running.update(status="in-progress").status == "in-progress"
    assert running.update(status="stopped").status in {"stopped", "processing", "completed"}
    stage.run(3)
    assert running.fetch().channels == 2
    assert [one.sid for one in client.calls(call).recordings.list()] == [made.sid]
    assert [one.sid for one in client.recordings.list(call_sid=call)] == [made.sid]
    assert client.recordings(made.sid).fetch().status == "completed"
    assert client.recordings(made.sid).delete()
    again = client.calls(call).recordings.create()
    assert client.calls(call).recordings(again.sid).delete()


def transcriptions(stage: Stage) -> None:
    call = stage.ring_out()
    of_call = stage.client.calls(call).transcriptions
    asked = {"track": "inbound_track", "language_code": "ko-KR", "partial_results": False}
    named = of_call.create(name="opening", status_callback_url=f"{APP}/words", status_callback_method="POST", **asked)
    assert (named.status, named.name) == ("in-progress", "opening")
    assert stage.client.calls(call).transcriptions("opening").update(status="stopped").sid == named.sid
    other = of_call.create()
    assert stage.client.calls(call).transcriptions(other.sid).update(status="stopped").status == "stopped"


def conference_recordings(stage: Stage) -> None:
    stage.ring_out("/agent")
    room = stage.client.conferences.list(friendly_name=ROOM)[0]
    assert stage.client.conferences(room.sid).recordings.list() == []


STORIES: list[Story] = [
    account_and_numbers,
    calls,
    calls_that_fall_back,
    messages,
    queues,
    conferences,
    recordings,
    transcriptions,
    conference_recordings,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_every_answer_has_the_shape_of_the_document(stage: Stage, story: Story) -> None:
    story(stage)
    stage.watch.assert_clean()


def served() -> set[str]:
    """The operations of the document that the carrier has a route for."""
    rules = create_app(Stage().carrier.gate).url_map.iter_rules()
    routes = {(method, _shape(rule.rule)) for rule in rules for method in rule.methods or ()}
    return {
        f"{method} {template.removeprefix('/2010-04-01/Accounts/{AccountSid}').removeprefix('/2010-04-01')}"
        for template, operations in rest_table()["paths"].items()
        for method in operations
        if (method, _shape(template)) in routes
    }


def _shape(path: str) -> tuple[str, ...]:
    # A route's <account>.json and the document's {Sid}.json are the same place.
    named = path.replace("{", "<").replace("}", ">")
    return tuple("<>" + part.partition(">")[2] if part.startswith("<") else part for part in named.split("/"))


def test_the_stories_drive_every_operation_that_the_carrier_serves() -> None:
    driven: set[str] = set()
    for story in STORIES:
        stage = Stage()
        story(stage)
        driven |= set(stage.watch.operations)
    assert served() - driven == set()
    assert len(served()) > 30


@pytest.mark.parametrize(("to", "code"), [("+15005550001", 21217), ("+15005550003", 21215), ("010-1234-5678", 21217)])
def test_a_refusal_has_the_shape_of_an_error(stage: Stage, to: str, code: int) -> None:
    with pytest.raises(TwilioRestException) as refusal:
        stage.client.calls.create(to=to, from_=LINE, url=f"{APP}/talk")
    assert refusal.value.code == code
    assert [fault for fault in stage.watch.violations if "error" in fault] == []


def test_a_member_who_left_the_queue_is_gone(stage: Stage) -> None:
    caller = stage.ring_in()
    queue = stage.client.queues.list()[0]
    stage.handsets.post(f"/handsets/{CALLER}/hangup")
    stage.run(1)
    with pytest.raises(TwilioRestException) as refusal:
        stage.client.queues(queue.sid).members(caller).update(url=f"{APP}/joined")
    assert (refusal.value.status, refusal.value.code) == (404, 20404)
    stage.watch.assert_clean()
