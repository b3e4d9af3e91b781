"""Looking something up in what is known, while the caller is on the telephone: today's answers, mistakes forgiven."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from ivr.knowledge.rows import Knowledge
from ivr.knowledge.spelling import letters, pieces, points
from ivr.lines.hours import moment_of
from ivr.lines.model import Line

FOUND: Final = 10
_LOOKED_AT: Final = 80
_WORDS_LOOKED_AT: Final = 3
# Fewer pieces of the words than this say that they were mistyped, or that nothing is known.
_ENOUGH_PIECES: Final = 0.5
_LEAST_POINTS, _LEAST_OF_BEST, _LEAST_LIKENESS = 21.0, 0.6, 70.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: words, and whose caller asks about what; `firm` None is for all of them, "" for no firm.

    `product` and `topic` bring what is about them to the top, and leave out what is about other ones.
    """

    words: str = ""
    firm: str | None = None
    product: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing that was found, and how well it fits, 0 to 100."""

    knowledge: Knowledge
    points: float


def search(session: Session, line: Line, asked: Asked, *, day: date, limit: int = FOUND) -> list[Answer]:
    """Up to `limit` entries that hold on a local day: the firm's own before those of its product, before others.

    Of these the better fitting first. Without words, those for this firm and product. What hardly fits is left out.
    """
    wanted = pieces(asked.words)
    if not wanted:
        return [Answer(row, 0.0) for row in sorted(_newest(session, line, asked, day), key=_tier(asked))[:limit]]
    score: ColumnElement[int] = sum(
        (case((Knowledge.sought.contains(piece, autoescape=True), 1), else_=0) for piece in wanted[1:]),
        case((Knowledge.sought.contains(wanted[0], autoescape=True), 1), else_=0),
    )
    query = select(Knowledge, score.label("score")).where(*holding(line, day, asked))
    query = query.order_by(score.desc(), Knowledge.id.desc()).limit(_LOOKED_AT)
    rows = [(row, hits) for row, hits in session.execute(query) if hits]
    found = [row for row, _ in rows]
    if not rows or rows[0][1] < len(wanted) * _ENOUGH_PIECES:
        found += _mistyped(session, line, asked, day)
    return _ranked(found, asked)[:limit]


def holding(line: Line, day: date, asked: Asked) -> list[ColumnElement[bool]]:
    """The conditions of versions that hold on a local day, for these callers."""
    newer = aliased(Knowledge)
    overtaken = exists().where(newer.entry == Knowledge.entry, newer.version > Knowledge.version, _covers(newer, day))
    after = moment_of(day + timedelta(days=1), 0)
    conditions: list[ColumnElement[bool]] = [Knowledge.line == line.id, _covers(Knowledge, day), ~overtaken]
    conditions.append(or_(Knowledge.withdrawn_at.is_(None), Knowledge.withdrawn_at >= after))
    if asked.firm is not None:
        conditions.append(Knowledge.firm.in_({"", asked.firm}))
    for column, value in ((Knowledge.product, asked.product), (Knowledge.topic, asked.topic)):
        if value:
            conditions.append(column.in_({"", value}))
    return conditions


def count_holding(session: Session, line: Line, day: date) -> int:
    """How many entries hold on a local day."""
    return session.scalar(select(func.count()).select_from(Knowledge).where(*holding(line, day, Asked()))) or 0


def _covers(row: type[Knowledge], day: date) -> ColumnElement[bool]:
    return and_(row.effective_from <= day, or_(row.effective_to.is_(None), row.effective_to >= day))


def _newest(session: Session, line: Line, asked: Asked, day: date) -> Sequence[Knowledge]:
    query = select(Knowledge).where(*holding(line, day, asked)).order_by(Knowledge.firm.desc(), Knowledge.id.desc())
    return session.scalars(query.limit(_LOOKED_AT)).all()


def _mistyped(session: Session, line: Line, asked: Asked, day: date) -> list[Knowledge]:
    """Those whose questions are like one of the words letter by letter, where hardly a whole syllable agrees."""
    questions = {id: letters(question) for id, question in _questions(session, line, asked, day)}
    longest = sorted({letters(word) for word in asked.words.split()} - {""}, key=len, reverse=True)[:_WORDS_LOOKED_AT]
    near = [
        process.extract(word, questions, scorer=fuzz.partial_ratio, score_cutoff=_LEAST_LIKENESS, limit=4 * FOUND)
        for word in longest
    ]
    ids = {id for some in near for _, _, id in some}
    return list(session.scalars(select(Knowledge).where(Knowledge.id.in_(ids)))) if ids else []


def _questions(session: Session, line: Line, asked: Asked, day: date) -> Iterable[tuple[int, str]]:
    rows = session.execute(select(Knowledge.id, Knowledge.question).where(*holding(line, day, asked)))
    return ((id, question) for id, question in rows)


def _ranked(found: Iterable[Knowledge], asked: Asked) -> list[Answer]:
    each = {row.id: row for row in found}.values()
    judged = [Answer(row, points(asked.words, row.question, row.sought)) for row in each]
    best = max((one.points for one in judged), default=0.0)
    fitting = [one for one in judged if one.points >= max(_LEAST_POINTS, _LEAST_OF_BEST * best)]
    tier = _tier(asked)
    return sorted(fitting, key=lambda one: (tier(one.knowledge), -one.points, one.knowledge.id))


def _tier(asked: Asked) -> Callable[[Knowledge], int]:
    """How near knowledge is to who asks: 0 of their firm, 1 about their product, 2 for all."""

    def tier(row: Knowledge) -> int:
        if asked.firm and row.firm == asked.firm:
            return 0
        return 1 if asked.product and row.product == asked.product else 2

    return tier
