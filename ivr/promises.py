"""Promises: what must happen later or outside, written as a row in the transaction of its cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Index,
    Insert,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    literal,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from ivr.base import Base, Moment

# Set on a session that made promises: the relay should look once it has committed.
PROMISED = "promised"
UNDONE = text("done_at IS NULL")


class PromiseRow(Base):
    """One promise: kept exactly once, found by the relay when due and handed to a worker."""

    __tablename__ = "promise"
    __table_args__ = (Index("ix_promise_due", "due_at", postgresql_where=UNDONE, sqlite_where=UNDONE),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    key: Mapped[str] = mapped_column(String(160), unique=True)
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    due_at: Mapped[datetime] = mapped_column(Moment)
    handed_at: Mapped[datetime | None] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise to be written: `key` makes it unique, `args` carry row ids only, never a phone number."""

    kind: str
    key: str
    due_at: datetime
    args: Mapping[str, str | int] = field(default_factory=dict)


def insert_for(dialect: str, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, in the words of the database in use."""
    rows = cast(Table, table.__table__)
    return sqlite.insert(rows) if dialect == "sqlite" else postgresql.insert(rows)


@lru_cache(maxsize=64)
def promising(dialect: str, number: int = 0) -> Insert:
    """The statement that writes a promise, or leaves the one with the same key as it is.

    Built once; `number` tells several promises of one statement apart, here and in `promise_values`.
    """
    table = PromiseRow.__table__
    columns = ("kind", "key", "due_at", "args", "attempts")
    values = {name: bindparam(f"promise_{number}_{name}", type_=table.c[name].type) for name in columns}
    return insert_for(dialect, PromiseRow).values(values).on_conflict_do_nothing(index_elements=["key"])


def promise_values(promise: Promise, number: int = 0) -> dict[str, object]:
    """The values of `promise` for the statement of the same number."""
    values = {
        "kind": promise.kind,
        "key": promise.key,
        "due_at": promise.due_at,
        "args": dict(promise.args),
        "attempts": 0,
    }
    return {f"promise_{number}_{name}": value for name, value in values.items()}


def promise_unless(dialect: str, promise: Promise, known: ColumnElement[bool]) -> Insert:
    """The statement that writes a promise where `known` does not hold and the key is not there yet."""
    table = cast(Table, PromiseRow.__table__)
    values = {
        "kind": promise.kind,
        "key": promise.key,
        "due_at": promise.due_at,
        "args": dict(promise.args),
        "attempts": 0,
    }
    columns = [literal(value, type_=table.c[name].type) for name, value in values.items()]
    return (
        insert_for(dialect, PromiseRow)
        .from_select(list(values), select(*columns).where(~known))
        .on_conflict_do_nothing(index_elements=["key"])
    )


def promise_all(session: Session, promises: Sequence[Promise]) -> None:
    """Write promises in the session's transaction; the same key twice is the same promise."""
    dialect = session.get_bind().dialect.name
    if promises:
        session.info[PROMISED] = True
    for promise in promises:
        session.execute(promising(dialect), promise_values(promise))
