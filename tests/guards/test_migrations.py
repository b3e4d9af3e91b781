"""The migrations lead to the models, on both databases, up and down, and there is one newest revision."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect

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


def test_every_revision_can_be_taken_back_and_applied_again(empty_engine: Engine) -> None:
    config = _config(empty_engine)
    command.upgrade(config, "head")
    tables = set(inspect(empty_engine).get_table_names())
    command.downgrade(config, "base")
    assert set(inspect(empty_engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(config, "head")
    assert set(inspect(empty_engine).get_table_names()) == tables


def _config(engine: Engine | None = None) -> Config:
    config = Config(toml_file=str(ROOT / "pyproject.toml"))
    config.attributes["engine"] = engine
    return config
