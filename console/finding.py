"""Rows of the visitor's own line, and which of them an agent sees; what belongs to another line is not there."""

from typing import Protocol, TypeVar

from flask import abort
from sqlalchemy.orm import Session

from console.visitor import STAFF, visitor
from ivr.directory.sight import Sight, sight_of


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


def sight(session: Session) -> Sight | None:
    """What an agent's sight is narrowed to; None for who sees the whole line."""
    person = visitor()
    if person.may(*STAFF):
        return None
    return sight_of(session, officer_id=person.officer_id, agent_id=person.agent_id)
