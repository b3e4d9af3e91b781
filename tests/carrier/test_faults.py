"""Faults by seed: callbacks doubled, late, out of order, lost; webhooks doubled; REST refusals."""

from collections import Counter

import pytest
from twilio.base.exceptions import TwilioRestException

from carrier.options import Faults
from tests.carrier.stage import AGENT, BASE, LINE, Stage, heard

EVENTS = ["initiated", "ringing", "answered", "completed"]


def place(stage: Stage, count: int = 1) -> None:
    stage.agent(answer_after=1)
    for _ in range(count):
        stage.rest.calls.create(
            to=AGENT, from_=LINE, url=f"{BASE}/agent", status_callback=f"{BASE}/cb", status_callback_event=EVENTS
        )
        stage.run(40)


def test_every_callback_can_come_twice() -> None:
    stage = Stage({"/agent": "<Say>가</Say>"})
    stage.network.faults = Faults(callback_duplicate=1.0)
    place(stage)
    assert Counter(form["SequenceNumber"] for form in stage.forms("/cb")) == {"0": 2, "1": 2, "2": 2, "3": 2}


def test_callbacks_can_be_lost_while_the_call_goes_on() -> None:
    stage = Stage({"/agent": "<Say>가</Say>"})
    stage.network.faults = Faults(callback_drop=1.0)
    place(stage)
    assert stage.forms("/cb") == []
    assert next(iter(stage.network.calls.values())).status == "completed"


def test_callbacks_can_come_out_of_order_and_late() -> None:
    stage = Stage({"/agent": "<Say>가</Say>"})
    stage.network.faults = Faults(callback_reorder=0.7, callback_delay=0.3, delay_seconds=(5.0, 5.0))
    place(stage, 12)
    numbers = [int(form["SequenceNumber"]) for form in stage.forms("/cb")]
    assert sorted(numbers) == sorted([0, 1, 2, 3] * 12)
    assert numbers != [0, 1, 2, 3] * 12


@pytest.mark.parametrize(
    ("faults", "tokens"),
    [(Faults(webhook_duplicate_same_token=1.0), 1), (Faults(webhook_duplicate_new_token=1.0), 2)],
)
def test_voice_webhooks_can_come_twice_with_the_same_or_a_new_token(faults: Faults, tokens: int) -> None:
    stage = Stage({"/in": "<Say>가</Say>"})
    stage.network.faults = faults
    call = stage.dial()
    stage.run(10)
    asked = [asked for asked in stage.asked if asked.path == "/in"]
    assert len(asked) == 2
    assert len({one.headers["I-Twilio-Idempotency-Token"] for one in asked}) == tokens
    assert heard(call) == ["가"]


def test_a_429_has_no_effect() -> None:
    stage = Stage({})
    stage.network.faults = Faults(rest_429=1.0)
    with pytest.raises(TwilioRestException) as caught:
        stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    assert (caught.value.status, caught.value.code) == (429, 20429)
    assert stage.network.calls == {}


@pytest.mark.parametrize(("faults", "effects"), [(Faults(rest_error_before=1.0), 0), (Faults(rest_error_after=1.0), 1)])
def test_a_server_error_comes_before_or_after_the_effect(faults: Faults, effects: int) -> None:
    """5xx on create is ambiguous: the call may exist."""
    stage = Stage({})
    stage.network.faults = faults
    with pytest.raises(TwilioRestException) as caught:
        stage.rest.calls.create(to=AGENT, from_=LINE, url=f"{BASE}/agent")
    assert caught.value.status == 500
    assert len(stage.network.calls) == effects


def story(seed: int) -> list[tuple[str, str, str]]:
    stage = Stage({"/in": "<Say>가</Say>", "/agent": "<Say>나</Say>"}, seed=seed)
    stage.network.faults = Faults(callback_duplicate=0.4, callback_reorder=0.4, callback_drop=0.2)
    stage.dial()
    place(stage, 5)
    return [(asked.at.isoformat(), asked.path, asked.form["CallSid"]) for asked in stage.asked]


def test_the_same_seed_tells_the_same_story_and_another_seed_another_one() -> None:
    assert story(3) == story(3)
    assert story(3) != story(4)


def test_faults_do_not_change_the_ids_of_calls() -> None:
    quiet, wild = Stage({"/in": ""}, seed=5), Stage({"/in": ""}, seed=5)
    wild.network.faults = Faults(callback_duplicate=1.0)
    assert quiet.dial().sid == wild.dial().sid
