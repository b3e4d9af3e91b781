"""The migrations lead to the models, on both databases, up and down, and there is one newest revision."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData, Table, insert, inspect, select, text
from sqlalchemy.orm import Session

from ivr.messages.rows import Message
from ivr.messages.states import RANK, MessageState
from ivr.sealing import Keyring
from ivr.store import make_engine
from migrations.models import all_tables
from tests.guards.tree import ROOT


@pytest.fixture
def empty_engine(empty_database_url: str, keyring: Keyring) -> Iterator[Engine]:
    engine = make_engine(empty_database_url, keyring=keyring)
    yield engine
    engine.dispose()


def test_there_is_one_newest_revision() -> None:
    assert len(ScriptDirectory.from_config(_config()).get_heads()) == 1


def test_migrations_and_models_describe_the_same_tables(empty_engine: Engine) -> None:
    command.upgrade(_config(empty_engine), "head")
    with empty_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, all_tables()) == []


def test_migrations_and_models_have_the_same_triggers(empty_engine: Engine) -> None:
    command.upgrade(_config(empty_engine), "head")
    migrated = _triggers(empty_engine)
    command.downgrade(_config(empty_engine), "base")
    all_tables().create_all(empty_engine)
    assert migrated == _triggers(empty_engine)
    assert migrated


def test_every_revision_can_be_taken_back_and_applied_again(empty_engine: Engine) -> None:
    config = _config(empty_engine)
    command.upgrade(config, "head")
    tables = set(inspect(empty_engine).get_table_names())
    command.downgrade(config, "base")
    assert set(inspect(empty_engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(config, "head")
    assert set(inspect(empty_engine).get_table_names()) == tables


def test_messages_written_before_keep_their_call_and_an_hour_of_worth(empty_engine: Engine) -> None:
    config = _config(empty_engine)
    command.upgrade(config, "0005")
    written = datetime(2026, 11, 23, 1, 59, 30, tzinfo=UTC)
    with empty_engine.begin() as connection:
        for name, row in {"call": _old_call(written), "message": _old_message(written)}.items():
            connection.execute(insert(Table(name, MetaData(), autoload_with=connection)).values(row))
    command.upgrade(config, "head")
    with Session(empty_engine) as session:
        plain = (Message.call_id, Message.subject, Message.attempts, Message.rank, Message.worth_until)
        message = session.execute(select(*plain).where(Message.id == "c1-receipt")).one()
    assert (message.call_id, message.subject, message.attempts) == ("c1", "call:c1", 0)
    assert message.rank == RANK[MessageState.DELIVERED]
    assert message.worth_until == written + timedelta(hours=1)


def _old_call(at: datetime) -> dict[str, object]:
    return {
        "id": "c1",
        "line": "kibo",
        "carrier_sid": "CA1",
        "dialled": "+827010000001",
        "receipt_number": "1123-AAAAAA",
        "arrived_at": at,
    }


def _old_message(at: datetime) -> dict[str, object]:
    return {
        "id": "c1-receipt",
        "call_id": "c1",
        "line": "kibo",
        "template": "receipt/1",
        "recipient": b"sealed",
        "recipient_index": "index",
        "body": b"sealed",
        "written_at": at,
        "state": "delivered",
        "rank": 4,
    }


def _triggers(engine: Engine) -> set[tuple[str, ...]]:
    """What the database sees to, in its own words, without spaces and breaks."""
    query = {
        "sqlite": "SELECT name, sql, '' FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": (
            "SELECT tgname, pg_get_triggerdef(t.oid), prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT tgisinternal"
        ),
    }[engine.dialect.name]
    with engine.connect() as connection:
        return {tuple("".join(str(part).split()) for part in row) for row in connection.execute(text(query))}


def _config(engine: Engine | None = None) -> Config:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["engine"] = engine
    return config
