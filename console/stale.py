"""Nobody overwrites what they did not see: rows with a version, and a mark of what was shown for those without."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final, Protocol

from flask import request
from sqlalchemy.orm import Session

from console.problems import Stale
from ivr.base import ROW_LOCK

FIELD: Final = "mark"


class Versioned(Protocol):
    """A row that counts its changes."""

    version: int


def lock_unchanged(session: Session, row: Versioned, version: int) -> None:
    """Lock a row and read it anew; raises `Stale` where it has changed since the page with this version was made."""
    session.refresh(row, with_for_update=ROW_LOCK)
    if row.version != version:
        raise Stale


def mark_of(shown: Mapping[str, object]) -> str:
    """A short mark of the values that a form shows."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:16]


def refuse_stale(present: Mapping[str, object]) -> None:
    """Raise `Stale` where the form was made from other values than the present ones."""
    if request.form.get(FIELD) != mark_of(present):
        raise Stale
