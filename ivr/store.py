"""Engines for SQLite and PostgreSQL, and the three ways to use one: a statement, a transaction, a reading."""

import importlib
import math
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import ModuleType
from typing import TypeAlias

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from ivr.sealing import Keyring


class Turns:
    """SQLite's own lock queue is unfair: threads of one process take turns here instead, with its patience (in s)."""

    def __init__(self, patience: float) -> None:
        self._lock, self._patience = threading.Lock(), patience

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._patience):
            raise OperationalError("BEGIN IMMEDIATE", {}, TimeoutError("other threads of this process have the file"))

    def __exit__(self, *_error: object) -> None:
        self._lock.release()


Guard: TypeAlias = Turns | nullcontext[None]


def make_engine(url: str, *, keyring: Keyring | None, patience: float = 10.0) -> Engine:
    """Open the database at `url`; sealed columns find `keyring` on the dialect (migrations need none).

    `patience` is how many seconds a connection, a lock or a statement may take before it fails.
    """
    if url.startswith("sqlite:"):
        engine = create_engine(url, module=_sqlite_module(), connect_args={"timeout": patience}, **_pool(patience))
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, connect_args=_postgresql_limits(patience), **_pool(patience))
    engine.dialect.charterline_keyring = keyring  # type: ignore[attr-defined]
    engine.dialect.charterline_patience = patience  # type: ignore[attr-defined]
    return engine


def _pool(patience: float) -> dict[str, float]:
    # Parameters carry personal data: they stay out of error messages.
    return {"pool_size": 8, "pool_timeout": patience, "hide_parameters": True}


def _postgresql_limits(patience: float) -> dict[str, str | int]:
    """A server that takes a connection and then says nothing must not hold a caller in silence (libpq, in s and ms)."""
    milliseconds = int(patience * 1000)
    return {
        "connect_timeout": max(2, math.ceil(patience)),
        "tcp_user_timeout": milliseconds,
        "options": f"-c statement_timeout={milliseconds} -c lock_timeout={milliseconds}",
    }


def _sqlite_module() -> ModuleType:
    """Prefer the wheel: system SQLite before 3.51.3 can corrupt a WAL that two connections write."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN fails with "locked" when a reader turns writer; taking the lock first waits its turn.
    reading = connection.get_execution_options().get("charterline_reading", False)
    connection.connection.cursor().execute("BEGIN" if reading else "BEGIN IMMEDIATE")


class Store:
    """One database, used in short pieces: nothing here is ever held over a request to the outside."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.dialect = engine.dialect.name
        self.is_sqlite = self.dialect == "sqlite"
        self._single = engine if self.is_sqlite else engine.execution_options(isolation_level="AUTOCOMMIT")
        self._reading = engine.execution_options(charterline_reading=True)
        self._turn: Guard = Turns(engine.dialect.charterline_patience) if self.is_sqlite else nullcontext()  # type: ignore[attr-defined]

    @property
    def keyring(self) -> Keyring:
        """The keys under which personal data of this database are sealed."""
        keyring = self.engine.dialect.charterline_keyring  # type: ignore[attr-defined]
        if not isinstance(keyring, Keyring):
            raise RuntimeError("this store was opened without a keyring: give make_engine one")
        return keyring

    @contextmanager
    def statement(self) -> Iterator[Connection]:
        """A connection for statements that each stand alone: one round trip each on PostgreSQL."""
        with self._turn, self._single.begin() as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session that commits at the end of the block, or rolls back on any error."""
        with self._turn, Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for queries only; it waits for no writer."""
        with Session(self._reading, expire_on_commit=False) as session:
            yield session

    def answers(self) -> bool:
        """Whether the database answers a question now, within the engine's patience."""
        try:
            with self.reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True
