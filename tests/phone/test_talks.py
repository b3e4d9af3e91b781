"""The talk itself: who hangs up first, legs that die, hold, and what each side hears then."""

import pytest

from carrier import legs
from carrier.persons import PersonPlan
from ivr.agents.rows import AgentState
from ivr.calls.rows import WaitingState
from tests.people import CALLER, agents_behave, customer, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, met_at, said


def test_when_the_agent_hangs_up_first_the_caller_is_asked_and_0_leads_to_the_next_agent(both: Stage) -> None:
    scene = both()
    first, second = scene.staff(picks_up(2.0, talk_seconds=10.0), picks_up(2.0))
    call = scene.dial(customer("1", talk=None, hang_up_after=80, linger=None))
    scene.hears(call, scene.words("reconnect.offer"))
    scene.network.handset(CALLER).press("0")
    scene.world.run_until_quiet()
    heard = said(call.heard)
    assert scene.words("reconnect.queued") in heard
    record = scene.record(call)
    offers = [(offer["agent"], offer["outcome"]) for offer in record["offers"]]
    assert offers == [(first, "finished"), (second, "finished")]
    assert len(call.talks) == 2
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")


def test_when_the_agent_hangs_up_first_silence_ends_the_call_with_thanks(scene: Scene) -> None:
    (agent,) = scene.staff(picks_up(2.0, talk_seconds=10.0))
    call = scene.dial(customer("1", talk=None, linger=None))
    scene.world.run_until_quiet()
    heard = said(call.heard)
    assert heard[-2:] == [scene.words("reconnect.offer"), scene.words("farewell.thanks")]
    record = scene.record(call)
    assert (record["outcome"], record["ended_by"]) == ("answered", "agent")
    assert [message["state"] for message in record["messages"]] == ["delivered"]
    scene.world.run_for(scene.line.wrap_up_seconds)
    assert scene.agent_state(agent) is AgentState.READY


def test_a_caller_who_leaves_an_agent_who_left_first_was_left_by_the_agent(scene: Scene) -> None:
    scene.staff(picks_up(2.0, talk_seconds=10.0))
    record = scene.call(customer("1", talk=None, linger=3.0))
    assert record["ended_by"] == "agent"


def test_an_agent_who_waits_for_the_customer_to_hang_up_first_is_recorded_so(scene: Scene) -> None:
    scene.staff(picks_up(2.0, hang_up_first=False))
    record = scene.call(customer("1", talk=15))
    assert record["ended_by"] == "customer"


@pytest.mark.parametrize("moment", [0.05, 0.4, 1.0, 2.0, 2.9, 3.2])
def test_an_agents_leg_that_dies_before_the_talk_brings_the_caller_back_to_the_head_of_the_queue(
    stage: Stage, moment: float
) -> None:
    scene = stage()
    first, second = scene.staff(picks_up(2.4), picks_up(2.0))
    call = scene.dial(customer("1", talk=10, linger=None))
    scene.until(lambda: "accepted" in scene.kinds(call), step=0.05)
    scene.world.run_for(moment)
    legs.end(scene.agent_leg(call), "failed", by="network")
    scene.world.run_until_quiet()
    record = scene.record(call)
    offers = [(offer["agent"], offer["outcome"]) for offer in record["offers"]]
    if call.talks[0].others == (scene.agent_leg(call, 1).sid,):
        assert offers[0] == (first, "finished")
        assert scene.words("reconnect.offer") in said(call.heard)
        return
    assert offers == [(first, "declined"), (second, "finished")]
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    scene.world.run_for(scene.line.wrap_up_seconds)
    assert scene.agent_state(first) is AgentState.READY
    assert scene.agent_state(second) is AgentState.READY


def test_a_caller_who_came_back_keeps_the_place_of_the_first_arrival(scene: Scene) -> None:
    scene.staff(PersonPlan(answer_after=2.4, press_on_answer="1", hang_up_after=4.6))
    call = scene.dial(customer("1", talk=10))
    scene.until(lambda: "accepted" in scene.kinds(call), step=0.1)
    place = scene.waiting(call)
    assert place is not None
    since = place.since
    agents_behave(scene.world, picks_up(2.0))
    scene.world.run_until_quiet()
    place = scene.waiting(call)
    assert place is not None
    assert (place.since, place.state) == (since, WaitingState.LEFT)
    assert scene.record(call)["outcome"] == "answered"


def test_hold_lets_the_caller_hear_music_and_resume_brings_the_talk_back(both: Stage) -> None:
    scene = both()
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("1", talk=40))
    scene.until(lambda: bool(call.talks))
    scene.world.run_for(5)
    scene.hold(call)
    scene.world.run_for(10)
    assert call.talks[-1].until is not None
    assert call.heard[-1].kind == "play"
    assert scene.line.waiting.music in call.heard[-1].url
    scene.resume(call)
    scene.world.run_for(1)
    assert call.talks[-1].until is None
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    assert (call.times["ended"] - met_at(call)).total_seconds() == pytest.approx(40)


def test_a_caller_may_hang_up_on_hold(scene: Scene) -> None:
    (agent,) = scene.staff(picks_up(2.0))
    call = scene.dial(customer("1", talk=12))
    scene.until(lambda: bool(call.talks))
    scene.hold(call)
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    scene.world.run_for(scene.line.wrap_up_seconds)
    assert scene.agent_state(agent) is AgentState.READY


def test_an_agent_who_hangs_up_while_the_caller_is_on_hold_does_not_leave_the_caller_there(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("1", talk=None, linger=None))
    scene.until(lambda: bool(call.talks))
    scene.hold(call)
    scene.world.run_for(3)
    legs.end(scene.agent_leg(call), "completed", by="person")
    scene.world.run_until_quiet()
    assert scene.words("reconnect.offer") in said(call.heard)
    assert scene.record(call)["ended_by"] == "agent"
