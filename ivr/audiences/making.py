"""The making of a list: everything is read first, then moved piece by piece, then the list is ready, or abandoned."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from sqlalchemy import delete, update

from ivr.audiences.judging import Entry
from ivr.audiences.moves import AUDIENCE_MOVES, AudienceEvent
from ivr.audiences.moving import Goal, move
from ivr.audiences.rows import Audience, AudienceState, Origin
from ivr.audiences.staging import BATCH, Staging, staging
from ivr.audiences.tally import Tally
from ivr.base import Refused, moved
from ivr.consents.working_through import promise_working_through
from ivr.store import Store

MOST_ROWS: Final = 2_000_000


class NothingToTake(ValueError):
    """A source of which nobody comes onto the list, or far too many; nothing of it is kept."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What list is made: for which line, under what name, where from, and by whom."""

    line: str
    name: str
    origin: Origin
    source: str
    by: str


@dataclass(frozen=True, slots=True)
class Watch:
    """What the making is watched by: the clock, who is told (moved, of all), and the most rows that are taken."""

    clock: Callable[[], datetime]
    progress: Callable[[int, int], None] = field(default=lambda _done, _total: None)
    most_rows: int = MOST_ROWS


def make(store: Store, listing: Listing, entries: Iterable[Entry], *, tally: Tally, watch: Watch) -> int:
    """Make a list of entries and return its id; `tally` counts, and is kept as its report.

    Raises `NothingToTake`, after which nothing is left, and whatever `entries` raises, after which a list
    `abandoned` is left. What was moved before stays, and is found as known when the source is read again.
    """
    with _begun(store, listing, watch) as audience_id, staging(store) as staged:
        _read(store, staged, entries, audience_id=audience_id, watch=watch)
        if not staged.count:
            raise NothingToTake(f"nobody comes onto the list: {_why_nobody(tally)}")
        goal = Goal(audience_id, listing.line, listing.by, watch.clock())
        for piece in staged.pieces():
            with staged.moving() as moving:
                tally.moved.update(move(moving, piece, goal))
                moving.run(_TOUCH, audience=audience_id, at=watch.clock())
            watch.progress(tally.moved["entries"], staged.count)
        _finish(store, audience_id, tally, at=watch.clock())
    return audience_id


_TOUCH: Final = "UPDATE audience SET touched_at = :at WHERE id = :audience"


@contextmanager
def _begun(store: Store, listing: Listing, watch: Watch) -> Iterator[int]:
    at = watch.clock()
    row = Audience(
        line=listing.line,
        name=listing.name,
        origin=listing.origin,
        source=listing.source,
        state=AudienceState.MAKING,
        made_by=listing.by,
        made_at=at,
        touched_at=at,
        report={},
    )
    with store.transaction() as session:
        session.add(row)
        session.flush()
        audience_id = row.id
    try:
        yield audience_id
    except NothingToTake:
        with store.transaction() as session:
            session.execute(delete(Audience).where(Audience.id == audience_id))
        raise
    except BaseException:
        _change(store, audience_id, AudienceEvent.ABANDON, {})
        raise


def _read(store: Store, staged: Staging, entries: Iterable[Entry], *, audience_id: int, watch: Watch) -> None:
    waiting, last_row = iter(entries), 0
    while batch := list(islice(waiting, BATCH)):
        last_row = max(last_row, batch[-1].row)
        if last_row > watch.most_rows + 1:
            raise NothingToTake(f"there are more than {watch.most_rows:,} rows: cut the source into smaller ones")
        staged.add(batch)
        with store.transaction() as session:
            session.execute(update(Audience).where(Audience.id == audience_id).values(touched_at=watch.clock()))


def _finish(store: Store, audience_id: int, tally: Tally, *, at: datetime) -> None:
    values = {"report": tally.report(), "touched_at": at}
    if tally.moved["consents"]:
        with store.transaction() as session:
            promise_working_through(session, at=at)
    if not _change(store, audience_id, AudienceEvent.FINISH, values):
        raise Refused(f"the list {audience_id} was taken for abandoned meanwhile: read its source again")


def _change(store: Store, audience_id: int, event: AudienceEvent, values: dict[str, object]) -> bool:
    """Whether the list was still being made; whoever comes second changes nothing."""
    state = moved(AUDIENCE_MOVES, AudienceState.MAKING, event)
    being_made = (Audience.id == audience_id, Audience.state == AudienceState.MAKING)
    with store.transaction() as session:
        changed = session.execute(update(Audience).where(*being_made).values(state=state, **values))
        return bool(changed.rowcount)  # type: ignore[attr-defined]


def _why_nobody(tally: Tally) -> str:
    if not tally.rows:
        return "the source has no rows"
    reasons = ", ".join(f"{count} {reason.value}" for reason, count in tally.refused.most_common())
    return f"all {tally.rows} rows are refused ({reasons})"
