"""The relay: what is due is handed out once, given back where handing fails, and handed again when nobody came."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from ivr.orders import Order, Receipt
from ivr.store import Store
from tests.http.board import MORNING
from tests.workers.kept import Works, message
from workers.kinds import CALLS, CHORES
from workers.relay import BATCH, FULL, HAND_AGAIN_AFTER, LOOK_AGAIN, LOST_AFTER, Relay


class Killed(BaseException):
    """A worker dies."""


class Killer:
    """A carrier whose worker dies with the order on its lips."""

    def do(self, order: Order) -> Receipt:
        raise Killed


@pytest.fixture
def works(engine: Engine) -> Works:
    return Works.over(engine)


def many(works: Works, count: int) -> None:
    for number in range(count):
        works.promise("follow", key=f"follow:{number}", call=f"c{number}")


def test_what_is_due_is_handed_to_the_queue_of_its_kind(works: Works) -> None:
    works.promise("follow", call="c1")
    works.promise("text", message="m1")
    works.promise("check-leg", call="c1", leg="caller")
    works.relay.hand_due(MORNING)
    assert sorted(queue for queue, _ in works.handed) == ["calls", "chores", "texts"]


def test_what_is_not_due_is_not_handed(works: Works) -> None:
    works.promise("follow", due_at=MORNING + timedelta(seconds=1), call="c1")
    assert works.relay.hand_due(MORNING) == 0
    assert works.relay.hand_or_look(MORNING) == (0, MORNING + timedelta(seconds=1))


def test_what_was_handed_is_not_handed_again_at_once(works: Works) -> None:
    many(works, 3)
    assert [works.relay.hand_due(MORNING), works.relay.hand_due(MORNING)] == [3, 0]


def test_what_nobody_kept_is_handed_again_after_half_a_minute(works: Works) -> None:
    many(works, 1)
    works.promise("follow", key="later", due_at=MORNING + timedelta(hours=1), call="c1")
    assert works.relay.hand_or_look(MORNING) == (1, None)
    assert works.relay.hand_or_look(MORNING) == (0, MORNING + HAND_AGAIN_AFTER)
    assert works.relay.hand_due(MORNING + HAND_AGAIN_AFTER - timedelta(seconds=1)) == 0
    assert works.relay.hand_due(MORNING + HAND_AGAIN_AFTER) == 1


def test_what_was_lost_with_a_process_is_handed_again_soon_while_all_queues_are_empty(works: Works) -> None:
    many(works, 1)
    handed: list[int] = []
    waiting = {CALLS: 1}
    relay = Relay(works.store, lambda _queue, promise: handed.append(promise), lambda: waiting)
    relay.hand_due(MORNING)
    assert relay.hand_or_look(MORNING + LOST_AFTER) == (0, MORNING + HAND_AGAIN_AFTER)
    waiting = {CALLS: 0}
    assert relay.hand_or_look(MORNING) == (0, MORNING + LOST_AFTER)
    assert [relay.hand_due(MORNING + LOST_AFTER), len(set(handed)), len(handed)] == [1, 1, 2]


def test_what_a_worker_has_begun_is_not_called_lost(works: Works) -> None:
    message(works)
    works.relay.hand_due(MORNING)
    with pytest.raises(Killed):
        replace(works.keeper, carrier=Killer()).keep(works.handed[0][1])
    relay = Relay(works.store, lambda _queue, _promise: None, dict)
    assert relay.hand_or_look(MORNING + LOST_AFTER) == (0, MORNING + HAND_AGAIN_AFTER)


def test_what_was_kept_is_never_handed_again(works: Works) -> None:
    works.promise("follow", call="nobody")
    works.hand_and_keep()
    assert works.relay.hand_due(MORNING + timedelta(days=1)) == 0


def test_a_queue_that_fails_gives_everything_back(works: Works) -> None:
    many(works, 3)
    taken: list[int] = []

    def hand(_queue: str, promise: int) -> None:
        if taken:
            raise ConnectionError("the queue is away")
        taken.append(promise)

    with pytest.raises(ConnectionError):
        Relay(works.store, hand).hand_due(MORNING)
    assert works.relay.hand_due(MORNING) == 2
    assert {promise for _, promise in works.handed}.isdisjoint(taken)


def test_a_kind_nobody_knows_any_more_goes_to_the_chores(works: Works) -> None:
    works.promise("forgotten", call="c1")
    works.relay.hand_due(MORNING)
    assert [queue for queue, _ in works.handed] == ["chores"]


def test_more_than_a_batch_is_handed_in_several_passes_oldest_first(works: Works) -> None:
    with works.store.transaction() as session:
        from ivr.promises import Promise, promise_all

        due = [MORNING - timedelta(seconds=number) for number in range(BATCH + 5)]
        promise_all(session, [Promise("follow", f"follow:{at}", at, {"call": "c1"}) for at in due])
    assert [works.relay.hand_due(MORNING) for _ in range(3)] == [BATCH, 5, 0]


def test_a_full_queue_gets_no_more_until_there_is_room_and_the_others_get_theirs(works: Works) -> None:
    works.promise("check-leg", call="c1", leg="caller")
    works.promise("follow", call="c1")
    waiting = {CALLS: 0, CHORES: FULL}
    relay = replace(works.relay, waiting=lambda: waiting)
    assert relay.hand_due(MORNING) == 1
    assert [queue for queue, _ in works.handed] == [CALLS]
    assert relay.hand_or_look(MORNING) == (0, MORNING + LOOK_AGAIN)
    waiting[CHORES] = FULL - 1
    assert relay.hand_due(MORNING) == 1
    assert [queue for queue, _ in works.handed] == [CALLS, CHORES]


def test_two_relays_at_once_hand_nothing_twice(engine: Engine) -> None:
    works = Works.over(engine)
    many(works, 40)
    together = threading.Barrier(2)
    handed: list[int] = []

    def relay() -> None:
        passing = Relay(Store(engine), lambda _queue, promise: handed.append(promise))
        together.wait(timeout=30)
        while passing.hand_due(MORNING):
            pass

    relays = [threading.Thread(target=relay) for _ in range(2)]
    for one in relays:
        one.start()
    for one in relays:
        one.join()
    works.relay.hand_due(MORNING)
    handed += [promise for _, promise in works.handed]
    assert (len(handed), len(set(handed))) == (40, 40)
