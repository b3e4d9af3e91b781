"""An agent's moves: what starts the time of idleness, and what is refused."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.agents.moves import AGENT_MOVES, AgentEvent, move_agent
from ivr.agents.rows import Agent, AgentState
from ivr.base import Refused
from tests.http.board import MORNING


def agent(state: AgentState, leaving: str | None = None) -> Agent:
    return Agent(id="a1", line="kibo", state=state, state_since=MORNING, idle_since=MORNING, leaving=leaving)


@given(st.lists(st.sampled_from(AgentEvent), max_size=30))
def test_any_sequence_of_events_leaves_an_agent_where_the_table_says(events: list[AgentEvent]) -> None:
    one, at = agent(AgentState.AWAY), MORNING
    for event in events:
        at += timedelta(seconds=1)
        before = one.state
        try:
            move_agent(one, event, at)
        except Refused:
            assert (before, event) not in AGENT_MOVES
            assert one.state is before
        else:
            assert one.state is AGENT_MOVES[before, event]
            assert one.state_since == at


@pytest.mark.parametrize(
    ("state", "event", "idle_since"),
    [
        (AgentState.AWAY, AgentEvent.COME, MORNING + timedelta(seconds=5)),
        (AgentState.WRAPPING, AgentEvent.FINISH, MORNING + timedelta(seconds=5)),
        (AgentState.OFFERED, AgentEvent.SPARE, MORNING),
        (AgentState.TALKING, AgentEvent.SPARE, MORNING),
    ],
)
def test_a_spared_agent_keeps_the_place_in_the_row_of_the_idle(
    state: AgentState, event: AgentEvent, idle_since: datetime
) -> None:
    one = agent(state)
    move_agent(one, event, MORNING + timedelta(seconds=5))
    assert (one.state, one.idle_since) == (AgentState.READY, idle_since)


@pytest.mark.parametrize(
    ("state", "event"),
    [
        (AgentState.WRAPPING, AgentEvent.FINISH),
        (AgentState.OFFERED, AgentEvent.SPARE),
        (AgentState.AWAY, AgentEvent.COME),
    ],
)
def test_who_wished_to_leave_after_the_work_is_away_instead_of_ready_once(state: AgentState, event: AgentEvent) -> None:
    one = agent(state, "lunch")
    move_agent(one, event, MORNING)
    assert (one.state, one.reason, one.leaving) == (AgentState.AWAY, "lunch", None)
    move_agent(one, AgentEvent.COME, MORNING)
    assert (one.state, one.reason) == (AgentState.READY, None)


def test_a_wish_to_leave_lasts_through_a_rest_and_ends_with_the_absence_itself() -> None:
    one = agent(AgentState.OFFERED, "lunch")
    move_agent(one, AgentEvent.MISS, MORNING, reason="missed")
    assert (one.state, one.leaving) == (AgentState.AWAY, "lunch")
    one = agent(AgentState.WRAPPING, "lunch")
    move_agent(one, AgentEvent.LEAVE, MORNING, reason="meeting")
    assert (one.state, one.reason, one.leaving) == (AgentState.AWAY, "meeting", None)
