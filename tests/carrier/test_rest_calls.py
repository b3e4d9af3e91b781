"""Calls over REST with the official SDK: creation, refusals, pacing, updates, lists; numbers and queues."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from carrier.options import Options
from tests.carrier.stage import AGENT, BASE, COLLEAGUE, KEY, KEY_SECRET, LINE, SID, TOKEN, Stage, heard

EVENTS = ["initiated", "ringing", "answered", "completed"]


def create(stage: Stage, **more: Any) -> Any:
    return stage.rest.calls.create(**{"to": AGENT, "from_": LINE, "url": f"{BASE}/agent", **more})


def refused(action: Callable[[], object]) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as caught:
        action()
    return caught.value.status, caught.value.code


def test_a_call_is_queued_rings_is_answered_and_ends_with_four_callbacks() -> None:
    stage = Stage({"/agent": "<Say>가</Say>"})
    stage.agent(answer_after=2.4)
    created = create(stage, status_callback=f"{BASE}/cb", status_callback_event=EVENTS)
    assert (created.status, created.direction, created.queue_time) == ("queued", "outbound-api", "0")
    stage.run(20)
    forms = sorted(stage.forms("/cb"), key=lambda form: int(form["SequenceNumber"]))
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "in-progress", "completed"]
    done = stage.rest.calls(created.sid).fetch()
    assert (done.status, done.to, done.start_time) == ("completed", AGENT, datetime(2026, 11, 23, 1, 0, tzinfo=UTC))
    stage.assert_answers_fit()


def test_an_inline_document_runs_without_any_request() -> None:
    stage = Stage({})
    stage.agent(answer_after=1)
    created = create(stage, url=None, twiml="<Response><Say>가</Say></Response>")
    stage.run(5)
    assert heard(stage.network.calls[created.sid]) == ["가"]
    assert stage.asked == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"to": ""}, 21201),
        ({"from_": ""}, 21213),
        ({"url": ""}, 21205),
        ({"url": "ftp://x"}, 21205),
        ({"to": "1544-1120"}, 21217),
        ({"from_": "+821099999999"}, 21210),
        ({"from_": "+15005550001"}, 21212),
        ({"to": "+15005550001"}, 21217),
        ({"to": "+15005550002"}, 21214),
        ({"to": "+15005550003"}, 21215),
        ({"to": "+15005550004"}, 21216),
    ],
)
def test_wrong_calls_and_magic_numbers_are_refused_with_twilios_codes(parameters: dict[str, str], code: int) -> None:
    """Call From 0006 ok, 0001 21212, other 21210; call To 0001 21217, 0002 21214, 0003 21215, 0004 21216."""
    stage = Stage({})
    assert refused(lambda: create(stage, **parameters)) == (400, code)


def test_the_magic_caller_may_call() -> None:
    assert create(Stage({}), from_="+15005550006").status == "queued"


def test_the_timeout_of_a_call_has_five_seconds_of_buffer() -> None:
    stage = Stage({})
    created = create(stage, timeout=10)
    stage.run(30)
    call = stage.network.calls[created.sid]
    assert call.status == "no-answer"
    assert (call.times["ended"] - call.times["ringing"]).total_seconds() == 15


def test_calls_leave_the_queue_at_the_rate_of_the_account_and_say_how_long_they_waited() -> None:
    """CPS: excess calls wait in a queue; queue_time (ms) tells how long."""
    stage = Stage({}, options=Options(cps=2.0))
    sids = [create(stage, to=f"+8210300000{n:02d}").sid for n in range(5)]
    stage.run(10)
    assert [stage.rest.calls(sid).fetch().queue_time for sid in sids] == ["0", "500", "1000", "1500", "2000"]
    starts = [(stage.network.calls[sid].times["initiated"] - stage.network.started).total_seconds() for sid in sids]
    assert starts == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_a_call_that_is_cancelled_while_queued_sends_no_callback() -> None:
    """A call cancelled while still queued produces no status callback."""
    stage = Stage({}, options=Options(cps=0.1))
    create(stage, to=COLLEAGUE)
    created = create(stage, status_callback=f"{BASE}/cb", status_callback_event=EVENTS)
    assert stage.rest.calls(created.sid).update(status="canceled").status == "canceled"
    stage.run(60)
    assert stage.forms("/cb") == []


def test_a_call_that_would_wait_longer_than_a_day_fails_with_22005() -> None:
    stage = Stage({}, options=Options(cps=0.5, queue_limit_seconds=3))
    for n in range(4):
        create(stage, to=f"+8210300000{n:02d}")
    stage.run(10)
    assert stage.codes() == [22005, 22005]


def test_a_ringing_call_is_cancelled_and_an_answered_one_completed() -> None:
    stage = Stage({"/agent": "<Pause length='60'/>"})
    ringing = create(stage, status_callback=f"{BASE}/cb", status_callback_event=EVENTS)
    stage.agent(COLLEAGUE, answer_after=1)
    talking = create(stage, to=COLLEAGUE)
    stage.run(4)
    assert stage.rest.calls(ringing.sid).update(status="canceled").status == "canceled"
    assert stage.rest.calls(talking.sid).update(status="completed").status == "completed"
    assert stage.network.calls[talking.sid].ended_by == "api"
    stage.run(2)
    assert stage.forms("/cb")[-1]["CallStatus"] == "canceled"


def test_a_call_that_has_ended_cannot_be_redirected_but_ending_it_again_is_harmless() -> None:
    """21220: the call is not in progress."""
    stage = Stage({"/agent": ""})
    stage.agent(answer_after=1)
    created = create(stage)
    stage.run(5)
    assert refused(lambda: stage.rest.calls(created.sid).update(url=f"{BASE}/x")) == (400, 21220)
    assert stage.rest.calls(created.sid).update(status="completed").status == "completed"


def test_an_update_takes_exactly_one_of_url_twiml_and_status() -> None:
    stage = Stage({"/agent": "<Pause length='60'/>"})
    stage.agent(answer_after=1)
    created = create(stage)
    stage.run(3)
    assert refused(lambda: stage.rest.calls(created.sid).update(url=f"{BASE}/x", status="completed")) == (400, 20001)


def test_calls_are_listed_newest_first_by_filters_and_in_pages() -> None:
    stage = Stage({"/agent": ""})
    stage.agent(answer_after=1)
    sids = []
    for _ in range(7):
        sids.append(create(stage).sid)
        stage.run(10)
    create(stage, to=COLLEAGUE)
    stage.run(1)
    calls = stage.rest.calls
    assert [one.sid for one in calls.list(to=AGENT, page_size=3)] == sids[::-1]
    assert len(calls.list(status="completed", limit=4, page_size=2)) == 4
    assert [one.to for one in calls.list(status="ringing")] == [COLLEAGUE]
    later = datetime(2026, 11, 23, 1, 0, 30, tzinfo=UTC)
    assert [one.sid for one in calls.list(to=AGENT, start_time_after=later)] == sids[:2:-1]
    assert [one.sid for one in calls.list(to=AGENT, start_time_before=later)] == sids[3::-1]
    stage.assert_answers_fit()


def test_new_calls_do_not_shift_the_following_pages() -> None:
    stage = Stage({"/agent": ""})
    first = [create(stage, to=f"+8210300000{n:02d}").sid for n in range(4)]
    page = stage.rest.calls.page(page_size=2)
    seen = [one.sid for one in page]
    create(stage, to="+821030000099")
    seen += [one.sid for one in page.next_page()]
    assert seen == first[::-1]


def test_a_call_with_machine_detection_says_that_a_person_answered() -> None:
    """AsyncAmd posts AnsweredBy and MachineDetectionDuration (ms)."""
    stage = Stage({"/agent": "<Pause length='10'/>"})
    stage.agent(answer_after=1)
    create(stage, machine_detection="Enable", async_amd="true", async_amd_status_callback=f"{BASE}/amd")
    stage.run(15)
    assert stage.forms("/amd")[0]["AnsweredBy"] == "human"


def test_unknown_things_are_not_found() -> None:
    stage = Stage({})
    missing = "0" * 32
    for action in (
        stage.rest.calls(f"CA{missing}").fetch,
        stage.rest.messages(f"SM{missing}").fetch,
        stage.rest.queues(f"QU{missing}").fetch,
        stage.rest.conferences(f"CF{missing}").fetch,
        stage.rest.recordings(f"RE{missing}").fetch,
        stage.rest.incoming_phone_numbers(f"PN{missing}").fetch,
    ):
        assert refused(action) == (404, 20404)
    stage.assert_answers_fit()


@pytest.mark.parametrize("auth", [None, (SID, "wrong"), ("AC" + "9" * 32, TOKEN), (KEY, TOKEN), ("é", "ü")])
def test_without_the_right_credentials_nothing_is_answered(auth: tuple[str, str] | None) -> None:
    stage = Stage({})
    answer = stage.web.get(f"/2010-04-01/Accounts/{SID}/Calls.json", auth=auth)
    assert answer.status_code == 401
    assert answer.get_json()["code"] == 20003
    assert answer.get_json()["more_info"].endswith("/20003")


def test_an_api_key_may_do_everything_but_read_the_account() -> None:
    """API keys cannot fetch /Accounts/{SID}."""
    stage = Stage({})
    key = (KEY, KEY_SECRET)
    assert stage.web.get(f"/2010-04-01/Accounts/{SID}/Calls.json", auth=key).status_code == 200
    assert stage.web.get(f"/2010-04-01/Accounts/{SID}.json", auth=key).status_code == 401
    assert stage.rest.api.v2010.accounts(SID).fetch().status == "active"
    stage.assert_answers_fit()


def test_more_requests_than_the_rate_are_refused_with_20429() -> None:
    """HTTP 429 / 20429: not processed, safe to retry."""
    stage = Stage({}, options=Options(rest_rate=3.0))
    stage.run(2)
    answers = [stage.web.get(f"/2010-04-01/Accounts/{SID}/Calls.json", auth=(SID, TOKEN)) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert answers[-1].get_json()["code"] == 20429
    stage.run(1)
    assert stage.web.get(f"/2010-04-01/Accounts/{SID}/Calls.json", auth=(SID, TOKEN)).status_code == 200


def test_numbers_are_created_listed_changed_and_deleted() -> None:
    stage = Stage({})
    created = stage.rest.incoming_phone_numbers.create(phone_number="+827010000009", friendly_name="시험")
    changed = stage.rest.incoming_phone_numbers(created.sid).update(voice_url=f"{BASE}/v", voice_method="GET")
    assert (changed.voice_url, changed.voice_method, changed.friendly_name) == (f"{BASE}/v", "GET", "시험")
    assert len(stage.rest.incoming_phone_numbers.list(phone_number="+827010000009")) == 1
    assert refused(lambda: stage.rest.incoming_phone_numbers.create(phone_number="+827010000009")) == (400, 21422)
    assert refused(lambda: stage.rest.incoming_phone_numbers.create(phone_number="1544-1120")) == (400, 21421)
    stage.rest.incoming_phone_numbers(created.sid).delete()
    assert len(stage.rest.incoming_phone_numbers.list()) == 1
    stage.assert_answers_fit()


def test_queues_are_created_listed_changed_and_deleted() -> None:
    stage = Stage({})
    queue = stage.rest.queues.create(friendly_name="팀", max_size=5)
    assert refused(lambda: stage.rest.queues.create(friendly_name="팀"))[0] == 400
    assert stage.rest.queues(queue.sid).update(max_size=9).max_size == 9
    assert [one.friendly_name for one in stage.rest.queues.list()] == ["팀"]
    assert stage.rest.queues(queue.sid).delete()
    assert stage.rest.queues.list() == []
    stage.assert_answers_fit()
