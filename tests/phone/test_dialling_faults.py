"""Whatever the carrier loses or doubles, a customer is rung once for an attempt, and every attempt ends."""

from datetime import UTC, datetime

import pytest

from carrier.options import Faults
from ivr.agents.rows import AgentState
from ivr.callbacks.closing import withdraw
from ivr.callbacks.rows import Callback
from ivr.dialling.rows import AttemptState
from tests.people import customer, never_picks_up
from tests.phone.conftest import Stage
from tests.phone.ringing import AGENT, CUSTOMER, Ringing, asked, is_it, takes
from tests.phone.scene import Scene

ALWAYS = 1.0
SHORTLY_BEFORE_CLOSING = datetime(2026, 11, 23, 8, 59, 57, tzinfo=UTC)


def accepted(scene: Scene) -> Ringing:
    """An agent is about to press 1."""
    ringing = asked(scene, takes(press_after=6.0), customer=is_it())
    scene.until(lambda: "leg-document" in ringing.kinds(AGENT), step=0.2)
    return ringing


def rung(ringing: Ringing) -> None:
    """Let time pass until the order to ring the customer has gone out, and a little longer."""
    ringing.scene.until(lambda: "dialled" in ringing.kinds(CUSTOMER), step=0.2)
    ringing.scene.world.run_for(1)
    ringing.scene.network.faults = Faults()


def test_an_order_that_was_carried_out_without_an_answer_is_not_given_again(both: Stage) -> None:
    scene = both()
    ringing = accepted(scene)
    scene.network.faults = Faults(rest_error_after=ALWAYS)
    rung(ringing)
    ringing.rest()
    assert ringing.outcomes == ["reached"]
    assert len(ringing.customers_legs()) == 1
    assert ringing.left_over() == []


def test_an_order_that_got_lost_is_given_up_and_the_next_attempt_reaches_the_customer(scene: Scene) -> None:
    ringing = accepted(scene)
    scene.network.faults = Faults(rest_error_before=ALWAYS)
    rung(ringing)
    ringing.is_over()
    assert ringing.outcomes == ["failed"]
    assert ringing.customers_legs() == []
    assert scene.words("dialling.failed") in ringing.heard(AGENT)
    scene.world.run_for(scene.line.callbacks.gap_minutes * 60 + 30)
    ringing.rest()
    assert ringing.outcomes == ["failed", "reached"]


def test_an_order_that_was_refused_for_now_is_given_again(scene: Scene) -> None:
    ringing = accepted(scene)
    scene.network.faults = Faults(rest_429=ALWAYS)
    rung(ringing)
    ringing.rest()
    assert ringing.outcomes == ["reached"]
    assert len(ringing.customers_legs()) == 1


def test_an_agent_is_not_rung_late_for_a_callback_that_was_withdrawn_meanwhile(scene: Scene) -> None:
    scene.network.faults = Faults(rest_429=ALWAYS)
    ringing = asked(scene, takes(), customer=is_it())
    scene.until(lambda: "dialled" in ringing.kinds(AGENT), step=0.2)
    with scene.world.store.transaction() as session:
        withdraw(session, session.get_one(Callback, ringing.id), "test", at=scene.world.now())
    scene.network.faults = Faults()
    scene.world.run_for(10)
    assert scene.agent_legs() == []
    assert ringing.outcomes == ["withdrawn"]
    ringing.rest()
    assert ringing.left_over() == []


def test_an_agent_whose_order_was_held_up_past_closing_is_rung_in_the_morning(stage: Stage) -> None:
    scene = stage(start=SHORTLY_BEFORE_CLOSING)
    scene.network.faults = Faults(rest_429=ALWAYS)
    ringing = asked(scene, takes(), customer=is_it())
    scene.world.run_for(6)
    scene.network.faults = Faults()
    scene.world.run_for(60)
    assert scene.agent_legs() == []
    assert ringing.outcomes == ["withdrawn"]
    scene.world.run_for(15 * 3600 + 60)
    ringing.rest()
    assert ringing.outcomes == ["withdrawn", "reached"]
    assert ringing.left_over() == []


def test_a_customer_who_rings_us_before_a_refused_order_is_given_again_was_not_tried(scene: Scene) -> None:
    ringing = accepted(scene)
    scene.network.faults = Faults(rest_429=ALWAYS)
    scene.until(lambda: "dialled" in ringing.kinds(CUSTOMER), step=0.2)
    scene.network.faults = Faults()
    call = scene.dial(customer("1", talk=10.0))
    ringing.rest()
    assert ringing.outcomes == ["withdrawn"]
    assert ringing.callback.tries == 0
    assert ringing.customers_legs() == []
    assert [offer.outcome for offer in scene.offers(call)] == ["finished"]
    assert ringing.left_over() == []


def test_where_no_event_is_ever_told_the_ends_are_asked_for(scene: Scene) -> None:
    scene.network.faults = Faults(callback_drop=ALWAYS)
    ringing = asked(scene, takes(), customer=is_it())
    scene.world.run_for(200)
    assert ringing.outcomes == ["reached"]
    ringing.rest()
    assert ringing.left_over() == []


def test_the_end_of_a_telephone_is_asked_for_that_is_known_by_its_first_events_alone(scene: Scene) -> None:
    scene.network.faults = Faults(rest_error_after=ALWAYS)
    ringing = asked(scene, never_picks_up(), customer=is_it())
    scene.until(lambda: "leg-ringing" in ringing.kinds(AGENT), step=0.2)
    scene.network.faults = Faults(callback_drop=ALWAYS)
    scene.world.run_for(120)
    assert ringing.outcomes == ["agent_missed"]
    assert scene.agent_state(ringing.attempts[0].agent_id) is not AgentState.OFFERED


@pytest.mark.parametrize(
    "faults",
    [
        Faults(callback_duplicate=ALWAYS, callback_reorder=ALWAYS),
        Faults(webhook_duplicate_same_token=ALWAYS),
        Faults(webhook_duplicate_new_token=ALWAYS),
        Faults(callback_delay=ALWAYS),
    ],
    ids=["events twice and out of order", "every step twice", "every step twice under new tokens", "events late"],
)
def test_what_is_told_twice_or_late_changes_nothing(both: Stage, faults: Faults) -> None:
    scene = both()
    scene.network.faults = faults
    ringing = asked(scene, takes(), customer=is_it())
    ringing.rest()
    scene.world.run_for(120)
    assert ringing.outcomes == ["reached"]
    assert [attempt.state for attempt in ringing.attempts] == [AttemptState.OVER]
    assert len(ringing.customers_legs()) == 1
    assert ringing.left_over() == []
