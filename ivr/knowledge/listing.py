"""Knowledge as it is kept by supervisors: every entry of a line by its newest version, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from ivr.knowledge.rows import Knowledge
from ivr.knowledge.spelling import pieces

PAGE: Final = 50
_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Sought:
    """Which entries of a line: what is None does not matter, an empty firm or product is "for all"."""

    line: str
    words: str = ""
    firm: str | None = None
    product: str | None = None
    topic: str | None = None
    with_withdrawn: bool = False


def list_knowledge(
    session: Session, sought: Sought, *, before: int | None = None, limit: int = PAGE
) -> Sequence[Knowledge]:
    """The newest version of each entry, the latest written first; `before` is exclusive."""
    query = _query(sought).order_by(Knowledge.id.desc())
    query = query if before is None else query.where(Knowledge.id < before)
    return session.scalars(query.limit(limit)).all()


def all_knowledge(session: Session, sought: Sought) -> Iterator[Knowledge]:
    """Every one of them, read in pieces."""
    before = None
    while rows := list_knowledge(session, sought, before=before, limit=_AT_ONCE):
        yield from rows
        before = rows[-1].id
        session.expunge_all()


def _query(sought: Sought) -> Select[Knowledge]:
    newer = aliased(Knowledge)
    overtaken = exists().where(newer.entry == Knowledge.entry, newer.version > Knowledge.version)
    given = {Knowledge.firm: sought.firm, Knowledge.product: sought.product, Knowledge.topic: sought.topic}
    conditions: list[ColumnElement[bool]] = [Knowledge.line == sought.line, ~overtaken]
    conditions += [column == value for column, value in given.items() if value is not None]
    conditions += [Knowledge.sought.contains(piece, autoescape=True) for piece in pieces(sought.words)]
    if not sought.with_withdrawn:
        conditions.append(Knowledge.withdrawn_at.is_(None))
    return select(Knowledge).where(*conditions)
