"""Rows of the visitor's own line; what belongs to another line is as if it were not there."""

from typing import Protocol, TypeVar

from flask import abort
from sqlalchemy.orm import Session

from console.visitor import visitor


class OfLine(Protocol):
    """A row that belongs to a line."""

    line: str


Row = TypeVar("Row")


def own(session: Session, kind: type[Row], id: object) -> Row:
    """The row of this id on the visitor's line; anything else ends the request with 404."""
    row = session.get(kind, id)
    if row is None or getattr(row, "line", None) != visitor().line.id:
        abort(404)
    return row
