"""The do-not-call register (Door-to-door Sales Act, article 42): read in whole, the newest reading counts."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ivr.consents.rows import RegisterEntry, RegisterImport
from ivr.promises import insert_for

PIECE = 1000
# It is to be asked at least once a month (article 42, paragraph 2).
REGISTER_LASTS = timedelta(days=31)


class BadRegister(ValueError):
    """A reading of the register that cannot be taken; the message says why, and what to do."""


def newest_reading(session: Session) -> RegisterImport | None:
    """The reading that counts, None where the register was never read."""
    return session.scalar(select(RegisterImport).order_by(RegisterImport.checked_at.desc()).limit(1))


def take_register(
    session: Session, indexes: Iterable[str], *, checked_at: datetime, by: str, at: datetime
) -> RegisterImport:
    """Put a reading in the place of the one before, all of it or nothing; `indexes` are blind indexes.

    `checked_at` is when the register was asked. Raises `BadRegister` where that is in the future, or before the
    reading that is there; an empty register is taken for a mistake.
    """
    newest = session.scalar(select(func.max(RegisterImport.checked_at)))
    if checked_at > at:
        raise BadRegister(f"a register asked on {checked_at:%Y-%m-%d %H:%M} UTC is of the future: correct the time")
    if newest is not None and checked_at < newest:
        raise BadRegister(f"a newer reading, of {newest:%Y-%m-%d %H:%M} UTC, is there already: nothing was changed")
    row = RegisterImport(checked_at=checked_at, imported_at=at, imported_by=by, entries=0)
    session.add(row)
    session.flush()
    adding = insert_for(session.get_bind().dialect.name, RegisterEntry)
    renewing = adding.on_conflict_do_update(
        index_elements=["number_index"], set_={"import_id": adding.excluded.import_id}
    )
    waiting = iter(indexes)
    while piece := list(islice(waiting, PIECE)):
        session.execute(renewing, [{"number_index": index, "import_id": row.id} for index in dict.fromkeys(piece)])
    session.execute(delete(RegisterEntry).where(RegisterEntry.import_id != row.id))
    row.entries = session.scalar(select(func.count()).select_from(RegisterEntry)) or 0
    if not row.entries:
        raise BadRegister("the register has not a single number: an empty file is taken for a mistake")
    return row
