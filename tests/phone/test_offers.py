"""One agent after another: who is rung, for how long, and what becomes of those who do not take the call."""

import pytest

from carrier.persons import PersonPlan
from ivr.agents.rows import AgentState
from tests.people import (
    agent_of,
    agent_phone,
    caller_phone,
    customer,
    never_picks_up,
    picks_up,
    rejects,
    voicemail,
)
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, ring_of, said
from tests.sizes import a_part


def test_an_agent_who_would_answer_after_9_5_seconds_has_missed_and_the_next_one_is_rung(both: Stage) -> None:
    scene = both()
    late, quick = scene.staff(picks_up(9.5), picks_up(2.0))
    call = scene.dial(customer("1"))
    scene.world.run_until_quiet()
    record = scene.record(call)
    missed, taken = record["offers"]
    assert (missed["agent"], missed["outcome"], missed["answered"]) == (late, "missed", False)
    assert set(missed["readings"].values()) == {"missed"}
    assert (taken["agent"], taken["outcome"], taken["answered"]) == (quick, "finished", True)
    assert record["outcome"] == "answered"
    rung = scene.agent_leg(call, 1)
    assert (rung.times["ended"] - rung.times["ringing"]).total_seconds() == pytest.approx(9.0, abs=0.2)
    assert "answered" not in rung.times


def test_the_callers_own_ring_counts_from_the_first_telephone_that_rang(scene: Scene) -> None:
    scene.staff(never_picks_up(), picks_up(2.0))
    call = scene.dial(customer("1"))
    scene.world.run_until_quiet()
    ring = scene.record(call)["ring"]
    assert ring is not None
    first, second = scene.agent_leg(call, 1), scene.agent_leg(call, 2)
    truth = (second.times["answered"] - first.times["ringing"]).total_seconds()
    assert abs(ring["seconds"] - truth) <= ring["uncertainty_seconds"]
    assert ring["reading"] == "missed"


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (never_picks_up(), "missed"),
        (rejects(), "rejected"),
        (PersonPlan(answer_after=None, reject_after=1.0), "busy"),
        (voicemail(), "missed"),
        (PersonPlan(answer_after=1.0, hang_up_after=2.0), "declined"),
    ],
    ids=["lets it ring", "rejects with 2", "refuses the call", "voicemail", "hangs up at the question"],
)
def test_who_does_not_take_a_call_rests_and_then_comes_back_by_itself(
    stage: Stage, plan: PersonPlan, outcome: str
) -> None:
    scene = stage()
    unwilling, taker = scene.staff(plan, picks_up(1.0))
    scene.dial(customer("1", talk=200))
    scene.until(lambda: scene.agent_state(unwilling) is AgentState.AWAY)
    scene.world.run_for(scene.line.rest_seconds - 2)
    assert scene.agent_state(unwilling) is AgentState.AWAY
    scene.world.run_for(3)
    assert scene.agent_state(unwilling) is AgentState.READY
    assert scene.agent_state(taker) is AgentState.TALKING
    scene.world.run_until_quiet()
    (call,) = [call for call in scene.network.calls.values() if call.route.direction == "inbound"]
    offers = scene.record(call)["offers"]
    assert [(offer["agent"], offer["outcome"]) for offer in offers] == [(unwilling, outcome), (taker, "finished")]


def test_a_voicemail_that_picks_up_is_no_answer(scene: Scene) -> None:
    scene.staff(voicemail(3.0), picks_up(1.0))
    call = scene.dial(customer("1"))
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert [offer["answered"] for offer in record["offers"]] == [False, True]
    assert record["announcement"] is not None
    assert "이서연" in record["announcement"]["text"]
    assert scene.agent_leg(call, 1).talks == []


def test_an_agent_on_a_telephone_is_asked_again_before_silence_counts_as_no(scene: Scene) -> None:
    scene.staff(voicemail(1.0))
    call = scene.dial(customer("1", hang_up_after=40))
    scene.world.run_until_quiet()
    again = scene.words("whisper.again")
    heard = said(scene.agent_leg(call, 1).heard)
    assert heard[1] == again
    assert heard.count(again) >= 1


def test_a_key_that_means_nothing_to_an_agent_is_asked_again(scene: Scene) -> None:
    scene.staff(PersonPlan(answer_after=1.0, press_on_answer="7", presses=("1",)))
    record = scene.call(customer("1"))
    assert record["outcome"] == "answered"


def test_a_telephone_in_use_is_busy_and_the_next_one_is_rung(scene: Scene) -> None:
    other_line = scene.world.lines.by_id("kotra")
    engaged, free = scene.staff(picks_up(1.0), picks_up(1.0))
    scene.network.handset(agent_phone(1)).dial(other_line.number, plan=customer(hang_up_after=60))
    record = scene.call(customer("1"))
    assert [(offer["agent"], offer["outcome"]) for offer in record["offers"]] == [
        (engaged, "busy"),
        (free, "finished"),
    ]


def test_a_softphone_takes_the_call_by_answering(stage: Stage) -> None:
    scene = stage("kotra")
    with scene.world.store.transaction() as session:
        session.add(agent_of(scene.line, scene.world.now(), number=1, softphone="kotra-1"))
    scene.network.handset("client:kotra-1").plan = PersonPlan(answer_after=2.4)
    call = scene.dial(customer("1"))
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert (record["outcome"], record["offers"][0]["answered"]) == ("answered", True)
    assert scene.agent_leg(call).route.to == "client:kotra-1"
    ring = record["ring"]
    assert ring is not None
    assert abs(ring["seconds"] - ring_of(scene.agent_leg(call))) <= ring["uncertainty_seconds"]
    assert said(scene.agent_leg(call).heard) == [scene.words("whisper.connecting")]


def test_two_calls_at_once_never_ring_one_agent_twice(both: Stage) -> None:
    scene = both()
    (agent,) = scene.staff(picks_up(2.0))
    first = scene.dial(customer("1", talk=10))
    second = scene.dial(customer("1", talk=10), number=caller_phone(2))
    scene.world.run_until_quiet()
    for call in (first, second):
        record = scene.record(call)
        assert [(offer["agent"], offer["outcome"]) for offer in record["offers"]] == [(agent, "finished")]
    one, other = sorted(scene.agent_legs(), key=lambda leg: leg.times["created"])
    assert one.times["ended"] < other.times["created"]


def test_after_a_talk_an_agent_wraps_up_for_as_long_as_the_line_says(stage: Stage) -> None:
    scene = stage("ascentre")
    (agent,) = scene.staff(picks_up(1.0))
    scene.dial(customer("1", talk=5))
    scene.until(lambda: scene.agent_state(agent) is AgentState.WRAPPING)
    scene.world.run_for(scene.line.wrap_up_seconds - 1)
    assert scene.agent_state(agent) is AgentState.WRAPPING
    scene.world.run_for(2)
    assert scene.agent_state(agent) is AgentState.READY


def test_an_agent_who_answers_after_the_caller_left_is_told_and_spared(scene: Scene) -> None:
    (agent,) = scene.staff(PersonPlan(answer_after=4.0, press_on_answer="1", press_after=3.0))
    call = scene.dial(customer("1", hang_up_after=19.5))
    scene.world.run_for(19.4)
    assert scene.agent_leg(call).status == "in-progress"
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert (record["outcome"], record["messages"]) == ("abandoned", [])
    assert scene.agent_leg(call).talks == []
    assert scene.agent_state(agent) is AgentState.READY


@pytest.mark.parametrize("after", a_part([step / 20 for step in range(12)], every=3))
def test_an_agent_may_press_1_in_the_very_moment_the_caller_hangs_up(stage: Stage, after: float) -> None:
    scene = stage()
    (agent,) = scene.staff(picks_up(2.4))
    call = scene.dial(customer("1", hang_up_after=16.95 + after))
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert record["outcome"] == "abandoned"
    assert {offer["outcome"] for offer in record["offers"]} <= {"withdrawn", "gone"}
    assert scene.agent_state(agent) is AgentState.READY
    assert all(leg.ended for leg in scene.agent_legs())
