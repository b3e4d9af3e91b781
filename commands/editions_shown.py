"""Editions as `charterline editions` prints them; times are by the clock in Seoul."""

from datetime import datetime
from typing import Any, TypedDict

from commands.shared import local_time
from ivr.editions.merging import edition_version
from ivr.editions.rows import Edition, EditionKind
from ivr.editions.schedule import holds


class EditionEntry(TypedDict):
    """One edition; `line` is None for all lines, `named` the version by which evidence names its words."""

    edition: int
    line: str | None
    kind: str
    key: str
    version: int
    named: int | None
    state: str
    content: dict[str, Any]  # Any: as in the files
    begins: str
    made_by: str
    made_at: str
    why: str
    withdrawn_at: str | None
    withdrawn_by: str | None
    withdrawn_why: str | None


def entry_of(edition: Edition, *, at: datetime) -> EditionEntry:
    """What is printed of an edition at `at`."""
    worded = edition.kind in {EditionKind.PROMPT, EditionKind.TEMPLATE}
    return {
        "edition": edition.id,
        "line": edition.line or None,
        "kind": edition.kind.value,
        "key": edition.key,
        "version": edition.version,
        "named": edition_version(edition) if worded else None,
        "state": state_of(edition, at),
        "content": edition.content,
        "begins": local_time(edition.effective_from),
        "made_by": edition.made_by,
        "made_at": local_time(edition.made_at),
        "why": edition.reason,
        "withdrawn_at": local_time(edition.withdrawn_at) if edition.withdrawn_at else None,
        "withdrawn_by": edition.withdrawn_by,
        "withdrawn_why": edition.withdrawn_reason,
    }


def state_of(edition: Edition, at: datetime) -> str:
    """`withdrawn`, `later` or `begun`; a newer version that has begun may stand over one that has."""
    if edition.withdrawn_at is not None and edition.withdrawn_at <= at:
        return "withdrawn"
    return "begun" if holds(edition, at) else "later"


def lines_of(entry: EditionEntry) -> list[str]:
    """One line that names it, then its content and history."""
    place = f"{entry['line'] or 'all lines':<10} {entry['kind']:<9} {entry['key']}"
    head = f"{entry['edition']:>4}  {entry['begins']}  {entry['state']:<9} {place} v{entry['version']}"
    content = [f"      {name}: {value}" for name, value in entry["content"].items()]
    made = f"      made by {entry['made_by']} on {entry['made_at']}: {entry['why']}"
    gone = f"      withdrawn by {entry['withdrawn_by']} on {entry['withdrawn_at']}: {entry['withdrawn_why']}"
    return [head, *content, made, *([gone] if entry["withdrawn_at"] else [])]
