"""The relay: finds promises that are due and hands their ids to the queues; the database is the memory."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias, cast

import structlog
from sqlalchemy import Connection, Row, Select, Table, and_, bindparam, func, or_, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from ivr.base import Moment
from ivr.promises import PromiseRow
from ivr.store import Store
from workers.kinds import CHORES, KINDS

# What was handed out and not finished by then is handed out again: a worker waits so long for the carrier at most.
HAND_AGAIN_AFTER = timedelta(seconds=30)
# While nothing waits on a queue, what was handed out and not even started by then was lost with a process.
LOST_AFTER = timedelta(seconds=1.5)
BATCH = 200
# More is not put on one queue: what waits in the database is not handed out twice, and the oldest of it comes first.
FULL = 200
LOOK_AGAIN = timedelta(seconds=0.2)
Hand: TypeAlias = Callable[[str, int], None]
Waiting: TypeAlias = Callable[[], Mapping[str, int] | None]

log = structlog.get_logger(__name__)


def _nobody_knows() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Relay:
    """One pass at a time: `hand(queue, id)` puts an id on a queue and raises when that cannot be done.

    `waiting` says how many wait on each queue: only where none does may what was not started be called lost, and a
    queue that is full gets no more.
    """

    store: Store
    hand: Hand
    waiting: Waiting = _nobody_knows

    def hand_due(self, at: datetime) -> int:
        """Hand out everything due; returns how many. Two relays at once are harmless."""
        return self.hand_or_look(at)[0]

    def hand_or_look(self, at: datetime) -> tuple[int, datetime | None]:
        """Hand out everything due and say how many; where nothing is due, say when something will be."""
        waiting = self.waiting()
        lost_after = LOST_AFTER if waiting is not None and not any(waiting.values()) else HAND_AGAIN_AFTER
        held = _kinds_of([queue for queue, count in (waiting or {}).items() if count >= FULL])
        moments = {"at": at, "again": at - HAND_AGAIN_AFTER, "lost": at - lost_after, "held": held}
        with self.store.statement() as connection:
            # Asked first: most looks find nothing, and claiming takes locks.
            next_due = _next_due(connection, at, lost_after)
            due = _in_order(connection.execute(_CLAIM, moments)) if next_due is not None and next_due <= at else []
        if due:
            next_due = None
        if held and next_due is not None:
            next_due = max(next_due, at + LOOK_AGAIN)
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


def _kinds_of(queues: Sequence[str]) -> list[str]:
    return [name for name, kind in KINDS.items() if kind.queue in queues]


def _claiming() -> ReturningUpdate[Any]:
    """Mark what is due as handed out, the oldest first, in one statement; other relays' rows are passed over."""
    due = (
        select(_ROWS.c.id)
        .where(_ROWS.c.done_at.is_(None), _ROWS.c.due_at <= _AT)
        .where(_ROWS.c.kind.not_in(bindparam("held", expanding=True)))
        .where(
            or_(
                _ROWS.c.handed_at.is_(None),
                _ROWS.c.handed_at <= bindparam("again", type_=Moment),
                and_(_UNSTARTED, _ROWS.c.handed_at <= bindparam("lost", type_=Moment)),
            )
        )
        .order_by(_ROWS.c.due_at, _ROWS.c.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = update(_ROWS).where(_ROWS.c.id.in_(select(due.c.id))).values(handed_at=_AT)
    return claimed.returning(_ROWS.c.id, _ROWS.c.kind, _ROWS.c.due_at)


def _looking() -> Select[Any]:
    """When the next is due, and when the first was handed out, of all and of those not started.

    What was handed out was due: saying so lets the index on `due_at` answer, however much is promised for later.
    """
    due = select(func.min(_ROWS.c.due_at)).where(_ROWS.c.done_at.is_(None), _ROWS.c.handed_at.is_(None))
    handed = select(func.min(_ROWS.c.handed_at)).where(_ROWS.c.done_at.is_(None), _ROWS.c.due_at <= _AT)
    unstarted = handed.where(_UNSTARTED)
    return select(due.scalar_subquery(), handed.scalar_subquery(), unstarted.scalar_subquery())


def _next_due(connection: Connection, at: datetime, lost_after: timedelta) -> datetime | None:
    """When there is next something to hand out, for the first time or again, as it looks at the moment `at`."""
    due, handed, unstarted = connection.execute(_NEXT, {"at": at}).one()
    again = handed + HAND_AGAIN_AFTER if handed else None
    lost = unstarted + lost_after if unstarted else None
    return min((moment for moment in (due, again, lost) if moment is not None), default=None)


def _in_order(rows: Iterable[Row[Any]]) -> list[tuple[int, str]]:
    return [(row.id, row.kind) for row in sorted(rows, key=lambda row: (row.due_at, row.id))]


_ROWS = cast(Table, PromiseRow.__table__)
_AT = bindparam("at", type_=Moment)
# A worker that has begun an order wrote that down as handed out at this same moment.
_UNSTARTED = _ROWS.c.started_at.is_distinct_from(_ROWS.c.handed_at)
# Built once: the relay asks these all day long.
_CLAIM, _NEXT = _claiming(), _looking()
