"""The rest after a call that was ended for abuse: it ends when it was promised, whatever the file says by then."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.agents.rows import Agent, AgentState
from ivr.conduct.respite import end_respite, rest_if_earned
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import MORNING
from tests.unit.conduct.endings import OFFER, ended_for_abuse
from tests.unit.conduct.test_conduct_commands import kept

AGENT = "dcgf-1"
BEGAN = MORNING + timedelta(hours=1)


@pytest.fixture
def store(sqlite_engine: Engine) -> Store:
    """A store in which an agent has begun to rest."""
    store, tale = Store(sqlite_engine), ended_for_abuse(warnings=3)
    kept(store, tale)
    with store.transaction() as session:
        assert rest_if_earned(session, OFFER, line=tale.line, at=BEGAN)
    return store


def due(store: Store) -> PromiseRow:
    with store.reading() as session:
        return session.scalars(select(PromiseRow).where(PromiseRow.kind == "respite")).one()


def end(store: Store) -> AgentState:
    """Keep the promise when it is due, and say where the agent stands."""
    row = due(store)
    with store.transaction() as session:
        end_respite(session, OFFER, began=int(row.args["began"]), at=row.due_at)
    with store.reading() as session:
        return session.get_one(Agent, AGENT).state


def test_a_rest_ends_when_it_was_promised(store: Store) -> None:
    line = ended_for_abuse(warnings=3).line
    assert due(store).due_at == BEGAN + timedelta(seconds=line.conduct.respite_seconds)
    assert end(store) is AgentState.READY


def test_the_promise_of_an_older_rest_does_not_end_a_newer_one(store: Store) -> None:
    with store.transaction() as session:
        session.get_one(Agent, AGENT).state_since = BEGAN + timedelta(seconds=300)
    assert end(store) is AgentState.AWAY


def test_an_agent_who_is_away_for_something_else_is_left_alone(store: Store) -> None:
    with store.transaction() as session:
        session.get_one(Agent, AGENT).reason = "lunch"
    assert end(store) is AgentState.AWAY
