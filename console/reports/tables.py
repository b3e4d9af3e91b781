"""Tables for every format: columns with a kind, cells with a value, and what a cell reads like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from ivr.reports.words import Words

Kind = Literal["text", "long", "label", "count", "percent", "seconds"]
Value: TypeAlias = str | int | Fraction | date | None
"""None is what there is nothing to say of; fractions are shares or seconds, exact."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column and what its values are; a `label` is not broken into lines, a `long` text has room."""

    name: str
    kind: Kind = "text"


@dataclass(frozen=True, slots=True)
class Cell:
    """One value; `link` is the anchor on the same page at which it opens, `anchor` the name of its own place."""

    value: Value
    link: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a caption; the first cell of each row is its head."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def row(*values: Value | Cell) -> tuple[Cell, ...]:
    """A row of cells from values."""
    return tuple(value if isinstance(value, Cell) else Cell(value) for value in values)


def table(caption: str, columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]]) -> Table:
    """A table; raises ValueError where a row does not fit its columns."""
    for cells in rows:
        if len(cells) != len(columns):
            raise ValueError(f"{caption!r}: a row has {len(cells)} cells for {len(columns)} columns")
    return Table(caption, tuple(columns), tuple(rows))


def read(cell: Cell, kind: Kind, words: Words) -> str:
    """What a cell reads like to people."""
    match cell.value:
        case None:
            return words.say("formats.none")
        case int() as number if not isinstance(number, bool):
            return f"{number:,}"
        case Fraction() as number if kind == "percent":
            return words.percent(number)
        case Fraction() as number:
            return f"{float(round(number, 1)):.1f}"
        case date() as day:
            return day.isoformat()
        case text:
            return str(text)
