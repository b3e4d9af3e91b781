"""Knowledge is written: an entry is added, gets its next version, or is withdrawn; nothing of it is ever changed."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.knowledge.rows import Knowledge
from ivr.knowledge.spelling import compact
from ivr.lines.model import Line

LONGEST_QUESTION, LONGEST_ANSWER = 300, 8_000


class BadKnowledge(ValueError):
    """Knowledge that cannot be kept: `field` is what is wrong, the message says why and what to do."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(why)


@dataclass(frozen=True, slots=True)
class Piece:
    """What one version says, and when and for whom it holds: see `Knowledge`."""

    question: str
    answer: str
    effective_from: date
    effective_to: date | None = None
    firm: str = ""
    product: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and when."""

    name: str
    at: datetime


def add_knowledge(session: Session, line: Line, piece: Piece, *, author: Author) -> Knowledge:
    """Keep a new entry; raises `BadKnowledge`."""
    check_piece(line, piece)
    return _keep(session, line, piece, version=_Version(f"w{secrets.token_hex(10)}", 1, author))


def change_knowledge(session: Session, line: Line, entry: str, *, piece: Piece, author: Author) -> Knowledge:
    """Keep the next version of an entry; raises `BadKnowledge` and `Refused`."""
    check_piece(line, piece)
    newest = _locked(session, line, entry)
    if newest.withdrawn_at is not None:
        raise Refused(f"entry {entry} was withdrawn: add a new one")
    return _keep(session, line, piece, version=_Version(entry, newest.version + 1, author))


def withdraw_knowledge(session: Session, line: Line, entry: str, *, author: Author) -> None:
    """Take an entry away from now on, with all its versions; raises `Refused` where it was withdrawn before."""
    newest = _locked(session, line, entry)
    if newest.withdrawn_at is not None:
        raise Refused(f"entry {entry} was withdrawn: add a new one")
    values = {"withdrawn_at": author.at, "withdrawn_by": author.name[:60]}
    session.execute(update(Knowledge).where(Knowledge.entry == entry).values(values))
    session.refresh(newest)


def versions_of(session: Session, line_id: str, entry: str) -> list[Knowledge]:
    """Every version of an entry of the line, the newest first; none where the line has no such entry."""
    query = select(Knowledge).where(Knowledge.line == line_id, Knowledge.entry == entry)
    return list(session.scalars(query.order_by(Knowledge.version.desc())))


def check_piece(line: Line, piece: Piece) -> None:
    """Raise `BadKnowledge` for what cannot be kept on this line."""
    for field, known in (("firm", line.firms), ("product", line.products), ("topic", topics_of(line))):
        given = getattr(piece, field)
        if given and given not in known:
            raise BadKnowledge(field, f"{given} is no {field} of {line.id}: known are {', '.join(known) or 'none'}")
    for field, longest in (("question", LONGEST_QUESTION), ("answer", LONGEST_ANSWER)):
        written = getattr(piece, field).strip()
        if not compact(written):
            raise BadKnowledge(field, f"the {field} is empty: write it")
        if len(written) > longest:
            raise BadKnowledge(field, f"the {field} has {len(written)} characters, more than {longest}: shorten it")
    if piece.effective_to is not None and piece.effective_to < piece.effective_from:
        raise BadKnowledge(
            "effective_to", f"the last day {piece.effective_to} is before the first, {piece.effective_from}"
        )


def topics_of(line: Line) -> tuple[str, ...]:
    """What callers ask about on this line: the skills of its teams, each once."""
    return tuple(dict.fromkeys(skill for team in line.teams.values() for skill in team.skills))


@dataclass(frozen=True, slots=True)
class _Version:
    entry: str
    number: int
    author: Author


def _keep(session: Session, line: Line, piece: Piece, *, version: _Version) -> Knowledge:
    question, answer = piece.question.strip(), piece.answer.strip()
    row = Knowledge(
        entry=version.entry,
        version=version.number,
        line=line.id,
        firm=piece.firm,
        product=piece.product,
        topic=piece.topic,
        question=question,
        answer=answer,
        sought=compact(f"{question} {answer}"),
        effective_from=piece.effective_from,
        effective_to=piece.effective_to,
        made_at=version.author.at,
        made_by=version.author.name[:60],
    )
    session.add(row)
    session.flush()
    return row


def _locked(session: Session, line: Line, entry: str) -> Knowledge:
    """The newest version of an entry, its first one locked, so that two who change it do not both count on from it."""
    query = select(Knowledge).where(Knowledge.line == line.id, Knowledge.entry == entry)
    session.scalar(query.where(Knowledge.version == 1).with_for_update(key_share=True))
    newest = session.scalar(query.order_by(Knowledge.version.desc()).limit(1).execution_options(populate_existing=True))
    if newest is None:
        raise Refused(f"{line.id} has no entry {entry}: `charterline knowledge list` shows them")
    return newest
