"""Knowledge as a table: taken in from CSV or XLSX with a report of the rows that were refused, and written as one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.knowledge.rows import Knowledge
from ivr.knowledge.spelling import compact
from ivr.knowledge.writing import Author, BadKnowledge, Piece, add_knowledge, change_knowledge
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line

COLUMNS: Final = ("entry", "firm", "product", "topic", "question", "answer", "effective_from", "effective_to")
NEEDED: Final = frozenset({"question", "answer"})
MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 16 * 1024 * 1024
# A quotation mark before what a spreadsheet would run is ours: `ivr/tables.py` wrote it.
_MARK: Final = "'"


class Became(StrEnum):
    """What a row of a table came to."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken, by its number in the table (the first is 1), the column, and why."""

    row: int
    field: str
    why: str


@dataclass(slots=True)
class Taken:
    """What became of a table's rows."""

    counts: dict[Became, int] = field(default_factory=lambda: dict.fromkeys(Became, 0))
    refused: list[RefusedRow] = field(default_factory=list)


class NoKnowledgeTable(ValueError):
    """A table that has not the columns of knowledge; the message says which are needed."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was opened: its head, and its rows with their numbers."""

    header: Sequence[str]
    rows: Iterator[tuple[int, Sequence[str]]]


def take_sheet(session: Session, line: Line, sheet: Sheet, *, author: Author) -> Taken:
    """Take the rows in: a new question is added, a known one gets its next version, what says nothing new is left.

    A row without a first day holds from the local day on which it is taken in. What cannot be kept is reported, and
    left out. Raises `NoKnowledgeTable`.
    """
    places = _places(sheet.header)
    known, taken = _Known(session, line), Taken()
    for number, cells in sheet.rows:
        if sum(taken.counts.values()) + len(taken.refused) >= MOST_ROWS:
            taken.refused.append(
                RefusedRow(number, "", f"this row and those after it: give at most {MOST_ROWS:,} rows")
            )
            break
        given = {name: _plain(cells[place]) for name, place in places.items() if place < len(cells)}
        try:
            became = known.take(given, author)
        except BadKnowledge as error:
            taken.refused.append(RefusedRow(number, error.field, str(error)))
        except Refused as error:
            taken.refused.append(RefusedRow(number, "entry", str(error)))
        else:
            taken.counts[became] += 1
    return taken


def row_of(row: Knowledge) -> tuple[str | None, ...]:
    """The cells of a version, in the order of COLUMNS."""
    until = row.effective_to.isoformat() if row.effective_to else None
    about = (row.entry, row.firm, row.product, row.topic, row.question, row.answer)
    return (*about, row.effective_from.isoformat(), until)


class _Known:
    """The newest version of every entry of a line that is not withdrawn, by its id and by what it asks."""

    def __init__(self, session: Session, line: Line) -> None:
        self._session, self._line = session, line
        query = select(Knowledge).where(Knowledge.line == line.id, Knowledge.withdrawn_at.is_(None))
        newest = {row.entry: row for row in session.scalars(query.order_by(Knowledge.entry, Knowledge.version))}
        self._by_entry = newest
        self._by_question = {_question(row): row for row in newest.values()}

    def take(self, given: Mapping[str, str], author: Author) -> Became:
        """Add or change what a row says, or leave it; raises `BadKnowledge` and `Refused`."""
        named = given.get("entry", "")
        piece = _piece(given, author.at)
        before = self._by_entry.get(named) if named else self._by_question.get(_question(piece))
        if named and before is None:
            raise BadKnowledge("entry", f"{self._line.id} has no entry {named}: leave the cell empty for a new one")
        if before is not None and not given.get("effective_from"):
            since = before.effective_from if _says_the_same(before, piece) else piece.effective_from
            piece = replace(piece, effective_from=since)
        if before is not None and _is_same(before, piece):
            return Became.SAME
        row = self._write(before, piece, author)
        self._by_entry[row.entry] = self._by_question[_question(row)] = row
        return Became.ADDED if before is None else Became.CHANGED

    def _write(self, before: Knowledge | None, piece: Piece, author: Author) -> Knowledge:
        if before is None:
            return add_knowledge(self._session, self._line, piece, author=author)
        return change_knowledge(self._session, self._line, before.entry, piece=piece, author=author)


def _places(header: Sequence[str]) -> Mapping[str, int]:
    places = {name.strip().lower(): place for place, name in enumerate(header)}
    lacking = sorted(NEEDED - places.keys())
    if lacking:
        raise NoKnowledgeTable(
            f"the first row names no column {' and no '.join(lacking)}: known are {', '.join(COLUMNS)}"
        )
    return {name: places[name] for name in COLUMNS if name in places}


def _plain(cell: str) -> str:
    return cell.strip().removeprefix(_MARK)


def _piece(given: Mapping[str, str], at: datetime) -> Piece:
    return Piece(
        question=given.get("question", ""),
        answer=given.get("answer", ""),
        effective_from=_day(given, "effective_from") or at.astimezone(SEOUL).date(),
        effective_to=_day(given, "effective_to"),
        firm=given.get("firm", ""),
        product=given.get("product", ""),
        topic=given.get("topic", ""),
    )


def _day(given: Mapping[str, str], name: str) -> date | None:
    written = given.get(name, "")
    try:
        return date.fromisoformat(written[:10]) if written else None
    except ValueError:
        raise BadKnowledge(name, f"{written!r} is no day: write it like 2026-12-01") from None


def _question(said: Knowledge | Piece) -> tuple[str, str, str]:
    return said.firm, said.product, compact(said.question)


def _says_the_same(row: Knowledge, piece: Piece) -> bool:
    one = (row.question, row.answer, row.firm, row.product, row.topic)
    return one == (piece.question.strip(), piece.answer.strip(), piece.firm, piece.product, piece.topic)


def _is_same(row: Knowledge, piece: Piece) -> bool:
    days = (row.effective_from, row.effective_to) == (piece.effective_from, piece.effective_to)
    return days and _says_the_same(row, piece)
