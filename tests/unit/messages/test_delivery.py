"""A message's state only goes forward, whatever order the carrier reports in."""

from itertools import permutations

import pytest
from sqlalchemy import Engine

from ivr.messages.delivery import advance
from ivr.messages.rows import RANK, STATE_OF_STATUS, Message, MessageState
from ivr.numbers import PhoneNumber
from ivr.store import Store
from tests.http.board import CALLER, MORNING
from tests.unit.agents.people import waits

REPORTS = ("queued", "sending", "sent", "delivered")


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
                line="kibo",
                template="t/1",
                recipient=number,
                recipient_index=index,
                body="안내",
                written_at=MORNING,
            )
        )
    return store


def reported(store: Store, *statuses: str) -> list[MessageState]:
    """The states after each report, starting anew."""
    states = []
    with store.transaction() as session:
        message = session.get_one(Message, "m1")
        message.state, message.rank = MessageState.WRITTEN, 0
    for status in statuses:
        with store.statement() as connection:
            connection.execute(advance("m1", STATE_OF_STATUS[status]))
        with store.reading() as session:
            states.append(session.get_one(Message, "m1").state)
    return states


def test_every_order_of_the_reports_ends_delivered_and_never_goes_back(store: Store) -> None:
    for order in permutations(REPORTS):
        ranks = [RANK[state] for state in reported(store, *order)]
        assert ranks == sorted(ranks)
        assert ranks[-1] == RANK[MessageState.DELIVERED]


@pytest.mark.parametrize("final", ["failed", "undelivered", "delivered", "canceled", "read"])
@pytest.mark.parametrize("late", [*REPORTS, "failed", "undelivered", "accepted"])
def test_the_first_final_report_stands(store: Store, final: str, late: str) -> None:
    first, second = reported(store, final, late)
    assert first is second is STATE_OF_STATUS[final]
