"""People who hold and people who gave up for a callback, in the whole product: served in the order of their arrival."""

from functools import partial

import pytest
from sqlalchemy import Engine

from carrier.network import Network
from carrier.persons import PersonPlan
from commands.fate import Fate
from commands.hour_living import world_of
from commands.world import START
from ivr.store import Store
from tests.hour.seeds import quiet
from tests.people import add_agents, agents_behave, caller_phone, picks_up

PEOPLE = 5
SECONDS_APART = 12.0
GIVE_UP_AFTER = 75.0
AT_HOME = PersonPlan(answer_after=3.0, press_on_answer="1", presses=("1",), talk_seconds=15.0)


@pytest.mark.parametrize("fate", [None, Fate(7, 0.3)], ids=["nobody dies", "everything dies"])
def test_who_came_first_is_served_first_whether_holding_or_called_back(
    sqlite_engine: Engine, fate: Fate | None
) -> None:
    with quiet(), world_of(Store(sqlite_engine), START, seed=7, fate=fate) as world:
        network, line = world.carrier.network, world.lines.by_id("kibo")
        for number in range(1, PEOPLE + 1):
            network.handset(caller_phone(number)).plan = AT_HOME
            network.after(number * SECONDS_APART, partial(_ring, network, line.number, number))
        world.run_for(240)
        assert not any(call.talks for call in network.calls.values())
        add_agents(world.store, line, world.now(), 1)
        agents_behave(world, picks_up(2.0, linger=2.0))
        world.worker.ring()
        world.run_for(1500)
    ways = {True: "outbound-api", False: "inbound"}
    assert _served(network) == [(number, ways[number % 2 == 1]) for number in range(1, PEOPLE + 1)]


def _ring(network: Network, line: str, number: int) -> None:
    """Ring and hold; every other one gives up after a while and asks to be called back."""
    handset = network.handset(caller_phone(number))
    handset.dial(line, plan=PersonPlan(presses=("1", "1"), talk_seconds=15.0, hang_up_after=1400.0))
    if number % 2:
        for press in range(4):
            network.after(GIVE_UP_AFTER + 9.0 * press, partial(_press, network, number))


def _press(network: Network, number: int) -> None:
    handset = network.handset(caller_phone(number))
    if handset.state == "talking":
        handset.press("1")


def _served(network: Network) -> list[tuple[int, str]]:
    """Who was talked with, in that order, and who rang whom."""
    numbers = {caller_phone(number): number for number in range(1, PEOPLE + 1)}
    talks = [
        (call.talks[0].at, number, call.route.direction)
        for call in network.calls.values()
        if call.talks and (number := numbers.get(call.route.from_) or numbers.get(call.route.to))
    ]
    return [(number, direction) for _, number, direction in sorted(talks)]
