"""Worlds drawn from a seed: how bad the network is, who calls when, and how callers and agents behave."""

import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine, select

from carrier.network import Network
from carrier.options import Faults
from carrier.persons import PersonPlan
from commands.world import World
from ivr.calls.rows import Waiting, WaitingState
from ivr.lines.model import Line
from ivr.transfers.asking import NoTransfer, Wish, ask, cancel, complete
from ivr.transfers.rows import Manner
from tests.people import add_agents, agent_phone, caller_phone, picks_up

LINES = ("kibo", "dcgf", "kotra", "ksure", "ascentre")
CALLS_OF_A_WORLD = 10
# Agents change their mind this often, callers arrive within this time, in seconds of engine time.
MOOD_SECONDS = 7.0
PASSING_ON_SECONDS = 2.0
IMPATIENT = 0.25
BUSY_SECONDS = 100.0
# Long enough for every check of a leg whose end was lost (at most 10 minutes apart), every rest and wrap-up.
REST_SECONDS = 2400.0
# Then everybody becomes willing, and what was promised meanwhile can be kept.
MOODY_SECONDS = 600.0
LONGEST_WORLD = 7200.0
LOOK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Storm:
    """One world that was lived through: the seed makes it again."""

    seed: int
    line: str
    world: World
    agents: tuple[str, ...]
    calm: bool


def faults_of(dice: random.Random) -> Faults:
    """Faults of every kind, each as strong as the seed says; about a third of the worlds have none."""
    if dice.random() < 0.3:
        return Faults()

    def upto(most: float) -> float:
        return dice.random() * most if dice.random() < 0.6 else 0.0

    return Faults(
        callback_duplicate=upto(0.5),
        callback_reorder=upto(0.5),
        callback_delay=upto(0.3),
        callback_drop=upto(0.3),
        webhook_duplicate_same_token=upto(0.3),
        webhook_duplicate_new_token=upto(0.3),
        rest_429=upto(0.2),
        rest_error_before=upto(0.2),
        rest_error_after=upto(0.2),
    )


def caller_plan(dice: random.Random) -> PersonPlan:
    """Keys, patience and length of talk of a caller."""
    keys = dice.choices(
        [("1",), ("0",), (), ("9", "8", "7"), ("1", "1", "1"), ("1", "2", "1", "1"), ("4", "1"), ("*", "#", "1")],
        weights=[10, 3, 2, 1, 2, 2, 1, 1],
    )[0]
    return PersonPlan(
        presses=keys,
        press_after=dice.uniform(0.2, 6.0),
        talk_seconds=dice.uniform(0.0, 40.0) if dice.random() < 0.8 else None,
        hang_up_after=dice.uniform(0.0, 130.0) if dice.random() < 0.8 else 200.0,
        linger=dice.choice([0.0, 1.0, 5.0, None]),
    )


def agent_plan(dice: random.Random) -> PersonPlan:
    """Whether and when an agent answers, accepts, rejects and hangs up."""
    return PersonPlan(
        answer_after=dice.uniform(0.2, 12.0) if dice.random() < 0.9 else None,
        reject_after=dice.uniform(0.2, 12.0) if dice.random() < 0.1 else None,
        press_on_answer=dice.choices(["1", "2", "", "5"], weights=[16, 1, 1, 1])[0],
        press_after=dice.uniform(0.1, 6.0),
        presses=("1",) if dice.random() < 0.5 else (),
        talk_seconds=dice.uniform(0.0, 30.0) if dice.random() < 0.3 else None,
        hang_up_after=dice.uniform(0.0, 60.0) if dice.random() < 0.3 else 300.0,
        linger=dice.choice([0.0, 1.0, 4.0]),
    )


def called_plan(dice: random.Random) -> PersonPlan:
    """How somebody behaves who asked to be called, and is."""
    return PersonPlan(
        answer_after=dice.uniform(0.5, 26.0) if dice.random() < 0.8 else None,
        reject_after=dice.uniform(0.5, 20.0) if dice.random() < 0.1 else None,
        press_on_answer=dice.choices(["1", "2", "", "7"], weights=[8, 1, 2, 1])[0],
        press_after=dice.uniform(0.2, 6.0),
        presses=dice.choice([(), ("1",)]),
        talk_seconds=dice.uniform(0.0, 40.0) if dice.random() < 0.8 else None,
        hang_up_after=dice.uniform(0.0, 60.0) if dice.random() < 0.3 else 200.0,
        linger=dice.choice([0.0, 1.0, 5.0, None]),
    )


def live(engine: Engine, seed: int, look: Callable[[World], None], *, calls: int = CALLS_OF_A_WORLD) -> Storm:
    """Live through the world of a seed with so many calls; `look` is called every few seconds of it.

    The database behind `engine` must be empty.
    """
    dice = random.Random(seed)
    world = World(engine, seed=seed)
    line = world.lines.by_id(dice.choice(LINES))
    count = dice.randint(1, 4)
    agents = tuple(add_agents(world.store, line, world.now(), count))
    network = world.carrier.network
    network.faults = faults_of(dice)
    _change_moods(network, dice, count)
    for number in range(1, calls + 1):
        network.handset(caller_phone(number)).plan = called_plan(random.Random(seed * CALLS_OF_A_WORLD + number))
        dial = partial(_dial, network, caller_phone(number), line.number, (caller_plan(dice), dice.random() < 0.1))
        arrives = dice.uniform(0.0, BUSY_SECONDS)
        network.after(arrives, dial)
        if dice.random() < IMPATIENT:
            first = arrives + dice.uniform(40.0, 80.0)
            for seconds in (0.0, 9.0, 18.0):
                network.after(first + seconds, partial(_grow_impatient, network, caller_phone(number)))
    _pass_on_at_random(world, line, random.Random(-seed), agents)
    _pass_time(world, look)
    return Storm(seed, line.id, world, agents, calm=network.faults == Faults())


def _dial(network: Network, number: str, line: str, how: tuple[PersonPlan, bool]) -> None:
    plan, hides_number = how
    handset = network.handset(number)
    handset.dial(line, plan=plan, withheld="anonymous" if hides_number else "")


def _grow_impatient(network: Network, number: str) -> None:
    """Press 1 to be called back, whatever is being said just then."""
    handset = network.handset(number)
    if handset.state == "talking":
        handset.press("1")


def _change_moods(network: Network, dice: random.Random, count: int) -> None:
    moody = (network.now - network.started).total_seconds() < MOODY_SECONDS
    for number in range(1, count + 1):
        network.handset(agent_phone(number)).plan = agent_plan(dice) if moody else picks_up(1.0)
    if moody:
        network.after(MOOD_SECONDS, lambda: _change_moods(network, dice, count))


def _pass_on_at_random(world: World, line: Line, dice: random.Random, agents: Sequence[str]) -> None:
    """Now and then the agent of some call asks for a transfer, completes or cancels one; most wishes are refused."""
    network = world.carrier.network
    if (network.now - network.started).total_seconds() > LONGEST_WORLD / 4:
        return
    with world.store.reading() as session:
        calls = list(
            session.scalars(
                select(Waiting.call_id).where(Waiting.state == WaitingState.CONNECTED).order_by(Waiting.call_id)
            )
        )
    if calls:
        call, wish = dice.choice(calls), Wish(dice.choice(agents), dice.choice(list(Manner)))
        acts: list[Callable[..., object]] = [partial(ask, wish=wish), complete, cancel]
        act = dice.choices(acts, weights=[4, 1, 1])[0]
        with suppress(NoTransfer), world.store.transaction() as session:
            act(session, call, line=line, at=network.now)
        world.worker.ring()
    again = partial(_pass_on_at_random, world, line, dice, agents)
    network.after(dice.uniform(0.3, PASSING_ON_SECONDS), again)


def _pass_time(world: World, look: Callable[[World], None]) -> None:
    """Until nobody is in a call any more, and then until everybody is at rest."""
    network = world.carrier.network
    passed = 0.0
    while passed < BUSY_SECONDS or (any(not call.ended for call in network.calls.values()) and passed < LONGEST_WORLD):
        world.run_for(LOOK_SECONDS)
        passed += LOOK_SECONDS
        look(world)
    world.run_for(max(0.0, MOODY_SECONDS - passed) + REST_SECONDS)
