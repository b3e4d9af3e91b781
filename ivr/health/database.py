"""The database as an operator sees it: which one, how large, at which schema, and whether its clock is ours."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """`size` in bytes; `schema` is the revision of the tables; `ahead` how far its clock is before ours, None on SQLite
    which has none of its own."""

    name: str
    version: str
    size: int
    schema: str
    ahead: timedelta | None


def database_state(session: Session, *, at: datetime) -> DatabaseState:
    """Ask the database about itself; `at` is the present moment by our clock."""
    schema = _schema(session)
    if session.get_bind().dialect.name == "sqlite":
        version = str(session.scalar(text("SELECT sqlite_version()")))
        pages = int(session.scalar(text("PRAGMA page_count")) or 0)
        return DatabaseState(
            "SQLite", version, pages * int(session.scalar(text("PRAGMA page_size")) or 0), schema, None
        )
    version = str(session.scalar(text("SHOW server_version")))
    size = int(session.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    told: datetime | None = session.scalar(text("SELECT clock_timestamp()"))
    return DatabaseState("PostgreSQL", version, size, schema, told.astimezone(UTC) - at if told else None)


def _schema(session: Session) -> str:
    if not inspect(session.connection()).has_table("alembic_version"):
        return ""
    return str(session.scalar(text("SELECT version_num FROM alembic_version")) or "")
