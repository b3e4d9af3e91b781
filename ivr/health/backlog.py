"""What is due and not kept, in numbers that cost the same however much it is: for figures that are read all day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.promises import PromiseRow

# Beyond so many, the oldest, it is only known that there are more.
COUNTED = 5_000


@dataclass(frozen=True, slots=True)
class Owed:
    """Promises of one kind that are due at a moment: how many, and for how long the oldest of them is."""

    kind: str
    count: int
    oldest: timedelta


@dataclass(frozen=True, slots=True)
class Backlog:
    """What is due by kind, of the oldest 5,000; and for how long the oldest waits that no relay has handed out."""

    owed: Sequence[Owed]
    not_handed_out: timedelta


def backlog_of(session: Session, *, at: datetime) -> Backlog:
    """What is due at `at` (aware) and not kept."""
    due = select(PromiseRow.kind, PromiseRow.due_at, PromiseRow.handed_at)
    due = due.where(PromiseRow.done_at.is_(None), PromiseRow.due_at <= at).order_by(PromiseRow.due_at).limit(COUNTED)
    oldest = due.subquery()
    unhanded = func.min(oldest.c.due_at).filter(oldest.c.handed_at.is_(None))
    query = select(oldest.c.kind, func.count(), func.min(oldest.c.due_at), unhanded).group_by(oldest.c.kind)
    rows = session.execute(query.order_by(oldest.c.kind)).all()
    waiting = [first for *_, first in rows if first is not None]
    owed = [Owed(kind, count, at - since) for kind, count, since, _ in rows]
    return Backlog(owed, at - min(waiting) if waiting else timedelta())
