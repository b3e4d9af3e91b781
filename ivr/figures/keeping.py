"""Rows of figures kept: read calls again from their facts, bring their rows into line, say which days changed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from ivr.calls.rows import Call
from ivr.charters.reading_calls import views_of
from ivr.charters.view import CallView
from ivr.figures.reading import Row, draw
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.lines.model import Line
from ivr.promises import PROMISED, Promise, PromiseRow, insert_for

TABLES: Mapping[str, Table] = {
    "call_id": cast(Table, CallFigure.__table__),
    "offer_id": cast(Table, OfferFigure.__table__),
}
"""The raw tables, by the name of their key."""

LineDay = tuple[str, date]
# A day's sums are not made anew for every call: within this time all changes of a day are one.
TALLY_AFTER = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many rows came out otherwise than they stood, and the days of lines whose sums they change."""

    changed: int
    days: frozenset[LineDay]


def keep_figures(session: Session, call_ids: Sequence[str], *, line: Line) -> Kept:
    """Bring the rows of these calls of one line into line, in the session's transaction; calls going on have none."""
    ended = list(
        session.scalars(
            select(Call.id)
            .where(Call.id.in_(call_ids), Call.line == line.id, Call.ended_at.is_not(None))
            .order_by(Call.id)
            .with_for_update(key_share=True)
        )
    )
    return keep_views(session, views_of(session, ended, line=line, repeat_days=line.figures.repeat_days))


def keep_views(session: Session, views: Sequence[CallView]) -> Kept:
    """The same of ended calls that were read already, under their locks and with the later calls of all repeat days."""
    drawn = [draw(view) for view in views]
    rows = {
        "call_id": [each.call for each in drawn],
        "offer_id": [offer for each in drawn for offer in each.offers],
    }
    changed = [row for key, fresh in rows.items() for row in _replace(session, key, [view.id for view in views], fresh)]
    return Kept(len({_name(row) for row in changed}), frozenset(map(_day, changed)))


def _replace(session: Session, key: str, call_ids: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """Write what came out otherwise; returns those rows, as they were and as they are."""
    table = TABLES[key]
    stored: defaultdict[str, Row] = defaultdict(dict)
    for found in session.execute(select(*table.columns).where(table.c.call_id.in_(call_ids))).mappings():
        stored[found[key]] = {str(name): value for name, value in found.items()}
    fresh = {str(row[key]): row for row in rows}
    gone = [row for id, row in stored.items() if row != fresh.get(id)]
    new = [row for id, row in fresh.items() if row != stored.get(id)]
    if gone:
        session.execute(delete(table).where(table.c[key].in_([row[key] for row in gone])))
    if new:
        session.execute(insert(table), new)
    return [*gone, *new]


def _name(row: Row) -> str:
    return str(row.get("offer_id") or row["call_id"])


def _day(row: Row) -> LineDay:
    return str(row["line"]), cast(date, row["day"])


def promise_tallies(session: Session, days: frozenset[LineDay], at: datetime) -> None:
    """Promise new sums for these days, one promise for each: one that was kept is opened again.

    Opening it waits for a worker who is keeping it just now, so that no change falls between two sums.
    """
    for line, day in sorted(days):
        promise = Promise("tally", f"tally:{line}:{day}", at + TALLY_AFTER, {"line": line, "day": day.isoformat()})
        values = {"kind": promise.kind, "key": promise.key, "due_at": promise.due_at, "args": dict(promise.args)}
        again = {"due_at": promise.due_at, "handed_at": None, "started_at": None, "done_at": None, "attempts": 0}
        session.execute(
            insert_for(session.get_bind().dialect.name, PromiseRow)
            .values(**values, attempts=0)
            .on_conflict_do_update(
                index_elements=["key"],
                set_=again,
                where=PromiseRow.done_at.is_not(None),
            )
        )
        session.info[PROMISED] = True
