"""Rows that many tests begin with: written once in a process for each kind of database, and put back afterwards."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

from tests.store_fixtures.databases import filled_tables

Value = TypeVar("Value")
COUNTERS = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()"


@dataclass
class _Kept:
    value: Any  # Any: whatever the writing gave
    rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)  # Any: as SQLite stores them
    copies: dict[str, bytes] = field(default_factory=dict)
    counters: list[tuple[str, int | None]] = field(default_factory=list)


_known: dict[tuple[str, str], _Kept] = {}


def prepared(engine: Engine, name: str, write: Callable[[], Value]) -> Value:
    """Fill an empty database as `write` does; returns what `write` gave, which must not hold on to the database."""
    key = (name, engine.dialect.name)
    if key in _known:
        with engine.begin() as connection:
            _put_back(connection, _known[key])
    else:
        kept = _Kept(write())
        with engine.begin() as connection:
            _take(connection, kept)
        _known[key] = kept
    given: Value = _known[key].value
    return given


def _take(connection: Connection, kept: _Kept) -> None:
    filled = filled_tables(connection)
    if connection.dialect.name == "sqlite":
        for name in filled:
            kept.rows[name] = [tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')]
        return
    kept.counters = [(counter, last) for counter, last in connection.exec_driver_sql(COUNTERS)]
    for name in filled:
        with connection.connection.cursor().copy(f'COPY "{name}" TO STDOUT') as copy:
            kept.copies[name] = b"".join(bytes(part) for part in copy)


def _put_back(connection: Connection, kept: _Kept) -> None:
    if connection.dialect.name == "sqlite":
        # What was taken was whole; only in between it is not.
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for name, rows in kept.rows.items():
            marks = ", ".join("?" * len(rows[0]))
            connection.exec_driver_sql(f'INSERT INTO "{name}" VALUES ({marks})', rows)
        return
    cursor = connection.connection.cursor()
    cursor.execute("SET LOCAL session_replication_role = replica")
    for name, copied in kept.copies.items():
        with cursor.copy(f'COPY "{name}" FROM STDIN') as copy:
            copy.write(copied)
    for counter, last in kept.counters:
        if last is not None:
            cursor.execute("SELECT setval(%s::regclass, %s)", (f'"{counter}"', last))
