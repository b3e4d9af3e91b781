"""The temporary tables through which people come in: nothing of a list is anywhere else until all of it was read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from sqlalchemy import Connection, CursorResult, Executable, bindparam, text

from ivr.audiences.judging import Entry
from ivr.base import Moment
from ivr.store import Store

PIECES: Final = {"sqlite": 5_000, "postgresql": 16_000}
"""How many rows are moved in one transaction: on SQLite, where it keeps every other writer waiting, fewer."""
BATCH: Final = 5_000
BUCKETS: Final = 256
"""An index of numbers is evenly spread hexadecimal digits: by its first two a list falls into parts of like size."""
# What is compared with two digits. Our SQLite sorts in memory alone: there an index is kept while rows come in, whose
# 256 growing places are always at hand; PostgreSQL sorts on disk, and then needs no other sorting.
BUCKET: Final = {"sqlite": "substr(number_index, 1, 2)", "postgresql": "number_index"}
_INDEX_LATER: Final = 'CREATE INDEX import_row_number ON import_row (number_index, "row", part)'
_COLUMNS: Final = ", ".join(f'"{column}"' for column in Entry._fields)
_PLACES: Final = ", ".join("?" for _ in Entry._fields)
_TABLES: Final = """
CREATE {kind}import_row (
    "row" bigint, part integer, number_index text, number {bytes}, name {bytes}, is_callable boolean,
    takes_texts boolean, "group" text, purpose text, channel text, hours text, wording text, how text, evidence text,
    source text, given_at {moment}, expires_at {moment}, notice_due_at {moment}, withdrawn_at {moment}
);
CREATE {kind}import_piece (
    person_id bigint, "row" bigint, part integer, is_callable boolean, "group" text, purpose text, channel text,
    hours text, wording text, how text, evidence text, source text, given_at {moment}, expires_at {moment},
    notice_due_at {moment}, withdrawn_at {moment}, nth bigint, nth_of_kind bigint, nth_consent bigint
);
CREATE INDEX {place}import_piece_person ON import_piece (person_id)
"""
_TYPES: Final = {
    "sqlite": {"kind": "TABLE staging.", "place": "staging.", "bytes": "blob", "moment": "text"},
    "postgresql": {"kind": "TEMPORARY TABLE ", "place": "", "bytes": "bytea", "moment": "timestamptz"},
}
# Pieces find their rows by index; what the tables grow to meanwhile, no statistics could follow.
_SETTINGS: Final = {
    "sqlite": (
        "PRAGMA staging.synchronous = OFF",
        *("PRAGMA staging.cache_size = -8000", "PRAGMA main.cache_size = -16000"),
    ),
    "postgresql": (
        "SET statement_timeout = '300s'",
        *(f"SET enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin")),
        "SET jit = off",
        "SET timezone = 'UTC'",
    ),
}


_END: Final = "g"


@dataclass(frozen=True, slots=True)
class Piece:
    """The rows whose bucket lies from `low` to below `high`: all rows of a number are in one piece."""

    low: str
    high: str


class Staging:
    """One connection with its temporary tables, which go with it, even if the process is killed."""

    def __init__(self, connection: Connection, dialect: str) -> None:
        self._connection = connection
        self._dialect = dialect
        self.count = 0

    def create(self) -> None:
        """Make the tables, and set what their statements need."""
        cursor = self._cursor()
        if self._dialect == "sqlite":
            self._attach(cursor)
        for setting in _SETTINGS[self._dialect]:
            cursor.execute(setting)
        for statement in _TABLES.format(**_TYPES[self._dialect]).split(";"):
            cursor.execute(statement)
        if self._dialect == "sqlite":
            cursor.execute(f"CREATE INDEX staging.import_row_bucket ON import_row ({BUCKET['sqlite']})")
        self._raw().commit()

    def _attach(self, cursor: Any) -> None:  # the driver's own
        """Temporary tables of our SQLite are held in memory, whatever one asks for: a file that nobody else sees."""
        file = Path(f"{self._connection.engine.url.database}.import-{token_hex(8)}")
        cursor.execute("ATTACH ? AS staging", (str(file),))
        cursor.execute("PRAGMA staging.journal_mode = OFF")
        cursor.execute("PRAGMA staging.locking_mode = EXCLUSIVE")
        cursor.execute("CREATE TABLE staging.opened (id)")
        # It is open by now; without a name it is gone with the process, however that ends.
        file.unlink()

    def add(self, entries: Sequence[Entry]) -> None:
        """Put entries into the temporary table, in a transaction of their own that locks nothing of the database."""
        self._connection.execution_options(charterline_reading=True)
        with self._connection.begin():
            self._copy(entries) if self._dialect == "postgresql" else self._insert(entries)
        self.count += len(entries)

    def pieces(self) -> list[Piece]:
        """Cut what was added into pieces of about `PIECES` rows."""
        self._connection.execution_options(charterline_reading=True)
        with self._connection.begin():
            if self._dialect == "postgresql":
                self._connection.execute(text(_INDEX_LATER))
            self._connection.execute(text("ANALYZE import_row"))
        many = min(BUCKETS, -(-self.count // PIECES[self._dialect]))
        cuts = [*(f"{BUCKETS * cut // many:02x}" for cut in range(many)), _END]
        return [Piece(low, high) for low, high in pairwise(cuts)]

    @contextmanager
    def moving(self) -> Iterator["Moving"]:
        """A transaction in which a piece is moved, or nothing of it."""
        self._connection.execution_options(charterline_reading=False)
        with self._connection.begin():
            yield Moving(self._connection, self._dialect)

    def _copy(self, entries: Sequence[Entry]) -> None:
        with self._cursor().copy(f"COPY import_row ({_COLUMNS}) FROM STDIN") as copy:
            for entry in entries:
                copy.write_row(entry)

    def _insert(self, entries: Sequence[Entry]) -> None:
        insert = f"INSERT INTO import_row ({_COLUMNS}) VALUES ({_PLACES})"  # noqa: S608 - names of our own columns
        self._cursor().executemany(insert, entries)

    def _cursor(self) -> Any:  # the driver's own, sqlite3 or psycopg
        return self._raw().cursor()

    def _raw(self) -> Any:  # the same
        return self._connection.connection.dbapi_connection


class Moving:
    """The statements of one transaction."""

    def __init__(self, connection: Connection, dialect: str) -> None:
        self._connection = connection
        self.dialect = dialect

    def run(self, statement: str, **values: object) -> CursorResult[Any]:  # Any: rows of any shape
        """Run a statement; values called `at` are moments."""
        moments = [bindparam("at", type_=Moment)] if "at" in values else []
        return self._connection.execute(text(statement).bindparams(*moments), values)

    def do(self, statement: Executable) -> None:
        """Execute a statement that is not written as text."""
        self._connection.execute(statement)


@contextmanager
def staging(store: Store) -> Iterator[Staging]:
    """A connection taken out of the pool, with the tables; both are gone at the end."""
    connection = store.engine.connect()
    connection.detach()
    own = connection.connection.dbapi_connection
    try:
        made = Staging(connection, store.dialect)
        made.create()
        yield made
    finally:
        connection.close()
        # An interrupt makes SQLAlchemy drop the connection unclosed, and with it the lock of a piece would stay.
        if own is not None:
            own.close()
