"""Whether a number was dialled so and so often: worded for each database so that one probe and a million are quick."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, exists, false, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ivr.campaigns.rows import Dial
from ivr.people.rows import Person


class _Worded(FunctionElement[bool]):
    """One condition in two wordings: PostgreSQL hashes the grouped set or probes it, SQLite only probes a count."""

    inherit_cache = True
    name = "dialled_often"
    type = Boolean()


@compiles(_Worded)
def _as_a_set(element: _Worded, compiler: SQLCompiler, **settings: Any) -> str:  # as the compiler passes them
    return compiler.process(next(iter(element.clauses)), **settings)


@compiles(_Worded, "sqlite")
def _as_a_count(element: _Worded, compiler: SQLCompiler, **settings: Any) -> str:  # as the compiler passes them
    return compiler.process(list(element.clauses)[1], **settings)


def dialled_often(counted: Sequence[ColumnElement[bool]], times: int) -> ColumnElement[bool]:
    """Whether the person's number has at least so many dials of those `counted`."""
    often = select(Dial.number_index).where(*counted).group_by(Dial.number_index).having(func.count() >= times)
    grouped = often.subquery()
    as_a_set = exists().where(grouped.c.number_index == Person.number_index).correlate(Person)
    # As a value, so that SQLite has no index for it: it would walk through all dials of a campaign for each person.
    as_a_value = func.coalesce(and_(*counted), false())
    own = select(func.count()).select_from(Dial).where(Dial.number_index == Person.number_index, as_a_value)
    return _Worded(as_a_set, own.correlate(Person).scalar_subquery() >= times)
