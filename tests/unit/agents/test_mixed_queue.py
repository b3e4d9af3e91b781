"""Those who hold and those who asked to be called stand in one queue, in the order in which they first arrived."""

import random
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.routing import match
from ivr.agents.rows import Agent, AgentState
from ivr.callbacks.rows import Callback, CallbackState, Origin
from ivr.calls.queue import look_ahead
from ivr.calls.rows import Call, Offer, Waiting, WaitingState
from ivr.deadlines import WorkingTime
from ivr.dialling.rows import Attempt, AttemptOutcome, AttemptState
from ivr.dialling.starting import start_attempt
from ivr.dialling.waiting import look_again
from ivr.health.crowd import IN_TIME, PASSED_OVER
from ivr.promises import Promise, promise_all
from ivr.store import Store, make_engine
from tests.http.board import MORNING, words
from tests.sizes import a_part
from tests.unit.agents.people import later, ready, waits, wishes

NOW = later(MORNING, 600)
NIGHT = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
KIBO = WorkingTime(words()[1].by_id("kibo"), words()[2])


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def given(store: Store, at: datetime = NOW, working: WorkingTime = KIBO) -> list[tuple[str, str]]:
    """Route once; who was given to whom, in order."""
    with store.transaction() as session:
        made = match(session, working, at)
        return [(each.call_id if isinstance(each, Offer) else each.callback_id, each.agent_id) for each in made]


def test_a_customer_who_gave_up_holding_keeps_the_place_between_those_who_hold(store: Store) -> None:
    waits(store, "c1", MORNING)
    waits(store, "c3", later(MORNING, 20))
    wishes(store, "b2", later(MORNING, 10))
    for number in (1, 2, 3):
        ready(store, f"a{number}", later(MORNING, number))
    assert given(store) == [("c1", "a1"), ("b2", "a2"), ("c3", "a3")]


def test_a_callback_neither_overtakes_nor_is_overtaken(store: Store) -> None:
    waits(store, "c1", MORNING)
    wishes(store, "b2", later(MORNING, 10))
    ready(store, "a1", MORNING)
    assert given(store) == [("c1", "a1")]
    ready(store, "a2", MORNING)
    waits(store, "c3", later(MORNING, 20))
    assert given(store) == [("b2", "a2")]


def test_an_appointment_whose_time_has_come_goes_before_all_others(store: Store) -> None:
    waits(store, "c1", MORNING)
    wishes(store, "b1", later(MORNING, 500), origin=Origin.BOOKING, not_before=later(MORNING, 500))
    ready(store, "a1", MORNING)
    assert given(store) == [("b1", "a1")]


@pytest.mark.parametrize(("owed", "dialled"), [(PASSED_OVER, {"b1", "b2"}), (PASSED_OVER + 1, {"b2"})])
def test_while_workers_are_behind_only_who_holds_and_who_has_an_appointment_is_served(
    store: Store, owed: int, dialled: set[str]
) -> None:
    waits(store, "c1", later(MORNING, 30))
    wishes(store, "b1", later(MORNING, 10))
    wishes(store, "b2", later(MORNING, 20), origin=Origin.BOOKING)
    for number in (1, 2, 3):
        ready(store, f"a{number}", MORNING)
    late = NOW - IN_TIME - timedelta(seconds=1)
    with store.transaction() as session:
        promise_all(session, [Promise("follow", f"follow:{number}", late, {}) for number in range(owed)])
    assert {who for who, _ in given(store)} == {"c1", *dialled}
    with store.reading() as session:
        assert look_again(session, KIBO, NOW) is not None or "b1" in dialled


@pytest.mark.parametrize(
    "more",  # Any: whatever the columns hold
    [
        {"not_before": later(NOW, 1)},
        {"state": CallbackState.DIALLING},
        {"state": CallbackState.REACHED, "closed_at": MORNING},
    ],
    ids=["its time has not come", "is being dialled", "is over"],
)
def test_a_callback_that_need_not_be_dialled_is_given_to_nobody(store: Store, more: dict[str, Any]) -> None:
    wishes(store, "b1", MORNING, **more)
    ready(store, "a1", MORNING)
    assert given(store) == []


def test_nobody_is_dialled_outside_the_hours_but_the_router_looks_again_at_the_opening(store: Store) -> None:
    wishes(store, "b1", MORNING)
    ready(store, "a1", MORNING)
    assert given(store, NIGHT) == []
    with store.reading() as session:
        assert look_again(session, KIBO, NIGHT) == datetime(2026, 11, 24, 0, 0, tzinfo=UTC)


def test_a_customer_who_is_in_a_call_of_ours_is_not_rung_and_looked_for_again_soon(store: Store) -> None:
    wishes(store, "b1", MORNING)
    waits(store, "c1", MORNING)
    with store.transaction() as session:
        session.get_one(Call, "c1").caller_index = "index of b1"
        session.get_one(Waiting, "c1").state = WaitingState.LEFT
    ready(store, "a1", MORNING)
    assert given(store) == []
    with store.reading() as session:
        soon = look_again(session, KIBO, NOW)
    assert soon is not None
    assert NOW < soon <= later(NOW, 10)


def test_an_agent_whom_another_transaction_held_just_then_is_looked_for_again_soon(store: Store) -> None:
    wishes(store, "b1", MORNING)
    ready(store, "a1", MORNING)
    with store.reading() as session:
        soon = look_again(session, KIBO, NOW)
    assert soon is not None
    assert NOW < soon <= later(NOW, 10)
    assert given(store) == [("b1", "a1")]
    with store.reading() as session:
        assert look_again(session, KIBO, NOW) is None


def test_two_callbacks_of_one_number_are_never_dialled_together(store: Store) -> None:
    wishes(store, "b1", MORNING)
    wishes(store, "b2", MORNING, origin=Origin.BOOKING, not_before=MORNING)
    with store.transaction() as session:
        session.get_one(Callback, "b2").number_index = "index of b1"
    ready(store, "a1", MORNING)
    ready(store, "a2", MORNING)
    assert given(store) == [("b2", "a1")]
    assert given(store) == []


def test_where_only_agents_dial_from_the_list_the_router_gives_no_callback(store: Store) -> None:
    line = KIBO.line.model_copy(update={"callbacks": KIBO.line.callbacks.model_copy(update={"serve": "list"})})
    working = WorkingTime(line, KIBO.calendar)
    wishes(store, "b1", MORNING)
    ready(store, "a1", MORNING)
    assert given(store, working=working) == []
    with store.transaction() as session:
        dialled = start_attempt(
            session, session.get_one(Callback, "b1"), session.get_one(Agent, "a1"), working=working, at=NOW
        )
        assert (dialled.id, dialled.state) == ("b1-1", AttemptState.OPEN)


def test_the_position_counts_those_who_wait_to_be_called(store: Store) -> None:
    wishes(store, "b1", MORNING)
    wishes(store, "b3", later(MORNING, 30))
    waits(store, "c2", later(MORNING, 10))
    ready(store, "a1", MORNING)
    with store.reading() as session:
        query = {"call": "c2", "team": "guarantee"}
        assert look_ahead(session.connection(), KIBO.line, query, waited=0, at=NOW).position == 2


def test_an_appointment_that_goes_first_is_counted_whenever_it_was_for(store: Store) -> None:
    waits(store, "c1", MORNING)
    for name, since in (("b1", later(MORNING, 300)), ("b2", later(NOW, 60))):
        wishes(store, name, since, origin=Origin.BOOKING, not_before=since)
    with store.reading() as session:
        query = {"call": "c1", "team": "guarantee"}
        assert look_ahead(session.connection(), KIBO.line, query, waited=0, at=NOW).position == 2


class Day:
    """A queue that lives: people arrive, some give up holding to be called, agents come, go, and get free."""

    def __init__(self, store: Store, seed: int) -> None:
        self.store, self.dice, self.at = store, random.Random(seed), MORNING
        self.agents = [ready(store, f"a{number}", later(MORNING, number)) for number in range(3)]
        self.people: dict[str, datetime] = {}
        self.served: list[str] = []

    def live(self, steps: int) -> None:
        """Let so many things happen, and then let everybody be served."""
        for number in range(steps):
            self.at += timedelta(seconds=self.dice.uniform(1, 30))
            self.dice.choice([self.arrive, self.arrive, self.give_up, self.come_or_go, self.free])(number)
            self.route()
        for number in range(steps, 20 * steps):
            self.at += timedelta(seconds=1)
            self.free(number)
            self.route()
            if len(self.served) == len(self.people):
                return

    def arrive(self, number: int) -> None:
        """Somebody holds, or asks to be called at once."""
        name = f"p{number:03}"
        self.people[name] = self.at
        if self.dice.random() < 0.5:
            waits(self.store, name, self.at)
        else:
            wishes(self.store, name, self.at)

    def give_up(self, number: int) -> None:
        """Somebody who holds asks to be called instead, and keeps the place."""
        with self.store.transaction() as session:
            place = session.scalars(select(Waiting).where(Waiting.state == WaitingState.WAITING)).first()
            if place is None:
                return
            name, since = place.call_id, place.since
            place.state = WaitingState.LEFT
            session.get_one(Call, name).ended_at = self.at
        wishes(self.store, name, since)

    def come_or_go(self, number: int) -> None:
        """An agent leaves, or comes back."""
        with self.store.transaction() as session:
            agent = session.get_one(Agent, self.dice.choice(self.agents))
            event = {AgentState.READY: AgentEvent.LEAVE, AgentState.AWAY: AgentEvent.COME}.get(agent.state)
            if event:
                move_agent(agent, event, self.at)

    def free(self, number: int) -> None:
        """An agent has done what the router gave; one who is away comes back."""
        with self.store.transaction() as session:
            agent = session.get_one(Agent, self.dice.choice(self.agents))
            if agent.state is AgentState.AWAY:
                move_agent(agent, AgentEvent.COME, self.at)
            if agent.state is AgentState.OFFERED:
                for attempt in session.scalars(select(Attempt).where(Attempt.agent_id == agent.id)):
                    attempt.state, attempt.outcome = AttemptState.OVER, AttemptOutcome.REACHED
                move_agent(agent, AgentEvent.SPARE, self.at)

    def route(self) -> None:
        """Give everybody whom the router may give, and look whether it was their turn."""
        with self.store.reading() as session:
            free = set(session.scalars(select(Agent.id).where(Agent.state == AgentState.READY)))
        made = given(self.store, self.at)
        taken = [agent for _, agent in made]
        assert len(set(taken)) == len(taken)
        assert set(taken) <= free
        waiting = self.waiting()
        for name, _ in made:
            assert name == next(waiting), "somebody was overtaken"
            self.served.append(name)
        assert len(made) == min(len(free), len(made) + len(list(waiting)))

    def waiting(self) -> Iterator[str]:
        """Who has not been served yet, by original arrival."""
        left = sorted(set(self.people) - set(self.served), key=lambda name: (self.people[name], name))
        return iter(left)


@pytest.mark.parametrize("seed", a_part(range(6), every=3))
def test_whatever_happens_people_are_served_in_the_order_of_their_arrival_and_nobody_starves(
    store: Store, seed: int
) -> None:
    day = Day(store, seed)
    day.live(40)
    assert sorted(day.served) == sorted(day.people)


def test_routers_that_race_give_everybody_once(engine: Engine) -> None:
    store = Store(engine)
    for number in range(4):
        waits(store, f"c{number}", later(MORNING, 2 * number))
        wishes(store, f"b{number}", later(MORNING, 2 * number + 1))
    for number in range(8):
        ready(store, f"a{number}", later(MORNING, number))
    together = threading.Barrier(4)

    def race() -> None:
        # A process of its own has a store of its own, and so no lock in memory to lean on.
        own = make_engine(engine.url.render_as_string(hide_password=False), keyring=store.keyring)
        together.wait(timeout=30)
        with suppress(StaleDataError, DBAPIError):
            given(Store(own))
        own.dispose()

    racers = [threading.Thread(target=race) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    # Whoever lost a race is routed again, as its promise would be.
    given(store)
    with store.reading() as session:
        agents = [*session.scalars(select(Offer.agent_id)), *session.scalars(select(Attempt.agent_id))]
        customers = list(session.scalars(select(Attempt.callback_id)))
    assert len(agents) == len(set(agents)) == 8
    assert sorted(customers) == [f"b{number}" for number in range(4)]
