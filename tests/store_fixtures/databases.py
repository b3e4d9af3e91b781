"""The databases of the tests: every store test runs on a SQLite file and on PostgreSQL."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text

from tests.store_fixtures.postgres_server import shared_server

if TYPE_CHECKING:
    from ivr.sealing import Keyring

OUTSIDE = "CHARTERLINE_TEST_DATABASE_URL"
NewDatabase = Callable[[str], str]
PATIENCE = "SET LOCAL lock_timeout = '5s'"
RESTART = (
    "SELECT setval(oid::regclass, 1, false) FROM pg_class"
    " WHERE relkind = 'S' AND relnamespace = current_schema()::regnamespace"
)
# For a test of what is said, not of what is kept: it needs one database.
ON_SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
# Deleted rows stay in a table's file until it is made anew.
FEW_BYTES = 256 * 1024
_numbers = count()


@pytest.fixture(scope="session")
def keyring() -> "Keyring":
    """Keys that seal personal data in tests."""
    from config.settings import new_secret_keys
    from ivr.sealing import Keyring

    return Keyring.from_secrets(new_secret_keys(bytes(range(64))))


@pytest.fixture(scope="session")
def postgresql_server(run_folder: Path) -> str:
    """URL of a PostgreSQL in which databases may be made: the one given from outside, or the wheel's."""
    return os.environ.get(OUTSIDE) or shared_server(run_folder)


@pytest.fixture(scope="session")
def new_postgresql(postgresql_server: str) -> Iterator[NewDatabase]:
    """Make empty PostgreSQL databases by name; they are dropped at the end of the run."""
    server = create_engine(_spelled(make_url(postgresql_server)), isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make(purpose: str) -> str:
        name = f"charterline_{purpose}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"))
        made.append(name)
        return _spelled(make_url(postgresql_server).set(database=name))

    yield make
    with server.connect() as connection:
        for name in made:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of a database without any table, on each of the two kinds (for migrations)."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    new_postgresql: NewDatabase = request.getfixturevalue("new_postgresql")
    return new_postgresql("empty")


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory, keyring: "Keyring") -> Path:
    from ivr.store import make_engine
    from migrations.models import all_tables

    path = tmp_path_factory.mktemp("template") / "template.db"
    engine = make_engine(f"sqlite:///{path}", keyring=keyring)
    all_tables().create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def _sqlite_store(tmp_path_factory: pytest.TempPathFactory, keyring: "Keyring") -> Iterator[Engine]:
    from ivr.store import make_engine

    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'hotline.db'}", keyring=keyring)
    # Nothing in a test database has to outlive a power cut.
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_engine(_sqlite_template: Path, _sqlite_store: Engine) -> Iterator[Engine]:
    """An engine on a fresh SQLite file with all tables.

    Its statements are those that earlier tests compiled, which is most of what a short test costs; what is listened for
    on it ends with the test.
    """
    path = Path(str(_sqlite_store.url.database))
    fresh = path.with_name(f"store-{next(_numbers)}.db")
    shutil.copy(_sqlite_template, fresh)
    # A page that an earlier test left open may ask meanwhile: what it opens of the old file must not stay in the pool.
    link = path.with_suffix(".link")
    link.symlink_to(fresh.name)
    link.replace(path)
    _sqlite_store.dispose()
    yield _sqlite_store.execution_options()
    _sqlite_store.dispose()
    for file in path.parent.glob(f"{fresh.name}*"):
        file.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def _postgresql_store(new_postgresql: NewDatabase, keyring: "Keyring") -> Iterator[Engine]:
    from ivr.store import make_engine
    from migrations.models import all_tables

    engine = make_engine(new_postgresql("test"), keyring=keyring)
    all_tables().create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(_postgresql_store: Engine) -> Engine:
    """An engine on PostgreSQL with all tables, all of them empty."""
    empty(_postgresql_store)
    return _postgresql_store


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An engine with all tables and no rows: each test that asks for it runs on both databases."""
    chosen: Engine = request.getfixturevalue(f"{request.param}_engine")
    return chosen


def filled_tables(connection: Connection) -> list[str]:
    """Names of the tables that have any row: one statement, for most tests fill few of them."""
    return list(connection.exec_driver_sql(_looking()).scalars())


@cache
def _looking() -> str:
    from migrations.models import all_tables

    names = all_tables().tables
    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)


def empty(engine: Engine) -> None:
    """Take every row out of every table, also out of those whose triggers forbid it."""
    with engine.begin() as connection:
        filled = filled_tables(connection)
        if engine.dialect.name == "sqlite":
            _empty_sqlite(connection, filled)
        elif filled:
            connection.exec_driver_sql(_emptying(connection, filled), execution_options={"no_parameters": True})


def _empty_sqlite(connection: Connection, filled: list[str]) -> None:
    from migrations.models import all_tables

    asked = "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
    triggers = [(name, sql) for name, table, sql in connection.exec_driver_sql(asked) if table in filled]
    for name, _ in triggers:
        connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
    for table in reversed(all_tables().sorted_tables):
        if table.name in filled:
            connection.execute(table.delete())
    for _, sql in triggers:
        connection.exec_driver_sql(sql)


def _emptying(connection: Connection, filled: list[str]) -> str:
    """Statements that take every row out of these tables; they fail where a test left a transaction open."""
    names = ", ".join(f'"{name}"' for name in filled)
    sizes = ", ".join(f"pg_relation_size('\"{name}\"')" for name in filled)
    asked = f"SELECT current_setting('is_superuser'), greatest({sizes})"
    superuser, largest = connection.exec_driver_sql(asked).one()
    if superuser != "on" or largest > FEW_BYTES:
        return f"{PATIENCE}; TRUNCATE {names} RESTART IDENTITY CASCADE"
    # A few rows are deleted in a tenth of the time in which files are made anew; foreign keys and triggers sleep.
    deleting = "; ".join(f'DELETE FROM "{name}"' for name in filled)
    lock = f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"
    return f"{PATIENCE}; SET LOCAL session_replication_role = replica; {lock}; {deleting}; {RESTART}"


def _spelled(url: URL) -> str:
    return url.render_as_string(hide_password=False)
