"""Promises as an operator sees them: how many are due and since when, what failed, and what was kept last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.promises import PromiseRow

# Of so many promises, the newest, it is told what came of them: their ids grow, so no index is needed.
LOOKED_AT = 2_000
SHOWN = 30
# The relay hands out a due promise within a second; what is due for longer waits for a worker, or there is none.
LATE_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Due:
    """Promises of one kind that are due and not kept: how many, since when the oldest, and how many were tried."""

    kind: str
    count: int
    since: datetime
    tried: int

    def is_late(self, at: datetime) -> bool:
        """Whether somebody should look after it."""
        return at - self.since > LATE_AFTER


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of the newest promises of one kind: how many were kept, by what outcome, and when the last one."""

    kind: str
    count: int
    outcomes: Mapping[str, int]
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A promise that was tried in vain: its kind, the kind of error, how often, and when it is tried again."""

    id: int
    kind: str
    outcome: str
    attempts: int
    due_at: datetime


def due_promises(session: Session, *, at: datetime) -> list[Due]:
    """Promises that are due at `at` and not kept, the longest waiting kind first."""
    oldest = func.min(PromiseRow.due_at)
    query = (
        select(PromiseRow.kind, func.count(), oldest, func.count().filter(PromiseRow.attempts > 0))
        .where(PromiseRow.done_at.is_(None), PromiseRow.due_at <= at)
        .group_by(PromiseRow.kind)
        .order_by(oldest)
    )
    return [Due(kind, count, since, tried) for kind, count, since, tried in session.execute(query)]


def kept_promises(session: Session) -> list[Kept]:
    """What came of the newest promises, by kind, the last kept first."""
    newest = select(func.max(PromiseRow.id)).scalar_subquery()
    outcome = func.coalesce(PromiseRow.outcome, "")
    query = (
        select(PromiseRow.kind, outcome, func.count(), func.max(PromiseRow.done_at))
        .where(PromiseRow.id > newest - LOOKED_AT, PromiseRow.done_at.is_not(None))
        .group_by(PromiseRow.kind, outcome)
    )
    found: dict[str, list[tuple[str, int, datetime]]] = {}
    for kind, came, count, last in session.execute(query):
        if last is not None:
            found.setdefault(kind, []).append((came, count, last))
    kinds = [
        Kept(
            kind,
            sum(count for _, count, _ in rows),
            {came: count for came, count, _ in rows if came},
            max(last for _, _, last in rows),
        )
        for kind, rows in found.items()
    ]
    return sorted(kinds, key=lambda kept: kept.last_at, reverse=True)


def troubled_promises(session: Session) -> Sequence[Trouble]:
    """Promises that failed and are not kept yet, the one tried most often first."""
    query = (
        select(PromiseRow)
        .where(PromiseRow.done_at.is_(None), PromiseRow.attempts > 0, PromiseRow.outcome.is_not(None))
        .order_by(PromiseRow.attempts.desc(), PromiseRow.id)
        .limit(SHOWN)
    )
    return [Trouble(row.id, row.kind, row.outcome or "", row.attempts, row.due_at) for row in session.scalars(query)]


def receipts(kept: Sequence[Kept]) -> Mapping[str, int]:
    """What the carrier said to the newest orders: `Accepted`, `Found`, `Rejected`, `Unknown`, and how often."""
    said: dict[str, int] = {}
    for kind in kept:
        for outcome, count in kind.outcomes.items():
            if outcome in {"Accepted", "Found", "Rejected", "Unknown"}:
                said[outcome] = said.get(outcome, 0) + count
    return said
