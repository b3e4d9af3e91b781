"""An offer ends once, and frees its agent in the way its outcome deserves."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, text

from ivr.agents.routing import claim, match
from ivr.agents.rows import Agent, AgentState
from ivr.base import Refused
from ivr.calls.known import load
from ivr.calls.offers import OfferOutcome, accept, bring_back, close
from ivr.calls.rows import Offer, OfferPurpose, OfferState
from ivr.deadlines import WorkingTime
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import MORNING, words
from tests.unit.agents.people import later, ready, waits

LINE = words()[1].by_id("kibo")
WORKING = WorkingTime(LINE, words()[2])
UNANSWERED = [OfferOutcome.MISSED, OfferOutcome.REJECTED, OfferOutcome.DECLINED, OfferOutcome.BUSY, OfferOutcome.FAILED]


@pytest.fixture
def store(engine: Engine) -> Store:
    """A store with one offer of one call to one agent."""
    return offered(engine)


def offered(engine: Engine) -> Store:
    store = Store(engine)
    waits(store, "c1", MORNING)
    ready(store, "a1", MORNING)
    with store.transaction() as session:
        match(session, WORKING, MORNING)
    return store


def ended(store: Store, outcome: OfferOutcome, *, taken: bool = False) -> None:
    with store.transaction() as session:
        offer = session.get_one(Offer, "c1-1")
        if taken:
            accept(session, offer, later(MORNING, 3))
        close(session, offer, outcome, line=LINE, at=later(MORNING, 9))


def agent_of(store: Store) -> tuple[AgentState, str | None]:
    with store.reading() as session:
        agent = session.get_one(Agent, "a1")
        return agent.state, agent.reason


def promised(store: Store) -> dict[str, float]:
    with store.reading() as session:
        rows = session.scalars(select(PromiseRow)).all()
        return {row.kind: (row.due_at - MORNING).total_seconds() for row in rows}


@pytest.mark.parametrize("outcome", UNANSWERED)
def test_an_agent_who_did_not_take_the_call_rests_and_comes_back(store: Store, outcome: OfferOutcome) -> None:
    ended(store, outcome)
    assert agent_of(store) == (AgentState.AWAY, outcome.value)
    assert promised(store) == {"rest": 9 + LINE.rest_seconds}
    with store.transaction() as session:
        assert bring_back(session, "c1-1", later(MORNING, 99)) == "kibo"
    assert agent_of(store) == (AgentState.READY, None)


def test_an_agent_whose_call_was_withdrawn_is_ready_at_once_at_the_old_place_in_the_row(store: Store) -> None:
    ended(store, OfferOutcome.WITHDRAWN)
    assert agent_of(store) == (AgentState.READY, None)
    assert promised(store) == {"route": 9}
    with store.reading() as session:
        assert session.get_one(Agent, "a1").idle_since == MORNING


def test_a_finished_talk_is_followed_by_wrap_up_of_the_lines_length(store: Store) -> None:
    ended(store, OfferOutcome.FINISHED, taken=True)
    assert agent_of(store) == (AgentState.WRAPPING, None)
    assert promised(store) == {"wrap-up": 9 + LINE.wrap_up_seconds}


def test_an_agent_who_went_away_on_purpose_is_not_brought_back(store: Store) -> None:
    ended(store, OfferOutcome.MISSED)
    with store.transaction() as session:
        session.get_one(Agent, "a1").reason = "lunch"
    with store.transaction() as session:
        assert bring_back(session, "c1-1", later(MORNING, 99)) is None
    assert agent_of(store) == (AgentState.AWAY, "lunch")


def test_an_older_rest_does_not_end_a_newer_one(store: Store) -> None:
    ended(store, OfferOutcome.MISSED)
    with store.transaction() as session:
        session.get_one(Agent, "a1").state_since = later(MORNING, 50)
    with store.transaction() as session:
        assert bring_back(session, "c1-1", later(MORNING, 99)) is None


@pytest.mark.parametrize("outcome", [OfferOutcome.MISSED, OfferOutcome.WITHDRAWN])
def test_an_offer_that_is_over_is_neither_taken_nor_ended_again(store: Store, outcome: OfferOutcome) -> None:
    ended(store, outcome)
    with store.transaction() as session, pytest.raises(Refused):
        accept(session, session.get_one(Offer, "c1-1"), MORNING)
    with store.transaction() as session, pytest.raises(Refused):
        close(session, session.get_one(Offer, "c1-1"), OfferOutcome.MISSED, line=LINE, at=MORNING)
    with store.reading() as session:
        assert session.get_one(Offer, "c1-1").state is OfferState.OVER


def test_an_accepted_offer_makes_its_agent_talk(store: Store) -> None:
    with store.transaction() as session:
        accept(session, session.get_one(Offer, "c1-1"), MORNING)
    assert agent_of(store)[0] is AgentState.TALKING


def test_a_wrap_up_that_ends_as_its_caller_comes_back_to_that_agent_waits_for_the_call(
    postgresql_engine: Engine,
) -> None:
    """Offers are locked before agents, so that neither of the two is broken off; SQLite has one writer at a time."""
    store = offered(postgresql_engine)
    ended(store, OfferOutcome.FINISHED, taken=True)
    with ThreadPoolExecutor(1) as pool:
        with store.transaction() as session:
            known = load(session, "c1")
            wrapped_up = pool.submit(_wrap_up, store)
            _until_somebody_waits_for_a_lock(store)
            assert known.waiting is not None
            assert claim(session, known.waiting, "a1", purpose=OfferPurpose.RETURN, at=later(MORNING, 60))
        assert wrapped_up.result(10) is None
    assert agent_of(store)[0] is AgentState.OFFERED


def _wrap_up(store: Store) -> str | None:
    with store.transaction() as session:
        return bring_back(session, "c1-1", later(MORNING, 60))


def _until_somebody_waits_for_a_lock(store: Store) -> None:
    for _ in range(1000):
        with store.reading() as session:
            if session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
    raise AssertionError("nobody waits for a lock")
