"""Enqueue: the wait document, Leave, REST dequeue, a full queue, hanging up; and Dial with Queue."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.carrier.stage import AGENT, BASE, CALLER, COLLEAGUE, LINE, Stage, heard

ENQUEUE = "<Enqueue waitUrl='/wait' action='/left'>q</Enqueue><Say>다음</Say>"
QUEUED = {"/in": ENQUEUE, "/wait": "<Say>잠시만</Say><Pause length='4'/>", "/left": "<Say>나옴</Say>"}


def test_the_wait_document_is_asked_again_whenever_it_runs_out_with_the_wait_parameters() -> None:
    """Wait parameters: QueuePosition, QueueSid, QueueTime, AvgQueueTime, CurrentQueueSize, MaxQueueSize."""
    stage = Stage(QUEUED)
    stage.dial()
    stage.run(1)
    stage.dial(number=COLLEAGUE)
    stage.run(16)
    forms = [form for form in stage.forms("/wait") if form["From"] == COLLEAGUE]
    assert len(forms) == 4
    assert (forms[0]["QueuePosition"], forms[0]["CurrentQueueSize"], forms[0]["MaxQueueSize"]) == ("2", "2", "1000")
    assert int(forms[3]["QueueTime"]) >= 12
    assert forms[0]["QueueSid"].startswith("QU")


def test_an_empty_wait_document_is_not_asked_for_in_a_tight_loop() -> None:
    stage = Stage({"/in": ENQUEUE, "/wait": ""})
    stage.dial()
    stage.run(10)
    assert len(stage.forms("/wait")) <= 11


def test_a_broken_wait_document_leaves_the_caller_with_music_in_the_queue() -> None:
    stage = Stage({"/in": ENQUEUE, "/wait": "<Say"})
    call = stage.dial()
    stage.run(20)
    assert call.status == "in-progress"
    assert "hold" in heard(call)
    assert 12100 in stage.codes()


def test_a_key_in_the_wait_document_can_leave_the_queue() -> None:
    """waitUrl may use Gather and Leave; action hears QueueResult=leave at once."""
    stage = Stage({
        **QUEUED,
        "/wait": "<Gather numDigits='1' action='/offer' timeout='5'><Say>콜백은 일번</Say></Gather>",
        "/offer": "<Leave/>",
    })  # fmt: skip
    call = stage.dial("1")
    stage.run(10)
    assert stage.forms("/left")[0]["QueueResult"] == "leave"
    assert heard(call)[-1] == "나옴"


def test_verbs_that_a_wait_document_may_not_hold_are_left_out_with_a_warning() -> None:
    """waitUrl: Say, Play, Pause, Gather, Redirect, Hangup, Leave only."""
    stage = Stage({**QUEUED, "/wait": "<Enqueue>other</Enqueue><Say>잠시만</Say><Pause length='9'/>"})
    call = stage.dial()
    stage.run(5)
    assert heard(call)[0] == "잠시만"
    assert stage.codes() == [12200]


def test_a_full_queue_refuses_and_the_action_hears_queue_full() -> None:
    stage = Stage(QUEUED)
    queue = stage.rest.queues.create(friendly_name="q", max_size=1)
    stage.dial()
    stage.run(2)
    second = stage.dial(number=COLLEAGUE)
    stage.run(5)
    form = stage.forms("/left")[0]
    assert (form["QueueResult"], form["QueueSid"]) == ("queue-full", queue.sid)
    assert heard(second) == ["나옴"]


def test_hanging_up_in_the_queue_tells_the_action_and_frees_the_place() -> None:
    stage = Stage(QUEUED)
    stage.dial(hang_up_after=5)
    stage.run(10)
    assert stage.forms("/left")[0]["QueueResult"] == "hangup"
    assert stage.rest.queues.list()[0].current_size == 0


def test_a_member_is_taken_out_by_rest_to_a_document_and_the_action_hears_redirected() -> None:
    """QueueResult redirected: the action is called at once on REST dequeue."""
    stage = Stage({**QUEUED, "/agent": "<Say>상담원입니다</Say>"})
    call = stage.dial()
    stage.run(5)
    queue = stage.rest.queues.list()[0]
    assert [(m.call_sid, m.position) for m in queue.members.list()] == [(call.sid, 1)]
    stage.rest.queues(queue.sid).members(call.sid).update(url=f"{BASE}/agent")
    stage.run(5)
    assert stage.forms("/left")[0]["QueueResult"] == "redirected"
    assert heard(call)[-1] == "상담원입니다"
    assert "나옴" not in heard(call)
    stage.assert_answers_fit()


@pytest.mark.parametrize("who", ["Front", "CA" + "0" * 32])
def test_a_member_that_has_gone_is_not_found(who: str) -> None:
    """Members that are gone: 404 with 20404 (a normal race)."""
    stage = Stage(QUEUED)
    queue = stage.rest.queues.create(friendly_name="q")
    with pytest.raises(TwilioRestException) as caught:
        stage.rest.queues(queue.sid).members(who).update(url=f"{BASE}/agent")
    assert (caught.value.status, caught.value.code) == (404, 20404)


SERVED = {
    **QUEUED,
    "/agent": "<Dial action='/done'><Queue url='/before'>q</Queue></Dial>",
    "/before": "<Say>상담원과 연결합니다</Say>",
    "/done": "<Say>끝</Say>",
}


def test_dialling_a_queue_connects_with_its_front_after_the_document_for_the_caller() -> None:
    """`url` runs on the queued caller with QueueSid, CallSid, QueueTime, DequeingCallSid (spelled so)."""
    stage = Stage(SERVED)
    caller = stage.dial(talk_seconds=10)
    stage.run(5)
    stage.agent(answer_after=1)
    agent = stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    stage.run(30)
    form = stage.forms("/before")[0]
    assert (form["CallSid"], form["DequeingCallSid"]) == (caller.sid, agent.sid)
    talk = caller.talks[0]
    assert talk.others == (agent.sid,)
    assert talk.until is not None
    assert round((talk.until - talk.at).total_seconds()) == 10
    done = stage.forms("/done")[0]
    assert (done["DialCallStatus"], done["DialBridged"]) == ("completed", "true")


def test_the_action_of_the_queued_caller_is_asked_only_after_the_bridge() -> None:
    """QueueResult bridged arrives only after the bridge ends when dequeued by Dial Queue."""
    stage = Stage(SERVED)
    caller = stage.dial()
    stage.run(5)
    stage.agent(answer_after=1, talk_seconds=6)
    stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    stage.run(7)
    assert stage.forms("/left") == []
    stage.run(20)
    assert stage.forms("/left")[0]["QueueResult"] == "bridged"
    assert heard(caller)[-1] == "나옴"


def test_dialling_an_empty_queue_waits_for_somebody_up_to_the_timeout_and_its_buffer() -> None:
    """Empty queue: the dialler waits until the Dial timeout."""
    stage = Stage({**SERVED, "/agent": "<Dial timeout='10' action='/done'><Queue>q</Queue></Dial>"})
    stage.agent(answer_after=1)
    agent = stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    stage.run(5)
    caller = stage.dial(talk_seconds=3, number=CALLER)
    stage.run(4)
    assert caller.talks[0].others == (agent.sid,)

    empty = Stage({"/in": "<Dial timeout='10' action='/done'><Queue>q</Queue></Dial>", "/done": "<Hangup/>"})
    empty.dial()
    empty.run(30)
    assert empty.forms("/done")[0]["DialCallStatus"] == "no-answer"
    assert 15 < empty.at("/done")[0] < 16
