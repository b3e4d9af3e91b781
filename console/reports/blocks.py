"""A report as a sequence of blocks, so that the page and the PDF say the same in the same order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from console.reports.charts import Chart
from console.reports.tables import Table
from ivr.reports.opening import Proof


@dataclass(frozen=True, slots=True)
class Part:
    """A main part; every report has a few, named in its contents."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a part."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A small heading within a section or a part."""

    title: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences."""

    text: str


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences, each a point of its own."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """Names and what is said of them; the words of a charter among them are `quoted`."""

    pairs: tuple[tuple[str, str], ...]
    quoted: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One call of a list: when it came in, what is said of it, and the records that prove it."""

    call: str
    arrived_at: datetime
    text: str
    proofs: tuple[Proof, ...] = ()


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls behind a number, read one by one while the page is written; only pages have them.

    `notes` stand above them, `back` is the anchor of the number.
    """

    anchor: str
    title: str
    notes: tuple[str, ...]
    entries: Iterable[Entry]
    back: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """What a reader of the page can do: a command for the terminal, or only how to go on."""

    told: str
    line: str = ""


Block: TypeAlias = Part | Section | Heading | Paragraph | Points | Terms | Table | Chart | Calls | Command


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report: what it is called, the last day it is about, its head, its parts and its blocks."""

    title: str
    heading: str
    dated: date
    about: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    blocks: Iterable[Block]
