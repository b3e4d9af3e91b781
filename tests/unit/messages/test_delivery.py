"""A message's state only goes forward: whatever order the reports come in, and however often, the end is the same."""

import random
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ivr.messages.delivery import advance
from ivr.messages.rows import Message
from ivr.messages.states import FINAL, MISSED, RANK, STATE_OF_STATUS, MessageState
from ivr.numbers import PhoneNumber
from ivr.store import Store
from tests.http.board import CALLER, MORNING
from tests.sizes import examples
from tests.unit.agents.people import waits

STATUSES = sorted(STATE_OF_STATUS)


@pytest.fixture
def store(engine: Engine) -> Store:
    store = Store(engine)
    waits(store, "c1", MORNING)
    with store.transaction() as session:
        number = PhoneNumber.parse(CALLER)
        index = store.keyring.index(number)
        session.add(
            Message(
                id="m1",
                call_id="c1",
                subject="call:c1",
                line="kibo",
                template="t/1",
                recipient=number,
                recipient_index=index,
                body="안내",
                written_at=MORNING,
                worth_until=MORNING + timedelta(hours=1),
            )
        )
    return store


def reported(store: Store, statuses: list[str]) -> list[MessageState]:
    """The states after each report, starting anew."""
    states = []
    with store.transaction() as session:
        message = session.get_one(Message, "m1")
        message.state, message.rank, message.delivered_at = MessageState.WRITTEN, 0, None
    for status in statuses:
        with store.statement() as connection:
            connection.execute(advance("m1", STATE_OF_STATUS[status], at=MORNING))
        with store.reading() as session:
            states.append(session.get_one(Message, "m1").state)
    return states


def test_no_two_states_share_a_rank_so_that_no_order_can_decide() -> None:
    assert sorted(RANK.values()) == list(range(len(MessageState)))
    assert max(RANK, key=lambda state: RANK[state]) is MessageState.DELIVERED
    assert FINAL >= MISSED
    assert RANK[MessageState.SENT] < min(RANK[state] for state in FINAL)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(5))
@given(told=st.lists(st.sampled_from(STATUSES), min_size=1, max_size=8), seed=st.integers(0, 10**6))
def test_receipts_in_a_hundred_random_orders_with_doubles_end_in_the_same_state(
    store: Store, told: list[str], seed: int
) -> None:
    chance = random.Random(seed)
    furthest = max((STATE_OF_STATUS[status] for status in told), key=lambda state: RANK[state])
    for _ in range(20):
        doubled = told + chance.choices(told, k=len(told))
        chance.shuffle(doubled)
        states = reported(store, doubled)
        ranks = [RANK[state] for state in states]
        assert (ranks, states[-1]) == (sorted(ranks), furthest)


def test_a_hundred_random_orders_of_a_whole_story_end_delivered_at_the_same_moment(store: Store) -> None:
    chance = random.Random(4)
    ends = set()
    for _ in range(100):
        told = ["queued", "sending", "sent", "undelivered", "delivered", "sent", "delivered"]
        chance.shuffle(told)
        reported(store, told)
        with store.reading() as session:
            message = session.get_one(Message, "m1")
            ends.add((message.state, message.delivered_at))
    assert ends == {(MessageState.DELIVERED, MORNING)}


def test_what_was_read_out_is_not_missed_again_by_a_late_report(store: Store) -> None:
    reported(store, ["undelivered"])
    with store.statement() as connection:
        connection.execute(advance("m1", MessageState.READ_OUT))
        connection.execute(advance("m1", MessageState.FAILED, "30003"))
    with store.reading() as session:
        assert session.get_one(Message, "m1").state is MessageState.READ_OUT
