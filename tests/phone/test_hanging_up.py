"""The caller hangs up at every possible moment: nobody is stuck afterwards, nothing rings on, all is recorded."""

import pytest

from carrier.persons import PersonPlan
from commands.world_truths import violations_of
from ivr.agents.rows import AgentState
from ivr.calls.rows import WaitingState
from tests.people import caller_phone, customer, never_picks_up, picks_up, voicemail
from tests.phone.conftest import Stage
from tests.phone.scene import Scene
from tests.sizes import is_full

# In a check fewer moments, which fall on other parts of a second each time.
STEP = 0.5 if is_full() else 1.7
MOMENTS_OF_A_TEST = 8
WHOLE_CALL = 34.0
FIRST_MOMENTS = [number * STEP * MOMENTS_OF_A_TEST for number in range(int(WHOLE_CALL / STEP / MOMENTS_OF_A_TEST) + 1)]


def _hang_up_after(scene: Scene, seconds: float, number: int) -> None:
    call = scene.dial(customer("1", talk=None, hang_up_after=seconds), number=caller_phone(number))
    scene.world.run_until_quiet()
    if not scene.is_known(call):
        assert "answered" not in call.times
        return
    record = scene.record(call)
    assert record["ended_at"] is not None, seconds
    assert record["ended_by"] == "customer", seconds
    assert record["outcome"] == ("answered" if call.talks else "abandoned"), seconds
    place = scene.waiting(call)
    assert place is None or place.state is WaitingState.LEFT, seconds
    assert all(leg.ended for leg in scene.agent_legs()), seconds
    announcement = record["announcement"]
    if announcement is not None:
        assert announcement["complete"] == any(
            piece.text == announcement["text"] and piece.complete for piece in call.heard
        ), seconds


@pytest.mark.parametrize("first", FIRST_MOMENTS)
def test_a_caller_may_hang_up_at_any_moment_of_a_call_that_is_answered(stage: Stage, first: float) -> None:
    scene = stage()
    agents = scene.staff(picks_up(2.4), picks_up(2.4))
    for number in range(MOMENTS_OF_A_TEST):
        _hang_up_after(scene, first + number * STEP, number + 1)
        assert {scene.agent_state(agent) for agent in agents} <= {AgentState.READY, AgentState.WRAPPING}
        scene.world.run_for(scene.line.wrap_up_seconds)
        assert {scene.agent_state(agent) for agent in agents} == {AgentState.READY}
    scene.world.run_for(600)
    assert violations_of(scene.world, 1) == []


@pytest.mark.parametrize("plan", [never_picks_up(), voicemail(3.0), picks_up(8.5)], ids=["rings", "voicemail", "late"])
def test_a_caller_may_hang_up_while_one_agent_after_another_is_rung(stage: Stage, plan: PersonPlan) -> None:
    scene = stage("kotra")
    agents = scene.staff(plan, plan)
    for number in range(8):
        _hang_up_after(scene, 14.0 + number * 3.3, number + 1)
        scene.world.run_for(100)
        assert {scene.agent_state(agent) for agent in agents} == {AgentState.READY}
    scene.world.run_for(600)
    assert violations_of(scene.world, 1) == []


def test_a_caller_who_leaves_during_the_announcement_has_not_heard_it(both: Stage) -> None:
    scene = both()
    (agent,) = scene.staff(picks_up(2.4))
    call = scene.dial(customer("1", talk=None, hang_up_after=18.5))
    scene.world.run_until_quiet()
    record = scene.record(call)
    announcement = record["announcement"]
    assert announcement is not None
    assert (announcement["played"], announcement["complete"]) == (True, False)
    assert (record["outcome"], record["messages"]) == ("abandoned", [])
    assert [offer["outcome"] for offer in record["offers"]] == ["gone"]
    assert scene.agent_state(agent) is AgentState.READY


def test_the_telephone_of_an_agent_stops_ringing_when_the_caller_has_gone(scene: Scene) -> None:
    scene.staff(never_picks_up())
    call = scene.dial(customer("1", hang_up_after=16.0))
    scene.world.run_until_quiet()
    leg = scene.agent_leg(call)
    assert leg.status == "canceled" or leg.ended_by == "api"
    assert (leg.times["ended"] - call.times["ended"]).total_seconds() < 1.0


def test_a_caller_who_hangs_up_before_the_first_document_leaves_nothing_behind(scene: Scene) -> None:
    scene.staff(picks_up(2.4))
    call = scene.dial(PersonPlan(hang_up_after=0.1))
    scene.world.run_until_quiet()
    assert not scene.is_known(call)
    assert scene.agent_legs() == []
