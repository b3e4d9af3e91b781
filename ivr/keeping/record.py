"""The purge log: entries that are only ever added, each sealed together with the one before it."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ivr.keeping.rows import PurgeEntry
from ivr.sealing import sign


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: to which class or hold, by whom, and of how many rows that were older than `until`."""

    name: str
    deed: str
    by: str
    until: datetime
    rows: int = 0


def note(session: Session, done: Deed, *, at: datetime) -> PurgeEntry:
    """Add an entry in the transaction of what it tells of; the last thing that one does, as others wait for its end."""
    _take_turn(session)
    last = session.scalar(select(PurgeEntry.seal).order_by(PurgeEntry.id.desc()).limit(1))
    entry = PurgeEntry(name=done.name, deed=done.deed, rows=done.rows, until=done.until, at=at, by=done.by[:60])
    entry.seal = _seal(session, entry, before=last or "")
    session.add(entry)
    session.flush()
    return entry


def first_broken_entry(session: Session) -> int | None:
    """The id of the first entry that was changed, or before which one is missing; None where the log is whole."""
    before = ""
    for entry in session.scalars(select(PurgeEntry).order_by(PurgeEntry.id)):
        if entry.seal != _seal(session, entry, before=before):
            return entry.id
        before = entry.seal
    return None


def entries(session: Session) -> list[PurgeEntry]:
    """The whole log, the oldest first."""
    return list(session.scalars(select(PurgeEntry).order_by(PurgeEntry.id)))


def _take_turn(session: Session) -> None:
    """Two entries must not be sealed with the same one before them; on SQLite writers take turns by themselves."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE purge_entry IN EXCLUSIVE MODE"))


def _seal(session: Session, entry: PurgeEntry, *, before: str) -> str:
    moments = (one.astimezone(UTC).isoformat(timespec="microseconds") for one in (entry.until, entry.at))
    said = [before, entry.name, entry.deed, entry.rows, *moments, entry.by]
    return sign(session, "purge:" + json.dumps(said, ensure_ascii=False))
