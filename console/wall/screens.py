"""The wall on a screen that hangs in the room: an address that shows it alone, and only counts, without a session.

A session of a person ends when nobody touches it; a screen is never touched, and must open nothing else.
"""

import hmac
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.office import office
from console.visitor import visitor
from ivr.accounts.rows import Account, Grant, Role
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line, UnknownLine

VALID: Final = timedelta(days=90)
MAY_HANG: Final = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})


def new_key() -> tuple[str, date]:
    """What stands in the address of a screen that this visitor hangs up, and the last day on which it is good."""
    until = _today() + VALID
    mark = f"{visitor().line.id}.{visitor().account_id}.{until:%Y%m%d}"
    return f"{mark}.{_signature(mark)}", until


def line_of(session: Session, key: str) -> Line | None:
    """The line that a screen shows; None for a key that is not ours, is over, or whose account lost its role."""
    mark, _, signature = key.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(mark).encode()):
        return None
    owner, _, day = mark.rpartition(".")
    line, _, account = owner.partition(".")
    if day < f"{_today():%Y%m%d}":
        return None
    granted = (
        select(Grant.role)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.account_id == account, Grant.line == line, Grant.role.in_(MAY_HANG), Account.disabled_at.is_(None))
    )
    if session.scalars(granted.limit(1)).first() is None:
        return None
    try:
        return office().lines.by_id(line)
    except UnknownLine:
        return None


def _signature(mark: str) -> str:
    return office().store.keyring.sign(f"wall:{mark}")


def _today() -> date:
    return office().clock().astimezone(SEOUL).date()
