"""Who is rung next: the caller who waits longest is given the fitting agent who is idle longest, and nobody twice."""

import threading
from collections import Counter

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from ivr.agents.moves import AgentEvent, move_agent
from ivr.agents.routing import PASS_SIZE, match
from ivr.agents.rows import Agent, AgentState
from ivr.calls.rows import Offer, Waiting, WaitingState
from ivr.deadlines import WorkingTime
from ivr.store import Store, make_engine
from tests.http.board import MORNING, words
from tests.unit.agents.people import later, ready, waits


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def matched(store: Store, line: str = "kibo") -> dict[str, str]:
    """Route once; who got whom, by call."""
    with store.transaction() as session:
        working = WorkingTime(words()[1].by_id(line), words()[2])
        made = match(session, working, later(MORNING, 60))
        return {offer.call_id: offer.agent_id for offer in made if isinstance(offer, Offer)}


def test_the_longest_waiting_caller_gets_the_longest_idle_agent(store: Store) -> None:
    waits(store, "second", later(MORNING, 2))
    waits(store, "first", later(MORNING, 1))
    ready(store, "fresh", later(MORNING, 20))
    ready(store, "rested", later(MORNING, 10))
    assert matched(store) == {"first": "rested", "second": "fresh"}


def test_callers_keep_their_order_when_there_are_too_few_agents(store: Store) -> None:
    for number in range(3):
        waits(store, f"c{number}", later(MORNING, number))
    ready(store, "only", MORNING)
    assert matched(store) == {"c0": "only"}
    assert matched(store) == {}


def test_a_skill_that_nobody_has_does_not_hold_up_those_behind(store: Store) -> None:
    waits(store, "english", MORNING, skill="english")
    waits(store, "plain", later(MORNING, 1))
    ready(store, "a1", MORNING)
    assert matched(store) == {"plain": "a1"}


def test_a_team_with_nobody_there_never_hides_the_callers_of_another(store: Store) -> None:
    for number in range(PASS_SIZE + 1):
        waits(store, f"c{number}", later(MORNING, number), team="guide")
    waits(store, "last", later(MORNING, 999))
    ready(store, "a1", MORNING)
    assert matched(store) == {"last": "a1"}


def test_a_skill_is_needed_within_its_own_team(store: Store) -> None:
    waits(store, "c1", MORNING, team="guide", skill="english")
    ready(store, "elsewhere", MORNING, ("guarantee", ""), ("guarantee", "english"), ("guide", ""))
    ready(store, "here", later(MORNING, 9), ("guide", ""), ("guide", "english"))
    assert matched(store) == {"c1": "here"}


def test_agents_of_other_lines_are_never_rung(store: Store) -> None:
    waits(store, "c1", MORNING)
    ready(store, "other", MORNING, line="kotra")
    assert matched(store) == {}


@pytest.mark.parametrize("state", [state for state in AgentState if state is not AgentState.READY])
def test_only_a_ready_agent_is_rung(store: Store, state: AgentState) -> None:
    waits(store, "c1", MORNING)
    ready(store, "a1", MORNING)
    with store.transaction() as session:
        session.get_one(Agent, "a1").state = state
    assert matched(store) == {}


def test_a_match_is_written_down_on_all_three_sides(store: Store) -> None:
    waits(store, "c1", MORNING)
    ready(store, "a1", MORNING)
    matched(store)
    with store.reading() as session:
        assert session.get_one(Agent, "a1").state is AgentState.OFFERED
        assert session.get_one(Waiting, "c1").state is WaitingState.OFFERED
        assert [(offer.ordinal, offer.id) for offer in session.scalars(select(Offer))] == [(1, "c1-1")]


def test_two_sessions_that_race_never_take_the_same_agent(engine: Engine) -> None:
    store = Store(engine)
    for number in range(8):
        waits(store, f"c{number}", later(MORNING, number))
        ready(store, f"a{number}", later(MORNING, number))
    together = threading.Barrier(4)
    failures: list[BaseException] = []

    def race() -> None:
        # A process of its own has a store of its own, and so no lock in memory to lean on.
        own = make_engine(engine.url.render_as_string(hide_password=False), keyring=store.keyring)
        together.wait(timeout=30)
        try:
            matched(Store(own))
        except (StaleDataError, DBAPIError) as error:
            failures.append(error)
        finally:
            own.dispose()

    racers = [threading.Thread(target=race) for _ in range(4)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    with store.reading() as session:
        offers = session.scalars(select(Offer)).all()
        offered = session.scalars(select(Agent.id).where(Agent.state == AgentState.OFFERED)).all()
    assert all(count == 1 for count in Counter(offer.agent_id for offer in offers).values())
    assert all(count == 1 for count in Counter(offer.call_id for offer in offers).values())
    assert {offer.agent_id for offer in offers} == set(offered)
    # Whoever lost a race may start over; what matters is that somebody got through and nothing is doubled.
    assert len(failures) < 4
    assert matched(store).keys() | {offer.call_id for offer in offers} == {f"c{number}" for number in range(8)}


def test_an_agent_changed_by_another_session_meanwhile_is_not_moved(store: Store) -> None:
    ready(store, "a1", MORNING)
    if store.is_sqlite:
        with store.reading() as early:
            agent = early.get_one(Agent, "a1")
            early.expunge(agent)
    else:
        with store.transaction() as early:
            agent = early.get_one(Agent, "a1")
    with store.transaction() as session:
        move_agent(session.get_one(Agent, "a1"), AgentEvent.OFFER, MORNING)

    def stale() -> None:
        with store.transaction() as session:
            held = session.merge(agent, load=False)
            move_agent(held, AgentEvent.LEAVE, MORNING)

    with pytest.raises(StaleDataError):
        stale()
