"""Texts: states and callbacks, refusals, segments, scheduling, and incoming texts with an answer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from carrier.numbers import is_landline
from carrier.segments import segments
from tests.carrier.stage import BASE, CALLER, LINE, Stage


def send(stage: Stage, **more: Any) -> Any:
    return stage.rest.messages.create(**{"to": CALLER, "from_": LINE, "body": "접수번호 1", **more})


def test_a_text_goes_from_queued_to_delivered_with_a_callback_for_all_states_but_the_first() -> None:
    """First status is queued; no callback for the first one."""
    stage = Stage({})
    created = send(stage, status_callback=f"{BASE}/sms")
    assert (created.status, created.num_segments, created.direction) == ("queued", "1", "outbound-api")
    stage.run(10)
    assert [form["MessageStatus"] for form in stage.forms("/sms")] == ["sending", "sent", "delivered"]
    assert stage.forms("/sms")[0]["MessageSid"] == created.sid
    done = stage.rest.messages(created.sid).fetch()
    assert done.status == "delivered"
    assert done.date_sent is not None
    handset = stage.web.get("/handsets/01010000001").get_json()
    assert handset["messages"][0]["body"] == "접수번호 1"
    assert handset["heard"][-1]["kind"] == "message"
    stage.assert_answers_fit()


def test_a_handset_that_takes_no_texts_leaves_them_undelivered() -> None:
    """30003: unreachable handset."""
    stage = Stage({})
    stage.web.put("/handsets/01010000001", json={"accepts_messages": False})
    created = send(stage, status_callback=f"{BASE}/sms")
    stage.run(10)
    last = stage.forms("/sms")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")
    assert stage.rest.messages(created.sid).fetch().error_code == 30003
    stage.assert_answers_fit()


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"to": ""}, 21604),
        ({"body": ""}, 21602),
        ({"from_": ""}, 21603),
        ({"body": "가" * 1601}, 21617),
        ({"to": "01010000001"}, 21211),
        ({"from_": "+821099999999"}, 21606),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
        ({"to": "+8221234567"}, 21614),
        ({"to": "+8215441120"}, 21614),
    ],
)
def test_wrong_texts_and_magic_numbers_are_refused_with_twilios_codes(parameters: dict[str, str], code: int) -> None:
    """SMS From 0001, 0007, 0008; SMS To 0001, 0002, 0003, 0004, 0009; landlines are rejected with 400/21614."""
    with pytest.raises(TwilioRestException) as caught:
        send(Stage({}), **parameters)
    assert (caught.value.status, caught.value.code) == (400, code)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("가" * 70, 1),
        ("가" * 71, 2),
        ("가" * 134, 2),
        ("가" * 135, 3),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("", 1),
    ],
)
def test_segments_are_counted_as_twilio_counts_them(text: str, count: int) -> None:
    """GSM-7 160/153, UCS-2 70/67: 70 Hangul = 1, 71 and 134 = 2, 135 = 3."""
    assert segments(text) == count


@pytest.mark.parametrize(
    ("number", "landline"),
    [
        ("+8221234567", True),
        ("+82423803811", True),
        ("+8218111234", True),
        ("+821012345678", False),
        ("+827012345678", False),
    ],
)
def test_geographic_and_representative_numbers_are_landlines(number: str, landline: bool) -> None:
    assert is_landline(number) is landline


def test_somebody_who_writes_stop_gets_no_more_texts() -> None:
    """Default opt-out words; later sends give 21610."""
    stage = Stage({})
    stage.web.post("/handsets/01010000001/messages", json={"to": LINE, "body": " stop "})
    with pytest.raises(TwilioRestException) as caught:
        send(stage)
    assert caught.value.code == 21610


def test_an_incoming_text_reaches_the_sms_url_and_its_answer_goes_back() -> None:
    stage = Stage({"/text": "<Message>받았습니다</Message>"})
    answer = stage.web.post("/handsets/010-1000-0001/messages", json={"to": LINE, "body": "문의"})
    assert answer.status_code == 201
    stage.run(10)
    form = stage.forms("/text")[0]
    assert (form["From"], form["To"], form["Body"], form["SmsStatus"]) == (CALLER, LINE, "문의", "received")
    assert stage.asked[0].genuine
    reply, received = stage.rest.messages.list()
    assert (reply.direction, reply.body, reply.to) == ("outbound-reply", "받았습니다", CALLER)
    assert (received.direction, received.status) == ("inbound", "received")
    stage.assert_answers_fit()


def test_a_scheduled_text_waits_for_its_time_and_can_be_cancelled() -> None:
    """ScheduleType=fixed, SendAt 300 s to 35 days ahead, needs a messaging service (35118)."""
    stage = Stage({})
    service, at = "MG" + "3" * 32, stage.network.now + timedelta(seconds=600)
    later = {"messaging_service_sid": service, "schedule_type": "fixed", "send_at": at}
    first, second = send(stage, **later), send(stage, **later)
    assert first.status == "scheduled"
    assert stage.rest.messages(second.sid).update(status="canceled").status == "canceled"
    stage.run(700)
    assert stage.rest.messages(first.sid).fetch().status == "delivered"
    assert stage.rest.messages(second.sid).fetch().status == "canceled"
    too_soon = datetime(2026, 11, 23, tzinfo=UTC)
    faulty: list[tuple[dict[str, object], int]] = [
        ({"messaging_service_sid": ""}, 35118),
        ({"schedule_type": ""}, 35126),
        ({"send_at": too_soon}, 35114),
    ]
    for wrong, code in faulty:
        with pytest.raises(TwilioRestException) as caught:
            send(stage, **{**later, "send_at": stage.network.now + timedelta(seconds=600), **wrong})
        assert caught.value.code == code


def test_texts_are_listed_by_number_and_day_and_deleted() -> None:
    stage = Stage({})
    created = send(stage)
    send(stage, to="+821010000002")
    stage.run(10)
    assert [one.sid for one in stage.rest.messages.list(to=CALLER)] == [created.sid]
    assert len(stage.rest.messages.list(date_sent=datetime(2026, 11, 23, tzinfo=UTC))) == 2
    assert stage.rest.messages.list(date_sent_after=datetime(2026, 11, 24, tzinfo=UTC)) == []
    assert stage.rest.messages(created.sid).delete()
    assert len(stage.rest.messages.list()) == 1
    stage.assert_answers_fit()
