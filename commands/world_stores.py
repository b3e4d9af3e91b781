"""Empty stores for worlds, one after the other: a SQLite file that is copied, or a PostgreSQL database of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

from commands.living import never_wait_for_the_disk
from ivr.sealing import Keyring
from ivr.store import make_engine
from migrations.models import all_tables


class Stores(Protocol):
    """A place for one store after another; what statements were compiled to is kept from one to the next."""

    @property
    def engine(self) -> Engine:
        """The engine of every store."""

    def renew(self) -> None:
        """Make the store empty, with all tables."""

    def clear(self) -> None:
        """Leave nothing of it open."""


@dataclass(frozen=True, slots=True)
class SqliteStores:
    """A file that is copied from one with empty tables."""

    folder: Path
    engine: Engine

    @property
    def file(self) -> Path:
        """The file of the store."""
        return self.folder / "world.db"

    def renew(self) -> None:
        """Copy the template."""
        shutil.copy(self.folder / "template.db", self.file)

    def clear(self) -> None:
        """Close the file, and take it away."""
        self.engine.dispose()
        for file in self.folder.glob("world.db*"):
            file.unlink()


@dataclass(frozen=True, slots=True)
class PostgresqlStores:
    """A database whose tables are emptied."""

    engine: Engine

    def renew(self) -> None:
        """Take every row out of every table that has any."""
        with self.engine.begin() as connection:
            filled = _filled(connection)
            if filled:
                connection.exec_driver_sql(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE")

    def clear(self) -> None:
        """Rows stay until the next store; no connection does."""
        self.engine.dispose()


def _filled(connection: Connection) -> list[str]:
    names = [f'"{name}"' for name in all_tables().tables]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in names)  # noqa: S608 - names of our own tables
    return list(connection.exec_driver_sql(asked).scalars())


def stores(keyring: Keyring, *, database: str = "") -> AbstractContextManager[Stores]:
    """Stores on SQLite, or in a database of their own on the PostgreSQL at this URL; all of it gone after the block."""
    return _on_postgresql(keyring, database) if database else _on_sqlite(keyring)


@contextmanager
def _on_sqlite(keyring: Keyring) -> Iterator[Stores]:
    with TemporaryDirectory(prefix="charterline-world-") as name:
        folder = Path(name)
        template = make_engine(f"sqlite:///{folder / 'template.db'}", keyring=keyring)
        all_tables().create_all(template)
        template.dispose()
        engine = make_engine(f"sqlite:///{folder / 'world.db'}", keyring=keyring)
        event.listen(engine, "connect", never_wait_for_the_disk)
        yield SqliteStores(folder, engine)
        engine.dispose()


@contextmanager
def _on_postgresql(keyring: Keyring, database: str) -> Iterator[Stores]:
    url = make_url(database.replace("postgresql://", "postgresql+psycopg://", 1))
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"charterline_world_{os.getpid()}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'"))
        # Nobody needs a world after a power cut.
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    engine = make_engine(url.set(database=name).render_as_string(hide_password=False), keyring=keyring)
    try:
        all_tables().create_all(engine)
        yield PostgresqlStores(engine)
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        server.dispose()
