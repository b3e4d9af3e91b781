"""How Alembic meets our database: with the engine it is handed, else with CHARTERLINE_DATABASE_URL."""

import os
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Engine, TypeDecorator, create_engine, text

from migrations.models import all_tables

# A migration that cannot get its lock soon gives up instead of holding the hotline.
LOCK_TIMEOUT = "SET LOCAL lock_timeout = '4s'"
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(15441120)"


def _engine() -> Engine:
    handed: Engine | None = context.config.attributes.get("engine")
    if handed is not None:
        return handed
    url = os.environ.get("CHARTERLINE_DATABASE_URL")
    if not url:
        raise SystemExit("Set CHARTERLINE_DATABASE_URL to the database that Alembic shall work on.")
    return create_engine(url)


def _render(kind: str, item: object, _context: Any) -> str | Literal[False]:  # Any: Alembic's own
    # A revision must stay readable when our types move, so it names the plain column type.
    if kind == "type" and isinstance(item, TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def _run(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        render_as_batch=is_sqlite,
        compare_type=True,
        compare_server_default=True,
        render_item=_render,
    )
    with context.begin_transaction():
        if not is_sqlite:
            connection.execute(text(LOCK_TIMEOUT))
            connection.execute(text(ONE_AT_A_TIME))
        context.run_migrations()


def _without_foreign_keys(connection: Connection) -> None:
    # SQLite changes a table by copying it; with foreign keys on, dropping the old one deletes its children.
    driver: Any = connection.connection.dbapi_connection  # Any: each driver has its own class
    driver.execute("PRAGMA foreign_keys=OFF")


if context.is_offline_mode():
    raise SystemExit("Offline mode is not supported: some revisions look at the database.")
with _engine().connect() as opened:
    if opened.dialect.name == "sqlite":
        _without_foreign_keys(opened)
    _run(opened)
    opened.commit()
    if opened.dialect.name == "sqlite":
        opened.invalidate()
