"""Telling: a fact is written once with what it promises, and the first telling is always the one answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Insert, Update, select
from sqlalchemy.orm import Session

from ivr.calls.rows import Fact
from ivr.promises import Promise, insert_for, promising


@dataclass(frozen=True, slots=True)
class Told:
    """A fact about `subject` (a call's or a message's id). `key` names the event, not the request."""

    subject: str
    key: str
    kind: str
    leg: str
    received_at: datetime
    sid: str | None = None
    said_at: datetime | None = None
    sequence: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)


_COLUMNS = tuple(getattr(Fact, field.name) for field in fields(Told))


def tell(
    connection: Connection,
    fact: Told,
    *,
    promises: Sequence[Promise] = (),
    rows: Sequence[Insert | Update] = (),
) -> Told:
    """Keep `fact` with its promises and rows; return what was told first under this key.

    In plain words: add each row and promise unless it is there; add the fact, or, where the event was
    told before, touch nothing and give back that first telling. On PostgreSQL this is one statement,
    which is why it is safe to send outside a transaction; on SQLite the caller's transaction holds it.
    """
    dialect = connection.dialect.name
    telling = (
        insert_for(dialect, Fact)
        .values(**{field.name: getattr(fact, field.name) for field in fields(Told)})
        .on_conflict_do_update(index_elements=["subject", "key"], set_={"kind": Fact.kind})
        .returning(*_COLUMNS)
    )
    also = [*rows, *(promising(dialect, promise) for promise in promises)]
    if dialect == "sqlite":
        for statement in also:
            connection.execute(statement)
    else:
        for number, statement in enumerate(also):
            telling = telling.add_cte(statement.cte(f"also_{number}"))
    return Told(*connection.execute(telling).one())


def facts_of(session: Session, subject: str) -> list[Told]:
    """Everything told about a subject, in the order in which it arrived."""
    rows = session.scalars(select(Fact).where(Fact.subject == subject).order_by(Fact.received_at, Fact.key)).all()
    return [Told(**{column.key: getattr(row, column.key) for column in _COLUMNS}) for row in rows]
