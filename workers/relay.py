"""The relay: finds promises that are due and hands their ids to the queues; the database is the memory."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias, cast

import structlog
from sqlalchemy import Connection, Row, Select, Table, bindparam, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from ivr.base import Moment
from ivr.promises import PromiseRow
from ivr.store import Store
from workers.kinds import CHORES, KINDS

# What was handed out and not started or finished by then is handed out again.
HAND_AGAIN_AFTER = timedelta(seconds=30)
BATCH = 200
Hand: TypeAlias = Callable[[str, int], None]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Relay:
    """One pass at a time: `hand(queue, id)` puts an id on a queue and raises when that cannot be done."""

    store: Store
    hand: Hand

    def hand_due(self, at: datetime) -> int:
        """Hand out everything due; returns how many. Two relays at once are harmless."""
        return self.hand_or_look(at)[0]

    def hand_or_look(self, at: datetime) -> tuple[int, datetime | None]:
        """Hand out everything due and say how many; where nothing is due, say when something will be."""
        with self.store.statement() as connection:
            due = _in_order(connection.execute(_CLAIM, {"at": at, "again": at - HAND_AGAIN_AFTER}))
            next_due = None if due else _next_due(connection, at)
        self._hand_all(due)
        return len(due), next_due

    def _hand_all(self, due: Sequence[tuple[int, str]]) -> None:
        for number, (promise_id, kind) in enumerate(due):
            try:
                self.hand(KINDS[kind].queue if kind in KINDS else CHORES, promise_id)
            except Exception:
                self._give_back([promise_id for promise_id, _ in due[number:]])
                raise

    def _give_back(self, promise_ids: Sequence[int]) -> None:
        with self.store.transaction() as session:
            session.execute(
                update(PromiseRow)
                .where(PromiseRow.id.in_(promise_ids), PromiseRow.done_at.is_(None))
                .values(handed_at=None)
            )


def _claiming() -> ReturningUpdate[Any]:
    """Mark what is due as handed out, the oldest first, in one statement; other relays' rows are passed over."""
    due = (
        select(_ROWS.c.id)
        .where(_ROWS.c.done_at.is_(None), _ROWS.c.due_at <= _AT)
        .where(or_(_ROWS.c.handed_at.is_(None), _ROWS.c.handed_at <= bindparam("again", type_=Moment)))
        .order_by(_ROWS.c.due_at, _ROWS.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = update(_ROWS).where(_ROWS.c.id.in_(select(due.c.id))).values(handed_at=_AT)
    return claimed.returning(_ROWS.c.id, _ROWS.c.kind, _ROWS.c.due_at)


def _looking() -> Select[Any]:
    """When the next is due, and when the first was handed out that may have to be handed out again.

    What was handed out was due: saying so lets the index on `due_at` answer, however much is promised for later.
    """
    due = select(func.min(_ROWS.c.due_at)).where(_ROWS.c.done_at.is_(None), _ROWS.c.handed_at.is_(None))
    handed = select(func.min(_ROWS.c.handed_at)).where(_ROWS.c.done_at.is_(None), _ROWS.c.due_at <= _AT)
    return select(due.scalar_subquery(), handed.scalar_subquery())


def _next_due(connection: Connection, at: datetime) -> datetime | None:
    """When there is next something to hand out, for the first time or again, as it looks at the moment `at`."""
    due, handed = connection.execute(_NEXT, {"at": at}).one()
    again = handed + HAND_AGAIN_AFTER if handed else None
    return min((moment for moment in (due, again) if moment is not None), default=None)


def _in_order(rows: Iterable[Row[Any]]) -> list[tuple[int, str]]:
    return [(row.id, row.kind) for row in sorted(rows, key=lambda row: (row.due_at, row.id))]


_ROWS = cast(Table, PromiseRow.__table__)
_AT = bindparam("at", type_=Moment)
# Built once: the relay asks these all day long.
_CLAIM, _NEXT = _claiming(), _looking()
