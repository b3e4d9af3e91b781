"""Several relays and workers at once: nobody does a thing twice, nobody waits for anybody, no clock is trusted."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from ivr.calls.known import load
from ivr.calls.offers import promise_of
from ivr.calls.rows import Offer, OfferState
from ivr.messages.states import MessageState
from ivr.orders import EndCall, Order, PlaceCall, Receipt, SendText
from ivr.promises import promise_all
from tests.http.board import MORNING
from tests.workers.kept import Works, given, message, state


@pytest.fixture
def works(sqlite_engine: Engine) -> Works:
    return Works.over(sqlite_engine)


def while_ordering(works: Works, happens: Callable[[], None]) -> None:
    """Let something happen during the next order, before its answer comes."""
    real, to_come = works.carrier.do, [happens]

    def slowly(order: Order) -> Receipt:
        if to_come:
            to_come.pop()()
        return real(order)

    object.__setattr__(works.carrier, "do", slowly)


def handed_again(works: Works, seconds: float) -> None:
    """So much time passes, the relay passes, and another worker takes whatever was handed."""
    works.clock.pass_time(seconds)
    works.handed.clear()
    works.relay.hand_due(works.clock.at)
    for _, promise in list(works.handed):
        works.keeper.keep(promise)


def test_a_promise_that_is_made_again_while_it_is_kept_holds_up_neither_side(postgresql_engine: Engine) -> None:
    works = Works.over(postgresql_engine)
    works.ring()
    with works.store.reading() as session:
        promise = promise_of("hang-up", session.get_one(Offer, "c1-1"), works.clock.at)
    with works.store.transaction() as session:
        promise_all(session, [promise])
    works.relay.hand_due(works.clock.at)
    keeping = threading.Thread(target=works.keeper.keep, args=[works.row("hang-up").id])
    with works.store.transaction() as session:
        load(session, "c1")
        keeping.start()
        _until_somebody_waits(postgresql_engine)
        promise_all(session, [promise])
    keeping.join(timeout=30)
    row = works.row("hang-up")
    assert (row.done_at is not None, row.attempts, row.outcome) == (True, 1, "Accepted")


def _until_somebody_waits(engine: Engine) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with engine.connect() as connection:
        for _ in range(500):
            if connection.execute(waiting).scalar():
                return
            connection.rollback()
            time.sleep(0.01)
    raise AssertionError("the keeper never came to the lock of the call")


def test_a_text_whose_order_started_late_and_takes_long_is_sent_once(works: Works) -> None:
    message(works)
    works.relay.hand_due(MORNING)
    while_ordering(works, lambda: handed_again(works, 4))
    works.clock.pass_time(28)
    works.keeper.keep(works.row("text").id)
    handed_again(works, 60)
    assert (given(works, SendText), state(works)) == (1, MessageState.QUEUED)


def test_the_answer_of_a_worker_who_was_given_up_still_tells_which_leg_to_end(works: Works) -> None:
    while_ordering(works, lambda: handed_again(works, 31))
    works.ring()
    assert (works.offer().state, works.offer().outcome) == (OfferState.OVER, "failed")
    assert works.offer().leg_sid == "CA-agent-1"
    assert [order for order in works.carrier.given if isinstance(order, EndCall)] == [EndCall("CA-agent-1")]
    assert given(works, PlaceCall) == 1


def test_a_worker_whose_clock_is_behind_the_relays_keeps_what_it_is_handed(works: Works) -> None:
    works.ring()
    works.promise("hang-up", offer="c1-1", call="c1")
    works.relay.hand_due(works.clock.at)
    works.clock.pass_time(-0.005)
    works.keeper.keep(works.row("hang-up").id)
    assert works.row("hang-up").done_at is not None


def test_what_is_due_is_kept_by_whoever_comes_to_it_even_if_no_relay_handed_it(works: Works) -> None:
    works.ring()
    works.promise("hang-up", offer="c1-1", call="c1")
    works.keeper.keep(works.row("hang-up").id)
    assert works.row("hang-up").done_at is not None


def test_an_order_is_handed_again_only_half_a_minute_after_it_was_started(works: Works) -> None:
    message(works)
    works.relay.hand_due(MORNING)
    started = MORNING + timedelta(seconds=28)

    def passing() -> None:
        assert works.relay.hand_due(started + timedelta(seconds=29)) == 0
        assert works.relay.hand_due(started + timedelta(seconds=30)) == 1

    while_ordering(works, passing)
    works.clock.at = started
    works.keeper.keep(works.row("text").id)
    assert state(works) is MessageState.QUEUED
