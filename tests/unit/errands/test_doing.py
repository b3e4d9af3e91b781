"""An errand is asked for once, worked on by one process, stopped between two steps, and over once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from ivr.errands.doing import (
    LEASE,
    Stopped,
    Task,
    ask,
    claim,
    fail,
    finish,
    is_held,
    newest_errand,
    stop,
    stopped,
    touch,
)
from ivr.errands.rows import Errand, ErrandKind, ErrandState
from ivr.promises import PromiseRow
from ivr.store import Store

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
TASK = Task(ErrandKind.LAUNCH, "dcgf", "7", "lead", {"people": 3})


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def asked(store: Store, *, at: datetime = AT) -> int:
    with store.transaction() as session:
        return ask(session, TASK, at=at).id


def claimed(session: Session, id: int, *, at: datetime) -> Errand:
    taken = claim(session, id, at=at)
    assert taken is not None
    return taken


def state_of(store: Store, id: int) -> ErrandState:
    with store.reading() as session:
        return session.get_one(Errand, id).state


def test_asking_twice_is_one_errand_with_one_promise_until_it_is_over(store: Store) -> None:
    first = asked(store)
    assert asked(store) == first
    with store.transaction() as session:
        assert session.scalar(select(func.count()).select_from(PromiseRow)) == 1
        finish(session, claimed(session, first, at=AT), {"campaign": 7}, at=AT)
    second = asked(store, at=AT + timedelta(hours=1))
    assert second != first
    with store.reading() as session:
        newest = newest_errand(session, ErrandKind.LAUNCH, "7")
        assert newest is not None
        assert newest.id == second


def test_only_one_process_has_it_until_its_lease_runs_out(store: Store) -> None:
    id = asked(store)
    with store.transaction() as session:
        taken = claimed(session, id, at=AT)
        assert is_held(taken, AT)
        assert claim(session, id, at=AT + LEASE) is None
        touch(session, taken, done=5, total=10, at=AT + LEASE)
        assert claim(session, id, at=AT + LEASE + timedelta(seconds=1)) is None
        again = claim(session, id, at=AT + 2 * LEASE + timedelta(seconds=1))
        assert again is not None
        assert (again.attempts, again.done) == (2, 0)


def test_who_works_on_it_is_told_to_stop_at_the_next_step(store: Store) -> None:
    id = asked(store)
    with store.transaction() as session:
        taken = claimed(session, id, at=AT)
        touch(session, taken, done=1, total=10, at=AT)
        stop(session, id, at=AT)
    with pytest.raises(Stopped), store.transaction() as session:
        touch(session, taken, done=2, total=10, at=AT)
    assert state_of(store, id) is ErrandState.WORKING


def test_one_that_nobody_began_is_stopped_at_once_and_stays_so(store: Store) -> None:
    id = asked(store)
    with store.transaction() as session:
        stop(session, id, at=AT)
        assert claim(session, id, at=AT) is None
        fail(session, session.get_one(Errand, id), "too late", at=AT)
    assert state_of(store, id) is ErrandState.STOPPED


def test_what_is_over_is_not_changed_by_a_process_that_comes_late(store: Store) -> None:
    id = asked(store)
    with store.transaction() as session:
        taken = claimed(session, id, at=AT)
        fail(session, taken, "x" * 5000, at=AT)
        finish(session, taken, {}, at=AT)
    with store.reading() as session:
        errand = session.get_one(Errand, id)
    assert (errand.state, len(errand.trouble), errand.result) == (ErrandState.FAILED, 600, None)


def test_a_process_that_slept_too_long_neither_goes_on_nor_ends_the_work_of_the_next(store: Store) -> None:
    id, late = asked(store), AT + 2 * LEASE
    with store.transaction() as session:
        slept = claimed(session, id, at=AT)
    with store.transaction() as session:
        next_one = claimed(session, id, at=late)
    with pytest.raises(Stopped), store.transaction() as session:
        touch(session, slept, done=2, total=10, at=late)
    with store.transaction() as session:
        stopped(session, slept, at=late)
        fail(session, slept, "x", at=late)
        finish(session, slept, {"campaign": 1}, at=late)
    assert state_of(store, id) is ErrandState.WORKING
    with store.transaction() as session:
        touch(session, next_one, done=2, total=10, at=late)
        finish(session, next_one, {"campaign": 2}, at=late)
    assert state_of(store, id) is ErrandState.DONE
