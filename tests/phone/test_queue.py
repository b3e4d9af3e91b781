"""Waiting: place and estimate, the order of service, who is rung first, skills, and waiting too long."""

import pytest

from carrier.calls import Call as CarrierCall
from ivr.agents.rows import Agent, AgentState
from ivr.calls.rows import WaitingState
from tests.people import agents_behave, caller_phone, customer, never_picks_up, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene, met_at, said


def _callers(scene: Scene, count: int, *, apart: float = 2.0, talk: float = 30.0) -> list[CarrierCall]:
    """So many callers who press 1, one after another."""
    calls = []
    for number in range(1, count + 1):
        calls.append(scene.dial(customer("1", talk=talk), number=caller_phone(number)))
        scene.world.run_for(apart)
    return calls


def test_callers_are_served_in_the_order_in_which_they_came(both: Stage) -> None:
    scene = both()
    scene.staff(picks_up(2.0), picks_up(2.0))
    calls = _callers(scene, 5)
    scene.world.run_until_quiet()
    served = sorted(calls, key=met_at)
    assert served == calls
    assert {scene.record(call)["outcome"] for call in calls} == {"answered"}


def test_every_caller_hears_the_own_place_in_the_row(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    first, second, third, fourth = _callers(scene, 4, talk=60)
    scene.world.run_for(20)
    assert scene.words("queue.next") in said(first.heard)
    # The first has been given to the agent when the second asks, so the second is next.
    assert scene.words("queue.position", position=1) not in said(second.heard)
    assert scene.words("queue.position", position=2) in said(third.heard) + said(second.heard)
    assert scene.words("queue.position", position=3) in said(fourth.heard) + said(third.heard)
    scene.world.run_until_quiet()


def test_an_estimate_is_said_as_a_padded_span_and_never_rises(scene: Scene) -> None:
    scene.staff(picks_up(2.0))
    calls = _callers(scene, 4, talk=100)
    scene.world.run_until_quiet()
    for call in calls:
        told = [fact.detail for fact in scene.facts(call) if fact.kind == "wait"]
        highs = [detail["high"] for detail in told if detail["high"] is not None]
        assert highs == sorted(highs, reverse=True)
        assert all(detail["low"] < detail["high"] for detail in told if detail["high"] is not None)
    spoken = [piece for call in calls for piece in said(call.heard)]
    figures = next(fact.detail for fact in scene.facts(calls[3]) if fact.kind == "wait")
    assert scene.words("queue.estimate", low=figures["low"], high=figures["high"]) in spoken


def test_with_nobody_on_duty_no_estimate_is_invented(scene: Scene) -> None:
    first, second = _callers(scene, 2)
    scene.world.run_for(60)
    for call in (first, second):
        assert all(fact.detail["high"] is None for fact in scene.facts(call) if fact.kind == "wait")
    assert scene.words("queue.estimate_unknown") in said(second.heard)
    first.party.network.handset(caller_phone(1)).hang_up()
    scene.network.handset(caller_phone(2)).hang_up()
    scene.world.run_until_quiet()
    assert scene.record(first)["outcome"] == "abandoned"


def test_the_agent_who_has_been_idle_longest_is_rung_first(scene: Scene) -> None:
    first, second, third = scene.staff(picks_up(1.0), picks_up(1.0), picks_up(1.0))
    took = []
    for number in range(1, 5):
        call = scene.dial(customer("1", talk=5), number=caller_phone(number))
        scene.world.run_until_quiet()
        took.append(scene.record(call)["offers"][0]["agent"])
    assert took == [first, second, third, first]


def test_an_agent_who_comes_on_duty_is_given_the_caller_who_waits(both: Stage) -> None:
    scene = both()
    (agent,) = scene.staff(picks_up(1.0))
    with scene.world.store.transaction() as session:
        session.get_one(Agent, agent).state = AgentState.AWAY
    call = scene.dial(customer("1", talk=5))
    scene.world.run_for(40)
    assert scene.offers(call) == []
    with scene.world.store.transaction() as session:
        session.get_one(Agent, agent).state = AgentState.READY
    scene.promise("route", line=scene.line.id)
    scene.world.run_until_quiet()
    assert scene.record(call)["outcome"] == "answered"


def test_a_caller_is_given_only_to_an_agent_with_the_skill(scene: Scene) -> None:
    scene.hire(1, picks_up(1.0), team="guarantee")
    extension = scene.hire(2, picks_up(1.0), team="guarantee", skills=["extension"])
    new = scene.hire(3, picks_up(1.0), team="guarantee", skills=["new"])
    one = scene.dial(customer("1", talk=5))
    other = scene.dial(customer("2", "1", talk=5), number=caller_phone(2))
    scene.world.run_until_quiet()
    assert [offer["agent"] for offer in scene.record(one)["offers"]] == [new]
    assert [offer["agent"] for offer in scene.record(other)["offers"]] == [extension]


def test_a_caller_whose_skill_is_away_does_not_hold_up_the_others(scene: Scene) -> None:
    scene.hire(1, picks_up(1.0), team="recovery")
    stuck = scene.dial(customer("1", hang_up_after=90))
    scene.world.run_for(2)
    other = scene.dial(customer("4", talk=5), number=caller_phone(2))
    scene.world.run_until_quiet()
    assert scene.record(other)["outcome"] == "answered"
    assert scene.record(stuck)["outcome"] == "abandoned"
    assert scene.record(stuck)["offers"] == []


def test_music_plays_between_the_announcements_of_a_wait(scene: Scene) -> None:
    call = scene.dial(customer("1", hang_up_after=120))
    scene.world.run_until_quiet()
    music = [piece for piece in call.heard if piece.kind == "play"]
    assert len(music) >= 3
    assert all(scene.line.waiting.music in piece.url for piece in music)
    assert said(call.heard).count(scene.words("queue.please_wait")) >= 2


def test_the_wait_ends_when_it_is_too_long_with_the_offer_to_be_called_back(stage: Stage) -> None:
    scene = stage("ascentre")
    call = scene.dial(customer("1", hang_up_after=None, linger=None))
    scene.world.run_until_quiet()
    heard = said(call.heard)
    assert scene.words("queue.too_long") in heard
    assert heard[-1] == scene.words("farewell.end")
    waited = [fact for fact in scene.facts(call) if fact.kind == "wait"][-1].detail["waited"]
    assert scene.line.waiting.longest <= waited < scene.line.waiting.longest + 60
    record = scene.record(call)
    assert (record["outcome"], record["offers"]) == ("abandoned", [])


def test_everyone_missing_the_call_keeps_the_caller_at_the_old_place(scene: Scene) -> None:
    scene.staff(never_picks_up(), never_picks_up())
    first = scene.dial(customer("1", talk=5))
    scene.world.run_for(5)
    second = scene.dial(customer("1", talk=5), number=caller_phone(2))
    scene.world.run_for(40)
    place = scene.waiting(first)
    assert place is not None
    assert place.state in {WaitingState.WAITING, WaitingState.OFFERED}
    agents_behave(scene.world, picks_up(1.0), picks_up(1.0))
    scene.world.run_until_quiet()
    assert met_at(first) < met_at(second)
    assert scene.record(first)["offers"][-1]["outcome"] == "finished"


@pytest.mark.parametrize("seconds", [0.0, 0.4])
def test_the_longest_waiting_caller_comes_first_when_an_agent_gets_free(stage: Stage, seconds: float) -> None:
    scene = stage("ksure")
    scene.staff(picks_up(1.0))
    calls = _callers(scene, 3, apart=seconds, talk=10)
    scene.world.run_until_quiet()
    arrivals = [next(fact.received_at for fact in scene.facts(call) if fact.kind == "wait") for call in calls]
    by_arrival = [call for _, call in sorted(zip(arrivals, calls, strict=True), key=lambda pair: pair[0])]
    assert sorted(calls, key=met_at) == by_arrival
