"""A line keeps an administrator, whoever takes whose role at whichever moment."""

from concurrent.futures import Future, ThreadPoolExecutor, wait

import pytest
from sqlalchemy import Engine, func, select

from ivr.accounts.keeping import Hand, LastAdministrator, disable, known_account, revoke
from ivr.accounts.rows import Account, Grant, Role
from ivr.store import Store
from tests.unit.accounts.people import AT, add

LINE = "kibo"
# SQLite lets one transaction write at a time.
ON_POSTGRESQL = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
SECONDS_ALONE = 1.0


@pytest.fixture
def store(engine: Engine) -> Store:
    made = Store(engine)
    with made.transaction() as session:
        for id in ("kim", "lee"):
            add(session, id, role=Role.ADMINISTRATOR, line=LINE)
    return made


def keepers(store: Store) -> int:
    with store.reading() as session:
        admitted = select(func.count()).select_from(Grant).join(Account, Account.id == Grant.account_id)
        return session.scalar(admitted.where(Grant.role == Role.ADMINISTRATOR, Account.disabled_at.is_(None))) or 0


def take_role(store: Store, of: str, by: str) -> None:
    with store.transaction() as session:
        revoke(session, known_account(session, of), (LINE, Role.ADMINISTRATOR), hand=Hand(by, AT))


def shut_out(store: Store, of: str, by: str) -> None:
    with store.transaction() as session:
        disable(session, known_account(session, of), Hand(by, AT))


@ON_POSTGRESQL
@pytest.mark.parametrize("other", [take_role, shut_out])
def test_of_two_who_take_each_others_role_at_one_moment_one_is_refused(store: Store, other: object) -> None:
    with ThreadPoolExecutor() as pool:
        with store.transaction() as session:
            revoke(session, known_account(session, "lee"), (LINE, Role.ADMINISTRATOR), hand=Hand("kim", AT))
            session.flush()
            second: Future[None] = pool.submit(other, store, "kim", "lee")  # type: ignore[arg-type]
            # It waits for this one; where it does not, it has taken the last one's role by now.
            wait([second], timeout=SECONDS_ALONE)
        with pytest.raises(LastAdministrator):
            second.result()
    assert keepers(store) == 1
