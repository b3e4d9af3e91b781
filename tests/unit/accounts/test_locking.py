"""Five failures lock an account for a while that grows, twenty an address; also names that nobody has."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from ivr.accounts.locking import (
    FAILURES,
    FAILURES_OF_ADDRESS,
    FORGOTTEN_AFTER,
    Attempt,
    count_attempt,
    forgive,
    locked_for,
    take_back,
)
from ivr.accounts.rows import Account, AccountChange, AccountEntry, SignInWatch
from ivr.store import Store
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.accounts.people import AT, add

QUARTER = timedelta(minutes=15)


def test_the_wait_doubles_from_a_quarter_of_an_hour_to_a_day() -> None:
    waits = [locked_for(failures, FAILURES) for failures in range(1, 51)]
    told = [wait for wait in waits if wait is not None]
    assert told[:4] == [QUARTER, 2 * QUARTER, 4 * QUARTER, 8 * QUARTER]
    assert told[-1] == timedelta(days=1)
    assert waits[:4] == [None] * 4


def test_five_failures_lock_the_account_and_more_lock_it_for_longer(engine: Engine) -> None:
    store, attempt = Store(engine), Attempt("hanjiwon", "10.0.0.1")
    with store.transaction() as session:
        add(session)
    for place in range(5):
        with store.transaction() as session:
            assert count_attempt(session, attempt, at=AT) is None, place
    with store.transaction() as session:
        assert count_attempt(session, attempt, at=AT + timedelta(minutes=1)) == AT + QUARTER
    again = AT + QUARTER + timedelta(seconds=1)
    for _ in range(5):
        with store.transaction() as session:
            assert count_attempt(session, attempt, at=again) is None
    with store.transaction() as session:
        assert count_attempt(session, attempt, at=again) == again + 2 * QUARTER
        changes = session.scalars(select(AccountEntry.change)).all()
    assert changes == [AccountChange.LOCKED, AccountChange.LOCKED]


@ON_SQLITE
def test_a_name_that_nobody_has_is_locked_as_any_other(engine: Engine) -> None:
    store, attempt = Store(engine), Attempt("nobody", "10.0.0.1")
    for _ in range(5):
        with store.transaction() as session:
            assert count_attempt(session, attempt, at=AT) is None
    with store.transaction() as session:
        assert count_attempt(session, attempt, at=AT) == AT + QUARTER
        assert "nobody" not in "".join(session.scalars(select(SignInWatch.id)))


@ON_SQLITE
def test_an_address_is_locked_over_all_names(engine: Engine) -> None:
    store = Store(engine)
    for place in range(FAILURES_OF_ADDRESS):
        with store.transaction() as session:
            assert count_attempt(session, Attempt(f"name{place}", "10.0.0.1"), at=AT) is None
    with store.transaction() as session:
        assert count_attempt(session, Attempt("another", "10.0.0.1"), at=AT) == AT + QUARTER
        assert count_attempt(session, Attempt("another", "10.0.0.2"), at=AT) is None


def test_the_right_password_forgives_and_one_with_a_factor_to_come_is_only_taken_back(engine: Engine) -> None:
    store, attempt = Store(engine), Attempt("hanjiwon", "10.0.0.1")
    with store.transaction() as session:
        add(session)
    for _ in range(3):
        with store.transaction() as session:
            count_attempt(session, attempt, at=AT)
    with store.transaction() as session:
        account = session.get_one(Account, "hanjiwon")
        take_back(session, account, "10.0.0.1", at=AT)
        assert account.failures == 2
        forgive(session, account, "10.0.0.1", at=AT)
        assert account.failures == 0
        assert session.scalars(select(SignInWatch.failures)).all() == [1]


@ON_SQLITE
def test_the_fifth_try_with_the_right_password_opens_again(engine: Engine) -> None:
    store, attempt = Store(engine), Attempt("hanjiwon", "10.0.0.1")
    with store.transaction() as session:
        add(session)
    for _ in range(5):
        with store.transaction() as session:
            count_attempt(session, attempt, at=AT)
    with store.transaction() as session:
        forgive(session, session.get_one(Account, "hanjiwon"), "10.0.0.1", at=AT)
    with store.transaction() as session:
        assert count_attempt(session, attempt, at=AT) is None


@ON_SQLITE
@pytest.mark.parametrize("passed", [FORGOTTEN_AFTER + timedelta(seconds=1)])
def test_an_address_where_nothing_failed_for_a_day_is_forgotten(engine: Engine, passed: timedelta) -> None:
    store = Store(engine)
    with store.transaction() as session:
        count_attempt(session, Attempt("nobody", "10.0.0.1"), at=AT)
    with store.transaction() as session:
        count_attempt(session, Attempt("somebody", "10.0.0.2"), at=AT + passed)
        assert session.query(SignInWatch).count() == 2


def test_twenty_tries_at_once_get_five_looks_at_the_password(engine: Engine) -> None:
    store = Store(engine)
    with store.transaction() as session:
        add(session)

    def attempt(place: int) -> bool:
        with store.transaction() as session:
            return count_attempt(session, Attempt("hanjiwon", f"10.0.0.{place % 4}"), at=AT) is None

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(20))) == FAILURES
