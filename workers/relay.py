"""The relay: finds promises that are due and hands their ids to the queues; the database is the memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias

import structlog
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

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
        with self.store.transaction() as session:
            due = _claim(session, at)
        for number, (promise_id, kind) in enumerate(due):
            try:
                self.hand(KINDS[kind].queue if kind in KINDS else CHORES, promise_id)
            except Exception:
                self._give_back([promise_id for promise_id, _ in due[number:]])
                raise
        return len(due)

    def next_due(self) -> datetime | None:
        """When there is next something to hand out, for the first time or again."""
        undone = PromiseRow.done_at.is_(None)
        with self.store.reading() as session:
            due = session.scalar(select(func.min(PromiseRow.due_at)).where(undone, PromiseRow.handed_at.is_(None)))
            handed = session.scalar(select(func.min(PromiseRow.handed_at)).where(undone))
        again = handed + HAND_AGAIN_AFTER if handed else None
        return min((moment for moment in (due, again) if moment is not None), default=None)

    def _give_back(self, promise_ids: Sequence[int]) -> None:
        with self.store.transaction() as session:
            session.execute(
                update(PromiseRow)
                .where(PromiseRow.id.in_(promise_ids), PromiseRow.done_at.is_(None))
                .values(handed_at=None)
            )


def _claim(session: Session, at: datetime) -> list[tuple[int, str]]:
    rows = session.execute(
        select(PromiseRow.id, PromiseRow.kind)
        .where(PromiseRow.done_at.is_(None), PromiseRow.due_at <= at)
        .where(or_(PromiseRow.handed_at.is_(None), PromiseRow.handed_at <= at - HAND_AGAIN_AFTER))
        .order_by(PromiseRow.due_at, PromiseRow.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    if rows:
        session.execute(update(PromiseRow).where(PromiseRow.id.in_([row.id for row in rows])).values(handed_at=at))
    return [(row.id, row.kind) for row in rows]
