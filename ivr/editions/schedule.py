"""Which edition holds at a moment, and when that changes next without anybody doing anything."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from ivr.editions.rows import Edition, EditionKind


class Place(NamedTuple):
    """What versions are counted for: the line (empty for all), the kind, and the key within it."""

    line: str
    kind: EditionKind
    key: str


def place_of(edition: Edition) -> Place:
    """What this edition says anew."""
    return Place(edition.line, edition.kind, edition.key)


def holds(edition: Edition, at: datetime) -> bool:
    """Whether it has begun and is not withdrawn at `at`."""
    return edition.effective_from <= at and (edition.withdrawn_at is None or at < edition.withdrawn_at)


def in_force(editions: Iterable[Edition], at: datetime) -> dict[Place, Edition]:
    """Of each place the newest version that holds at `at`; a place without one is as the file says."""
    found: dict[Place, Edition] = {}
    for edition in sorted(editions, key=lambda edition: edition.version):
        if holds(edition, at):
            found[place_of(edition)] = edition
    return found


def span_around(editions: Iterable[Edition], at: datetime) -> tuple[datetime | None, datetime | None]:
    """From when and until when what is in force at `at` is the same; None where no edition ever changes it."""
    moments = {edition.effective_from for edition in editions}
    moments |= {edition.withdrawn_at for edition in editions if edition.withdrawn_at is not None}
    since = max((moment for moment in moments if moment <= at), default=None)
    until = min((moment for moment in moments if moment > at), default=None)
    return since, until
