"""Telling: a fact is written once with what it promises, and the first telling is always the one answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Delete, Insert, Table, Update, bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from ivr.calls.rows import Fact
from ivr.promises import Promise, insert_for, promise_values, promising


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


# The key of an earlier fact that turned out otherwise.
TAKES_BACK = "takes_back"
_ROWS = cast(Table, Fact.__table__)
_COLUMNS = tuple(field.name for field in fields(Told))


def tell(
    connection: Connection,
    fact: Told,
    *,
    promises: Sequence[Promise] = (),
    rows: Sequence[Insert | Update | Delete] = (),
) -> Told:
    """Keep `fact` with its promises and rows; return what was told first under this key.

    In plain words: carry out each of `rows` and write each promise unless it is there; add the fact, or,
    where the event was told before, give back that first telling. The `rows` run in both cases, so each must
    change nothing when it is repeated, even late. On PostgreSQL this is one statement,
    which is why it is safe to send outside a transaction; on SQLite the caller's transaction holds it.
    """
    dialect = connection.dialect.name
    values = {f"fact_{name}": getattr(fact, name) for name in _COLUMNS}
    if dialect == "sqlite":
        for row in rows:
            connection.execute(row)
        for promise in promises:
            connection.execute(promising(dialect), promise_values(promise))
        return Told(*connection.execute(_telling(dialect, 0), values).one())
    statement = _telling(dialect, len(promises))
    for number, promise in enumerate(promises):
        values |= promise_values(promise, number)
    for number, row in enumerate(rows):
        statement = statement.add_cte(row.cte(f"row_{number}"))
    return Told(*connection.execute(statement, values).one())


@lru_cache(maxsize=16)
def _telling(dialect: str, promises: int) -> ReturningInsert[*tuple[Any, ...]]:
    """The statement of `tell`, built once: building it anew would be a third of a step."""
    columns = Fact.__table__.c
    statement = (
        insert_for(dialect, Fact)
        .values({name: bindparam(f"fact_{name}", type_=columns[name].type) for name in _COLUMNS})
        .on_conflict_do_update(index_elements=["subject", "key"], set_={"kind": columns["kind"]})
        .returning(*(columns[name] for name in _COLUMNS))
    )
    for number in range(promises):
        statement = statement.add_cte(promising(dialect, number).cte(f"promise_{number}"))
    return statement


# As plain columns: everything told about a call is read again with every step.
_OF_SUBJECT = (
    select(*(_ROWS.c[name] for name in _COLUMNS))
    .where(_ROWS.c.subject == bindparam("subject"))
    .order_by(_ROWS.c.received_at, _ROWS.c.key)
)


def facts_of(session: Session, subject: str) -> list[Told]:
    """Everything told about a subject, in the order in which it arrived."""
    return as_corrected([Told(*row) for row in session.execute(_OF_SUBJECT, {"subject": subject})])


def as_corrected(facts: list[Told]) -> list[Told]:
    """The facts of one subject; each that another one takes back is marked with that one's kind."""
    taken_back = {str(fact.detail[TAKES_BACK]): fact.kind for fact in facts if TAKES_BACK in fact.detail}
    if not taken_back:
        return facts
    return [
        replace(fact, detail={**fact.detail, taken_back[fact.key]: True}) if fact.key in taken_back else fact
        for fact in facts
    ]
