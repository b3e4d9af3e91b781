"""The row of one promise under our lock, as plain columns: it is read and written for everything a worker does."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import cast

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.orm import Session

from ivr.promises import PromiseRow


@dataclass(slots=True)
class Locked:
    """What the row holds; changes count once they are written."""

    id: int
    kind: str
    args: dict[str, str | int]
    due_at: datetime
    handed_at: datetime | None
    started_at: datetime | None
    done_at: datetime | None
    attempts: int
    outcome: str | None


_ROWS = cast(Table, PromiseRow.__table__)
_CHANGING = ("due_at", "handed_at", "started_at", "done_at", "attempts", "outcome")
_LOCK = (
    select(*(_ROWS.c[field.name] for field in fields(Locked)))
    .where(_ROWS.c.id == bindparam("promise"))
    .with_for_update(key_share=True)
)
_WRITE = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("promise"))
    .values({name: bindparam(f"new_{name}", type_=_ROWS.c[name].type) for name in _CHANGING})
)


def lock(session: Session, promise_id: int) -> Locked | None:
    """Lock and read the row until the transaction ends; None where there is no such promise."""
    found = session.execute(_LOCK, {"promise": promise_id}).one_or_none()
    return None if found is None else Locked(*found)


def write(session: Session, row: Locked) -> None:
    """Write the row after everything else that waits in the session."""
    session.flush()
    session.execute(_WRITE, {"promise": row.id, **{f"new_{name}": getattr(row, name) for name in _CHANGING}})
