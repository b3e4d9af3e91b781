"""The pace: places in one shared row of time, spaced so that all diallers together never ring faster than they may."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from ivr.campaigns.rows import Pace
from ivr.promises import insert_for

# No place is given out further ahead than this; whoever needs more asks again.
LEAD = timedelta(seconds=1.5)
# By so much the wall clock may part from the steady one before a place counts for nothing.
CLOCK_STEP_SECONDS = 0.05
# What an order may be late in any case, and at most, in seconds.
LEAST_PATIENCE, MOST_PATIENCE = 0.02, 0.5


def patience(cps: float) -> float:
    """For how long a place is good, in seconds: until the next one. Missed by more, it is lost.

    So no window of a second holds more than the pace and one, however many diallers were held up, and each by how
    long; beyond 50 a second, two per cent and one.
    """
    return min(max(1 / cps, LEAST_PATIENCE), MOST_PATIENCE)


@dataclass(frozen=True, slots=True)
class Sighting:
    """The wall clock and a steady clock (seconds, never set), read together."""

    at: datetime
    steady: float

    def deadline(self, moment: datetime) -> float:
        """When `moment` is, on the steady clock."""
        return self.steady + (moment - self.at).total_seconds()

    def still_holds(self, now: "Sighting") -> bool:
        """Whether the wall clock was not set since: places that were given before a step are given up."""
        stepped = (now.at - self.at).total_seconds() - (now.steady - self.steady)
        return abs(stepped) < CLOCK_STEP_SECONDS


@dataclass(slots=True)
class Row:
    """One row of places under our lock: where it stands, and how far apart its places are."""

    name: str
    interval: timedelta
    next_at: datetime

    def place(self, not_before: datetime) -> datetime:
        """The next place from a moment on."""
        moment = max(self.next_at, not_before)
        self.next_at = moment + self.interval
        return moment

    def room(self, at: datetime) -> int:
        """How many places are left within the lead."""
        first = max(self.next_at, at)
        return max(0, (at + LEAD - first) // self.interval + 1)


def lock(session: Session, name: str, *, cps: float, at: datetime) -> Row:
    """Lock a row of places with `cps` places a second until the transaction ends.

    What lies behind counts as now, so that nothing bursts; what lies further ahead than places are ever given out
    was written before the clock was set back, and is forgotten, so that nothing stalls.
    """
    interval = timedelta(seconds=1 / cps)
    adding = insert_for(session.get_bind().dialect.name, Pace).values(name=name, next_at=at)
    session.execute(adding.on_conflict_do_nothing(index_elements=["name"]))
    stored = session.scalars(_LOCK, {"pace": name}).one()
    return Row(name, interval, max(stored, at) if _is_plausible(stored, interval, at) else at)


def opens_at(session: Session, name: str, *, cps: float, at: datetime) -> datetime:
    """When a row of places has room within the lead, without any lock; `at` where it has now."""
    stored: datetime | None = session.scalar(_STANDS, {"pace": name})
    if stored is None or not _is_plausible(stored, timedelta(seconds=1 / cps), at):
        return at
    return max(at, stored - LEAD)


def _is_plausible(stored: datetime, interval: timedelta, at: datetime) -> bool:
    # Places of several campaigns at once may be given out a little beyond the lead.
    return stored <= at + 2 * LEAD + interval


def keep(session: Session, rows: Sequence[Row]) -> None:
    """Write down how far the places of locked rows are given out."""
    session.connection().execute(_KEEP, [{"pace": row.name, "new_next_at": row.next_at} for row in rows])


_ROWS = cast(Table, Pace.__table__)
_STANDS = select(_ROWS.c.next_at).where(_ROWS.c.name == bindparam("pace"))
_LOCK = _STANDS.with_for_update()
_KEEP = (
    update(_ROWS)
    .where(_ROWS.c.name == bindparam("pace"))
    .values(next_at=bindparam("new_next_at", type_=_ROWS.c.next_at.type))
)


def reserve(session: Session, name: str, *, cps: float, count: int, at: datetime) -> list[datetime]:
    """Reserve up to `count` places of a row, as many as lie within the lead; each belongs to the caller alone."""
    row = lock(session, name, cps=cps, at=at)
    places = [row.place(at) for _ in range(min(count, row.room(at)))]
    keep(session, [row])
    return places
