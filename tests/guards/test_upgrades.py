"""A database that was filled under each revision there ever was comes to the newest one with every row."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Engine,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
)

from ivr.sealing import Keyring
from ivr.store import make_engine
from migrations.models import all_tables
from tests.guards.test_migrations import _config
from tests.unit.keeping.filled import value_of

# Sums that a revision makes out of the verdicts that it finds.
MADE_BY_REVISIONS = {"verdict_sum"}
WRITTEN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PLAIN = {DateTime: WRITTEN, Boolean: False, Float: 1.0, JSON: {}, LargeBinary: b"sealed"}


@pytest.fixture
def empty_engine(empty_database_url: str, keyring: Keyring) -> Iterator[Engine]:
    engine = make_engine(empty_database_url, keyring=keyring)
    yield engine
    engine.dispose()


def test_rows_written_under_every_revision_are_there_under_the_newest(empty_engine: Engine) -> None:
    config, written = _config(empty_engine), dict[str, int]()
    revisions = [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()][::-1]
    assert len(revisions) >= 13
    for number, revision in enumerate(revisions):
        command.upgrade(config, revision)
        mark = chr(ord("a") + number)
        for table in _tables(empty_engine):
            with empty_engine.begin() as connection:
                connection.execute(insert(table).values({one.name: _value(one, mark) for one in table.columns}))
            written[table.name] = written.get(table.name, 0) + 1
    with empty_engine.connect() as connection:
        tables = {table.name: table for table in _tables(empty_engine)}
        found = {name: connection.scalar(select(func.count()).select_from(tables[name])) or 0 for name in written}
    lost = {name: rows for name, rows in written.items() if found[name] < rows}
    assert lost == {}
    assert {name for name, rows in written.items() if found[name] > rows} <= MADE_BY_REVISIONS
    assert written["call"] == len(revisions)


def _tables(engine: Engine) -> list[Table]:
    """The tables as they are now, those that others refer to first."""
    known = MetaData()
    known.reflect(engine, only=[name for name in inspect(engine).get_table_names() if name != "alembic_version"])
    return known.sorted_tables


def _value(column: Column[object], mark: str) -> object:
    """A value that fits: a state is one that there is, rows with one mark belong together."""
    for kind, value in PLAIN.items():
        if isinstance(column.type, kind):
            return value
    if isinstance(column.type, Integer):
        return ord(mark)
    if isinstance(column.type, Date):
        return date(2026, 11, ord(mark) - ord("a") + 1)
    if column.name == "line":
        return mark
    model = all_tables().tables.get(column.table.name)
    if model is not None and column.name in model.c:
        return str(value_of(model.c[column.name], at=WRITTEN, mark=mark))
    return mark
