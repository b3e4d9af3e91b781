"""Erasing what is due: personal columns are emptied, the facts that verdicts and figures rest on stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    MetaData,
    Table,
    and_,
    delete,
    func,
    literal,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Session

from ivr.accounts.access_keeping import erase_oldest_month, months_over
from ivr.keeping.due import VEIL, cutoff, due
from ivr.keeping.record import Deed, note
from ivr.keeping.rules import INDEX_ENDING, Retention, Rule, is_sealed
from ivr.lines.hours import SEOUL, moment_of
from ivr.promises import Promise, promise_all
from ivr.sealing import ERASED, sign

# Short enough that no webhook waits for it, on SQLite too.
PIECE = 200
# At night, when few calls come.
AT_MINUTE = 3 * 60 + 20


@dataclass(frozen=True, slots=True)
class Standing:
    """One class: how many rows are due now, and the moment up to which."""

    rule: Rule
    rows: int
    until: datetime
    at: datetime


def standings(session: Session, retention: Retention, tables: MetaData, *, at: datetime) -> list[Standing]:
    """Every class that is worked through, with what a run at this moment would erase."""
    return [Standing(rule, _count_due(session, rule, tables, at), cutoff(rule, at), at) for rule in retention.worked]


def erase_piece(session: Session, rule: Rule, tables: MetaData, *, at: datetime, by: str) -> int:
    """Erase up to `PIECE` rows of a class, or a month of the access log, and put it down; how many it were."""
    if rule.deed == "months":
        return erase_oldest_month(session, until=cutoff(rule, at), by=by, at=at)
    table = tables.tables[rule.table]
    keys = session.execute(due(rule, tables, at=at).limit(PIECE)).all()
    if not keys:
        return 0
    if rule.deed == "delete":
        for key in keys:
            _delete_with_all_of_it(session, rule, tables, key)
    else:
        columns = [table.c[name] for name in rule.erase]
        also: dict[str, object] = {name: None for name in rule.empty} | ({rule.mark: at} if rule.mark else {})
        for key in keys:
            row = session.execute(select(*(_raw(column) for column in columns)).where(_is(table, key))).one()
            values = {column.name: _erased(session, column, value) for column, value in zip(columns, row, strict=True)}
            session.execute(update(table).where(_is(table, key)).values({**values, **also}))
    note(session, Deed(rule.name, rule.deed, by, cutoff(rule, at), len(keys)), at=at)
    return len(keys)


def promise_keeping(session: Session, *, at: datetime) -> None:
    """Promise the next run: the coming night at 03:20 in Seoul; the same night is the same promise."""
    due_at = next_night(at)
    promise_all(session, [Promise("keep-data", f"keep-data:{due_at.astimezone(SEOUL):%Y%m%d}", due_at)])


def next_night(at: datetime) -> datetime:
    """03:20 in Seoul, the first after a moment."""
    day = at.astimezone(SEOUL).date()
    tonight = moment_of(day, AT_MINUTE)
    return tonight if tonight > at else moment_of(day + timedelta(days=1), AT_MINUTE)


def _count_due(session: Session, rule: Rule, tables: MetaData, at: datetime) -> int:
    if rule.deed == "months":
        return months_over(session, until=cutoff(rule, at))
    return session.scalar(select(func.count()).select_from(due(rule, tables, at=at).subquery())) or 0


def _delete_with_all_of_it(session: Session, rule: Rule, tables: MetaData, key: Sequence[object]) -> None:
    for place in rule.also:
        name, _, refers = place.partition(".")
        theirs = tables.tables[name]
        session.execute(delete(theirs).where(theirs.c[refers] == key[0]))
    table = tables.tables[rule.table]
    session.execute(delete(table).where(_is(table, key)))


def _raw(column: Column[object]) -> Column[object]:
    return type_coerce(column, LargeBinary) if is_sealed(column) else column  # type: ignore[return-value]


def _erased(session: Session, column: Column[object], value: object) -> object:
    if value is None:
        return None
    if column.name.endswith(INDEX_ENDING):
        return veiled(session, str(value))
    return literal(ERASED, LargeBinary) if not column.nullable else None


def veiled(session: Session, index: str) -> str:
    """What stands in the place of a blind index whose number is erased: the same for the same number, found by none."""
    return index if index.startswith(VEIL) else VEIL + sign(session, f"erased-number:{index}")


def _is(table: Table, key: Sequence[object]) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(table.primary_key.columns, key, strict=True)))
