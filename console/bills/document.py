"""A firm's month as a file: a page, a PDF, a workbook or comma-separated rows; the same bytes from the same data.

Usage rows have the receipt number and the time of a call, and no telephone number.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import BinaryIO, Final, Protocol

from sqlalchemy.orm import Session

from config.files import REPORTS, read_file
from console.bills.reckoned import Say, counted, how_reckoned, named, unit_of
from console.bills.showing import ShownBill
from console.reports.blocks import Block, Calls, Document, Entry, Heading, Paragraph, Part, Points
from console.reports.page import page
from console.reports.rows import rows as comma_separated
from console.reports.tables import Cell, Column, Table, row, table
from console.words import KOREAN, load_wording
from ivr.billing.opening import Opened, counted_by, every_row
from ivr.lines.hours import SEOUL
from ivr.reports.words import Words, load_words

FORMATS: Final = ("html", "pdf", "xlsx", "csv")
# A page that lists more is no help to a reader; the other files have all.
LISTED: Final = 1000
KO: Final = "ko.toml"


@dataclass(frozen=True, slots=True)
class Told:
    """The texts of statements: `say` gives those of bills, `words` those that all documents share."""

    say: Say
    words: Words
    language: str


@lru_cache(maxsize=1)
def told() -> Told:
    """Statements are in Korean, whoever takes them along."""
    document = read_file(REPORTS / KO)
    return Told(load_wording()[KOREAN].say, load_words(document), str(document["language"]))


class Writing(Protocol):
    """Writes one bill in one format."""

    def __call__(self, session: Session, shown: ShownBill, out: BinaryIO, /) -> None:
        """Write all of it to `out`."""


def file_name(shown: ShownBill) -> str:
    """The name of a statement's file, without its ending."""
    return f"statement-{shown.line.id}-{shown.client.id}-{shown.bill.month}"


def _html(session: Session, shown: ShownBill, out: BinaryIO, /) -> None:
    for piece in page(_document(session, shown, is_listed=True), told().words, told().language):
        out.write(piece)


def _pdf(session: Session, shown: ShownBill, out: BinaryIO, /) -> None:
    # Fonts take a moment to load: only who asks for a PDF waits for them.
    from console.reports.paper import paper

    out.write(paper(_document(session, shown, is_listed=False), told().words, told().language))


def _xlsx(session: Session, shown: ShownBill, out: BinaryIO, /) -> None:
    from console.reports.workbook import Sheet, sheet_of, workbook

    say = told().say
    about = table(say("bills.document.heading", **_named(shown))[:31], [Column("", "label"), Column("", "long")], [])
    pairs = Sheet(say("bills.document.firm"), about.columns, [row(name, text) for name, text in _about(shown)])
    columns = tuple(Column(say(f"bills.col.{name}"), "label") for name in ("number", "line", "at", "receipt", "source"))
    annex = Sheet(
        say("bills.document.rows_part"),
        (*columns, Column(say("bills.col.quantity"), "count"), Column(say("bills.col.noted"), "label")),
        (_sheet_row(number, name, opened) for number, name, opened in _annex(session, shown)),
    )
    title = say("bills.document.heading", **_named(shown))
    workbook([sheet_of(_lines(shown)), annex, pairs], title=title, dated=shown.month.last, out=out)


def _csv(session: Session, shown: ShownBill, out: BinaryIO, /) -> None:
    """One table: first the lines, then the rows behind them, told apart by the first column."""
    say = told().say
    lines = _lines(shown)
    head = (Column(say("bills.col.part"), "label"), *lines.columns)
    told_at = (Column(say("bills.col.at"), "label"), Column(say("bills.col.receipt"), "label"))
    columns = (*head, *told_at, Column(say("bills.col.source"), "label"))
    first = [(*row(say("bills.document.counted_line")), *cells, *row(None, None, None)) for cells in lines.rows]
    behind = [_csv_row(number, name, opened) for number, name, opened in _annex(session, shown)]
    for line in comma_separated(Table(lines.caption, columns, (*first, *behind))):
        out.write(line)


WRITINGS: Mapping[str, Writing] = {"html": _html, "pdf": _pdf, "xlsx": _xlsx, "csv": _csv}


def _named(shown: ShownBill) -> dict[str, str | int]:
    return {"firm": shown.client.name, "year": shown.month.year, "month": shown.month.number}


def _document(session: Session, shown: ShownBill, *, is_listed: bool) -> Document:
    say = told().say
    heading = say("bills.document.heading", **_named(shown))
    names = ("lines", "reckoned", *(("rows",) if is_listed else ()))
    parts = tuple(Part(name, say(f"bills.document.{name}_part")) for name in names)
    return Document(
        title=heading,
        heading=heading,
        dated=shown.month.last,
        about=tuple(_about(shown)),
        parts=parts,
        blocks=_blocks(session, shown, parts),
    )


def _about(shown: ShownBill) -> Iterator[tuple[str, str]]:
    say, made = told().say, shown.bill.statement
    yield say("bills.document.firm"), shown.client.name
    if shown.client.registration:
        number = shown.client.registration
        yield say("bills.document.registration"), f"{number[:3]}-{number[3:5]}-{number[5:]}"
    yield say("bills.document.centre"), shown.line.institution
    yield say("bills.document.period"), f"{shown.month.first} ~ {shown.month.last}"
    contracts = ", ".join(f"{first} ~ {last}" for first, last in shown.contracts)
    yield say("bills.document.contract"), contracts or say("bills.document.no_contract")
    yield say("bills.document.statement"), made.id if made else say("bills.document.provisional")
    if made:
        yield say("bills.document.made"), f"{made.made_at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
    yield say("bills.document.owed"), say("common.won", amount=f"{shown.bill.total.owed:,}")


def _lines(shown: ShownBill) -> Table:
    """The lines with their sums, and how each was reckoned."""
    say = told().say
    columns = [
        *(Column(say("bills.col.number"), "count"), Column(say("bills.col.line"))),
        *(Column(say("bills.col.quantity"), "count"), Column(say("bills.col.unit"), "label")),
        *(Column(say(f"bills.col.{name}"), "count") for name in ("gross", "support", "owed")),
        Column(say("bills.col.reckoned"), "long"),
    ]
    rows = []
    for number, line in shown.numbered:
        amount, unit = line.amount, unit_of(line, say).strip() or None
        sums = (amount.quantity, unit, amount.gross, amount.support, amount.owed)
        rows.append(row(number, named(line, say), *sums, " ".join(how_reckoned(line, say))))
    whole = shown.bill.total
    rows.append(row(None, say("bills.col.total"), None, None, whole.gross, whole.support, whole.owed, None))
    return table(say("bills.document.lines_part"), columns, rows)


def _blocks(session: Session, shown: ShownBill, parts: tuple[Part, ...]) -> Iterator[Block]:
    say, lines = told().say, _lines(shown)
    yield parts[0]
    yield Table(lines.caption, lines.columns[:-1], tuple(_linked(shown, cells[:-1], parts) for cells in lines.rows))
    yield Paragraph(say("bills.rounding"))
    yield Paragraph(say("bills.subsidy"))
    yield parts[1]
    for number, line in shown.numbered:
        yield Heading(f"{number}. {named(line, say)}")
        yield Points(tuple(how_reckoned(line, say)))
    for fault in shown.bill.faults:
        yield Paragraph(say(f"bills.fault.{fault}"))
    if len(parts) > 2:
        yield parts[2]
        yield from _lists(session, shown)


def _linked(shown: ShownBill, cells: tuple[Cell, ...], parts: tuple[Part, ...]) -> tuple[Cell, ...]:
    """The quantity leads to its rows, where the document has them."""
    number, quantity = cells[0].value, cells[2]
    if not isinstance(number, int) or len(parts) < 3:
        return cells
    is_open = counted_by(shown.bill, shown.bill.lines[number - 1]) is not None and quantity.value
    linked = Cell(quantity.value, link=f"rows-{number}" if is_open else "")
    return (Cell(number, anchor=f"line-{number}"), cells[1], linked, *cells[3:])


def _lists(session: Session, shown: ShownBill) -> Iterator[Block]:
    say = told().say
    for number, line in shown.numbered:
        behind = counted_by(shown.bill, line)
        if behind is None or not line.amount.quantity:
            continue
        found = list(islice(every_row(session, behind), LISTED + 1))
        notes = (say("bills.document.rows_cut", shown=f"{LISTED:,}"),) if len(found) > LISTED else ()
        yield Calls(
            anchor=f"rows-{number}",
            title=say("bills.document.rows_of", line=named(line, say), quantity=counted(line, say)),
            notes=notes,
            entries=(_entry(opened, unit_of(line, say)) for opened in found[:LISTED]),
            back=f"line-{number}",
        )


def _entry(opened: Opened, unit: str) -> Entry:
    quantity = told().say("bills.document.quantity", quantity=f"{opened.usage.quantity:,}", unit=unit)
    return Entry(opened.receipt or opened.usage.source, opened.usage.happened_at, quantity)


def _annex(session: Session, shown: ShownBill) -> Iterable[tuple[int, str, Opened]]:
    """Every usage row behind the bill: the number and name of its line, and the row."""
    for number, line in shown.numbered:
        behind = counted_by(shown.bill, line)
        if behind is not None:
            for opened in every_row(session, behind):
                yield number, named(line, told().say), opened


def _sheet_row(number: int, name: str, opened: Opened) -> tuple[Cell | datetime, ...]:
    usage = opened.usage
    return (
        *row(str(number), name),
        _local(usage.happened_at),
        *row(opened.receipt, usage.key, usage.quantity),
        _local(usage.noted_at),
    )


def _csv_row(number: int, name: str, opened: Opened) -> tuple[Cell, ...]:
    usage = opened.usage
    at = f"{_local(usage.happened_at):%Y-%m-%d %H:%M:%S}"
    counted_row = (told().say("bills.document.counted_row"), number, name, usage.quantity)
    return row(*counted_row, None, None, None, None, None, at, opened.receipt, usage.key)


def _local(at: datetime) -> datetime:
    return at.astimezone(SEOUL).replace(tzinfo=None, microsecond=0)
