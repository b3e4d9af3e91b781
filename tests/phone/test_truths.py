"""The checks of the storm are able to find what they look for: each is shown a world with one thing wrong in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from carrier.calls import Talk
from commands import world_truths as truths
from commands.world_agreement import records_agree_with_the_truth
from ivr.agents.rows import Agent, AgentState
from ivr.calls.rows import Call, Fact, Offer, OfferPurpose, Waiting, WaitingState
from ivr.promises import PromiseRow
from tests.people import caller_phone, customer, picks_up
from tests.phone.scene import Scene

Break = Callable[[Session], object]


@pytest.fixture
def lived(scene: Scene) -> Scene:
    """A scene in which two callers were answered one after another, at rest again."""
    scene.staff(picks_up(2.0), picks_up(2.0))
    for number in (1, 2):
        scene.dial(customer("1", talk=5), number=caller_phone(number))
        scene.world.run_until_quiet()
    scene.world.run_for(600)
    assert truths.violations_of(scene.world, 1) == []
    assert truths.agents_are_held_by_something(scene.world) == []
    return scene


@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (lambda session: session.execute(update(Agent).values(state=AgentState.TALKING)), "is left talking"),
        (lambda session: session.execute(update(Call).values(ended_at=None)), "has not ended"),
        (lambda session: session.execute(update(Waiting).values(state=WaitingState.OFFERED)), "still offered"),
        (lambda session: session.execute(update(PromiseRow).values(done_at=None)), "is overdue"),
        (lambda session: session.execute(update(PromiseRow).values(outcome="KeyError")), "failed with KeyError"),
        (lambda session: session.execute(update(Offer).values(agent_id="kibo-1", closed_at=None)), "at once"),
        (lambda session: session.execute(update(Call).values(outcome="abandoned")), "was closed as abandoned"),
        (lambda session: session.execute(delete(Fact).where(Fact.kind == "joining")), "is recorded as abandoned"),
    ],
    ids=["agent", "call", "waiting", "promise", "failure", "two calls", "outcome", "lost fact"],
)
def test_a_row_that_is_wrong_is_found(lived: Scene, broken: Break, found: str) -> None:
    with lived.world.store.transaction() as session:
        broken(session)
    assert any(found in wrong for wrong in truths.violations_of(lived.world, 1))


def test_an_agent_whom_nothing_will_free_is_found_while_the_world_goes_on(lived: Scene) -> None:
    with lived.world.store.transaction() as session:
        session.execute(update(Agent).values(state=AgentState.WRAPPING))
        session.execute(update(PromiseRow).values(done_at=lived.world.now()))
    assert len(truths.agents_are_held_by_something(lived.world)) == 2


def test_two_agents_in_one_talk_and_a_telephone_rung_twice_are_found(lived: Scene) -> None:
    caller = next(leg for leg in lived.network.calls.values() if leg.route.direction == "inbound")
    one, other = lived.agent_legs()
    caller.talks.append(Talk((one.sid, other.sid), lived.world.now()))
    other.callback = one.callback
    found = truths.nobody_is_given_twice(lived.world)
    assert any("talked with 2 others" in wrong for wrong in found)
    assert any("rang twice" in wrong for wrong in found)


@pytest.mark.parametrize(
    ("asked", "seconds", "is_found"),
    [(True, 10, False), (True, 61, True), (False, 10, True)],
    ids=["passed on", "for too long", "nobody asked"],
)
def test_three_may_talk_only_while_one_agent_passes_the_caller_on_to_another(
    lived: Scene, asked: bool, seconds: int, is_found: bool
) -> None:
    caller = next(leg for leg in lived.network.calls.values() if leg.route.direction == "inbound")
    one, other = lived.agent_legs()
    with lived.world.store.transaction() as session:
        first = session.scalars(select(Offer).order_by(Offer.made_at)).first()
        assert first is not None
        assert one.callback is not None
        other.callback = replace(one.callback, url=one.callback.url.replace(first.id, f"{first.call_id}-2"))
        if asked:
            first.purpose = OfferPurpose.CONSULT
    at = lived.world.now()
    caller.talks.append(Talk((one.sid, other.sid), at, at + timedelta(seconds=seconds)))
    found = truths.nobody_is_given_twice(lived.world)
    assert any("talked with 2 others" in wrong for wrong in found) is is_found


def test_a_minute_without_a_sound_is_found(lived: Scene) -> None:
    leg = lived.agent_legs()[0]
    leg.times["ended"] += timedelta(seconds=61)
    assert any("in silence" in wrong for wrong in truths.nobody_is_left_in_silence(lived.world))


def test_a_text_that_was_sent_twice_is_found(lived: Scene) -> None:
    message = next(iter(lived.network.messages.values()))
    lived.network.messages["SMagain"] = message
    assert truths.no_text_is_doubled(lived.world) == ["a text was sent 2 times"]


def test_a_ring_that_was_measured_wrongly_is_found(lived: Scene) -> None:
    lived.agent_legs()[0].times["answered"] += timedelta(seconds=1)
    assert any("rang 3000 ms" in wrong for wrong in records_agree_with_the_truth(lived.world))
