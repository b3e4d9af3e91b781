"""Which rows of a class are due to be erased: old enough, not erased yet, and held by nothing."""

from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    ColumnElement,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    and_,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from ivr.conduct.rows import Incident
from ivr.keeping.holds import HoldKind
from ivr.keeping.rows import LegalHold
from ivr.keeping.rules import INDEX_ENDING, Rule, chain, is_sealed
from ivr.sealing import ERASED

# What a blind index becomes when its number is erased begins so: rows of one person still belong together.
VEIL = "~"


def cutoff(rule: Rule, at: datetime) -> datetime:
    """Rows of the class whose time began at this moment or before are over."""
    return at - timedelta(days=rule.days or 0)


def due(rule: Rule, tables: MetaData, *, at: datetime) -> Select[tuple[object, ...]]:
    """The keys of the rows that are due, in no order.

    Asked for the first of them in the order of the key, PostgreSQL reads the whole table through the key's index.
    """
    table = tables.tables[rule.table]
    steps = chain(rule, tables)
    joined, source = {rule.table: table}, table
    for column, key in steps:
        source = source.join(key.table, column == key, isouter=True)  # type: ignore[assignment]  # a join joins on like a table
        joined[key.table.name] = key.table
    since = rule.since if "." in rule.since else f"{rule.table}.{rule.since}"
    name, _, moment = since.partition(".")
    columns = [column for one in joined.values() for column in one.columns]
    query = select(*table.primary_key.columns).select_from(source)
    query = query.where(joined[name].c[moment] <= cutoff(rule, at), *_unfinished(rule, tables), ~_held(columns))
    for place in rule.also:
        other, _, refers = place.partition(".")
        theirs = tables.tables[other]
        query = query.where(~exists().where(theirs.c[refers] == _first_key(table), _held(list(theirs.columns))))
    if rule.evidence:
        call = joined["call"].c.id
        query = query.where(~exists().where(Incident.call_id == call, Incident.keep_recording))
    if rule.unless:
        other, _, refers = rule.unless.partition(".")
        query = query.where(~exists().where(tables.tables[other].c[refers] == _first_key(table)))
    return query


def _first_key(table: Table) -> Column[object]:
    return next(iter(table.primary_key.columns))


def is_left(column: Column[object]) -> ColumnElement[bool]:
    """Whether a column of a row still holds what is to be erased of it."""
    if is_sealed(column) and not column.nullable:
        return type_coerce(column, LargeBinary) != literal(ERASED, LargeBinary)
    if column.name.endswith(INDEX_ENDING):
        return and_(column.is_not(None), func.substr(column, 1, 1) != VEIL)
    return column.is_not(None)


def _unfinished(rule: Rule, tables: MetaData) -> list[ColumnElement[bool]]:
    table = tables.tables[rule.table]
    left = [is_left(table.c[name]) for name in rule.erase] + [table.c[name].is_not(None) for name in rule.empty]
    return [or_(*left)] if left else []


def _held(columns: list[Column[object]]) -> ColumnElement[bool]:
    hold = aliased(LegalHold)
    whose = [
        and_(hold.kind == kind.value, hold.subject == cast(column, String))
        for column in columns
        if (kind := _kind_of(column)) is not None
    ]
    named = [
        and_(hold.kind == kind.value, column == literal(f"{kind.value}:") + hold.subject)
        for column in columns
        if column.name == "subject"
        for kind in (HoldKind.CALL, HoldKind.CASE)
    ]
    matching = or_(*whose, *named) if whose or named else literal(value=False)
    return exists().where(hold.released_at.is_(None), matching)


def _kind_of(column: Column[object]) -> HoldKind | None:
    """What a hold on the value of this column would be called."""
    if column.name.endswith(INDEX_ENDING):
        return HoldKind.NUMBER
    place = f"{column.table.name}.{column.name}"
    if place == "call.id" or column.name == "call_id":
        return HoldKind.CALL
    if place == "customer_case.id" or column.name == "case_id":
        return HoldKind.CASE
    return HoldKind.LINE if column.name == "line" else None
