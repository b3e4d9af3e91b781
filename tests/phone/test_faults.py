"""One call under one fault at full strength: what is recorded, and what honestly cannot be known any more."""

import pytest

from carrier.options import Faults
from commands.record import CallEntry
from commands.world_truths import nobody_is_given_twice
from ivr.agents.rows import AgentState
from tests.people import CALLER, customer, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import ring_of, texts_of
from tests.sizes import a_part

REST = 1500.0


def _called(stage: Stage, faults: Faults) -> tuple[CallEntry, float]:
    """The record of a plain call under these faults once everything is at rest, and the true ring time."""
    scene = stage()
    (agent,) = scene.staff(picks_up(2.4))
    scene.network.faults = faults
    call = scene.dial(customer("1"))
    scene.world.run_until_quiet()
    scene.world.run_for(REST)
    assert scene.agent_state(agent) is AgentState.READY
    assert len(texts_of(scene.network.handset(CALLER))) == 1
    return scene.record(call), ring_of(scene.agent_leg(call))


@pytest.mark.parametrize(
    "faults",
    [
        Faults(webhook_duplicate_same_token=1.0),
        Faults(webhook_duplicate_new_token=1.0),
        Faults(callback_duplicate=1.0),
        Faults(callback_duplicate=1.0, webhook_duplicate_new_token=1.0),
    ],
    ids=["webhooks with the same token", "webhooks with a new token", "callbacks", "both"],
)
def test_everything_told_twice_gives_the_record_of_a_call_told_once(both: Stage, faults: Faults) -> None:
    record, truth = _called(both, faults)
    assert (record["outcome"], record["ended_by"], len(record["offers"])) == ("answered", "customer", 1)
    assert record["ring"] is not None
    assert abs(record["ring"]["seconds"] - truth) <= record["ring"]["uncertainty_seconds"]
    assert record["announcement"] is not None
    assert record["announcement"]["complete"]
    assert [message["state"] for message in record["messages"]] == ["delivered"]


def test_without_a_single_callback_the_call_still_ends_and_no_ring_is_invented(stage: Stage) -> None:
    record, _ = _called(stage, Faults(callback_drop=1.0))
    (offer,) = record["offers"]
    assert (record["outcome"], offer["outcome"]) == ("answered", "finished")
    assert record["ended_at"] is not None
    assert offer["ring_seconds"] is None
    assert set(offer["readings"].values()) == {"indeterminate"}


def test_callbacks_that_come_late_are_measured_by_the_carriers_stamps_with_their_uncertainty(stage: Stage) -> None:
    record, truth = _called(stage, Faults(callback_delay=1.0, delay_seconds=(1.5, 3.0)))
    ring = record["ring"]
    assert ring is not None
    assert (ring["clock"], ring["uncertainty_seconds"]) == ("carrier", 1.0)
    assert abs(ring["seconds"] - truth) <= ring["uncertainty_seconds"]


def test_callbacks_out_of_order_change_nothing_in_the_record(stage: Stage) -> None:
    record, _ = _called(stage, Faults(callback_reorder=1.0))
    assert (record["outcome"], record["ended_by"]) == ("answered", "customer")
    assert record["offers"][0]["outcome"] == "finished"


@pytest.mark.parametrize("seed", a_part(range(5), every=2))
def test_a_carrier_that_refuses_every_other_request_for_the_moment_loses_no_call(stage: Stage, seed: int) -> None:
    scene = stage(seed=seed)
    agents = scene.staff(picks_up(2.4), picks_up(2.4), picks_up(2.4))
    scene.network.faults = Faults(rest_429=0.5)
    record = scene.call(customer("1"))
    scene.world.run_for(REST)
    assert record["outcome"] == "answered"
    assert {scene.agent_state(agent) for agent in agents} == {AgentState.READY}


def test_an_order_to_ring_without_an_answer_is_never_repeated_blindly(stage: Stage) -> None:
    scene = stage()
    first, _ = scene.staff(picks_up(2.4), picks_up(2.4))
    call = scene.dial(customer("1"))
    while scene.waiting(call) is None:
        scene.network.faults = Faults(rest_error_after=1.0)
        scene.world.run_for(0.05)
    scene.network.faults = Faults()
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert (record["offers"][0]["agent"], record["offers"][0]["outcome"]) == (first, "failed")
    assert record["outcome"] == "answered"
    assert nobody_is_given_twice(scene.world) == []


def test_who_takes_a_call_whose_offer_is_over_does_not_cost_the_caller_the_next_agent(stage: Stage) -> None:
    scene = stage()
    (first,) = scene.staff(picks_up(6.0))
    scene.network.faults = Faults(rest_error_after=1.0)
    call = scene.dial(customer("1", talk=10))
    scene.until(lambda: bool(scene.agent_legs()))
    scene.network.faults = Faults()
    second = scene.hire(2, picks_up(8.0), team="guarantee", skills=["new"])
    scene.promise("route", line=scene.line.id)
    scene.world.run_until_quiet()
    offers = [(offer["agent"], offer["outcome"]) for offer in scene.record(call)["offers"]]
    assert offers == [(first, "failed"), (second, "finished")]
