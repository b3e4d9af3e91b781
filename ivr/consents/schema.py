"""What the database itself refuses: changing or deleting an entry of the ledger. For `create_all` and migrations."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import DDL, Table, event

from ivr.consents.rows import Consent, Withdrawal

_LEDGER = (Consent, Withdrawal)
_WORDS = "the ledger of consents only grows: add a withdrawal or a new consent instead"


def _sqlite(table: str) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END"
        for verb in ("UPDATE", "DELETE")
    )


_FUNCTION = f"""
CREATE OR REPLACE FUNCTION ledger_only_grows() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN RAISE EXCEPTION USING MESSAGE = ''{_WORDS}'', ERRCODE = ''restrict_violation''; END'
""".strip()


def _postgresql(table: str) -> tuple[str, ...]:
    # For each statement, not each row: a million rows written cost nothing, and it refuses even what finds no row.
    trigger = f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table} FOR EACH STATEMENT "
    return (_FUNCTION, trigger + "EXECUTE FUNCTION ledger_only_grows()")


# By dialect and table, in the order in which they are carried out once the table is there.
STATEMENTS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "sqlite": {row.__tablename__: _sqlite(row.__tablename__) for row in _LEDGER},
    "postgresql": {row.__tablename__: _postgresql(row.__tablename__) for row in _LEDGER},
}

for _row in _LEDGER:
    for _dialect, _tables in STATEMENTS.items():
        for _statement in _tables[_row.__tablename__]:
            _ddl = DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect)  # type: ignore[no-untyped-call]
            event.listen(cast(Table, _row.__table__), "after_create", _ddl)
