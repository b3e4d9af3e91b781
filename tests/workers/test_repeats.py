"""A number that calls often: each call has only those earlier ones judged again that it may change."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ivr.charters.reading_calls import earlier_calls
from ivr.store import Store
from tests.http.board import MORNING
from tests.unit.charters.tales import Tale, line_of
from tests.unit.figures.kept import add_call, emptied

WEEK = 7
# The team that each of a firm's calls asked for; None is a call that never chose.
ASKED = ("guide", None, "recovery", "guide", None, "guide", "recovery")


@pytest.fixture
def store(engine: Engine) -> Store:
    """Calls of one number, ten minutes apart."""
    made = emptied(engine)
    with made.transaction() as session:
        for number, team in enumerate(ASKED):
            tale = Tale(line_of("kotra"), wanted=(team, "") if team else None)
            at = MORNING + timedelta(minutes=10 * number)
            add_call(session, tale, f"c{number}", at=at, caller="firm")
    return made


def test_only_the_last_earlier_call_of_each_team_can_be_changed_by_a_call(store: Store) -> None:
    with store.reading() as session:
        found = [earlier_calls(session, f"c{number}", WEEK) for number in range(len(ASKED))]
    assert found == [[], ["c0"], ["c0"], ["c0", "c2"], ["c2", "c3"], ["c2", "c3"], ["c2", "c5"]]


def test_promises_grow_with_the_calls_of_a_number_and_not_with_their_square(engine: Engine) -> None:
    store, calls = emptied(engine), 40
    with store.transaction() as session:
        for number in range(calls):
            add_call(
                session, Tale(line_of("kotra")), f"c{number:02}", at=MORNING + timedelta(minutes=number), caller="firm"
            )
    with store.reading() as session:
        found = [earlier_calls(session, f"c{number:02}", WEEK) for number in range(calls)]
    assert sum(len(several) for several in found) == calls - 1
