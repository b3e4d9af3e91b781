"""The databases of the tests: every store test runs on a SQLite file and on PostgreSQL."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import URL, Engine, create_engine, make_url, text

from tests.store_fixtures.postgres_server import shared_server

if TYPE_CHECKING:
    from ivr.sealing import Keyring

OUTSIDE = "CHARTERLINE_TEST_DATABASE_URL"
NewDatabase = Callable[[str], str]


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


@pytest.fixture
def sqlite_engine(_sqlite_template: Path, tmp_path: Path, keyring: "Keyring") -> Iterator[Engine]:
    """An engine on a fresh SQLite file with all tables."""
    from ivr.store import make_engine

    path = tmp_path / "hotline.db"
    shutil.copy(_sqlite_template, path)
    engine = make_engine(f"sqlite:///{path}", keyring=keyring)
    yield engine
    engine.dispose()


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
    _empty(_postgresql_store)
    return _postgresql_store


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """An engine with all tables and no rows: each test that asks for it runs on both databases."""
    chosen: Engine = request.getfixturevalue(f"{request.param}_engine")
    return chosen


def _empty(engine: Engine) -> None:
    from migrations.models import all_tables

    # Most tests fill few tables, and truncating an empty one costs as much as a full one.
    names = [f'"{table.name}"' for table in all_tables().tables.values()]
    if not names:
        return
    filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        rows = connection.execute(text(filled)).scalars().all()
        if rows:
            connection.execute(text(f"TRUNCATE {', '.join(rows)} RESTART IDENTITY CASCADE"))


def _spelled(url: URL) -> str:
    return url.render_as_string(hide_password=False)
