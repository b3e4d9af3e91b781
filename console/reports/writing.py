"""From the reading of a quarter to bytes: the page, the PDF, the workbook or comma-separated rows."""

from collections.abc import Iterable, Mapping
from typing import BinaryIO, Protocol

from console.reports.blocks import Block, Document, Paragraph
from console.reports.charter_document import Extras, Told, charter_document
from console.reports.courtesy_blocks import courtesy_blocks
from console.reports.figure_blocks import figure_blocks
from console.reports.page import page
from console.reports.rows import rows
from console.reports.shown import Shown
from console.reports.standard_rows import standards_table
from ivr.reports.reading import Reading

FORMATS = ("html", "pdf", "xlsx", "csv")


class Writing(Protocol):
    """Writes one reading in one format."""

    def __call__(self, read: Reading, told: Told, out: BinaryIO, /, *, language: str) -> None:
        """Write all of it to `out`."""


def _html(read: Reading, told: Told, out: BinaryIO, /, *, language: str) -> None:
    for piece in page(_document(read, told), told.words, language):
        out.write(piece)


def _pdf(read: Reading, told: Told, out: BinaryIO, /, *, language: str) -> None:
    # Fonts take a moment to load: only who asks for a PDF waits for them.
    from console.reports.paper import paper

    out.write(paper(_document(read, told), told.words, language))


def _xlsx(read: Reading, told: Told, out: BinaryIO, /, *, language: str) -> None:
    from console.reports.charter_sheets import charter_sheets
    from console.reports.figure_rows import figures_rows
    from console.reports.workbook import workbook

    document = _document(read, told)
    extras = (figures_rows(read.figures, told.words),) if read.figures else ()
    sheets = charter_sheets(read.report, told, read.verdicts(), about=document.about, extras=extras)
    workbook(sheets, title=document.title, dated=document.dated, out=out)


def _csv(read: Reading, told: Told, out: BinaryIO, /, *, language: str) -> None:
    for line in rows(standards_table(read.report, Shown(told.words))):
        out.write(line)


WRITINGS: Mapping[str, Writing] = {"html": _html, "pdf": _pdf, "xlsx": _xlsx, "csv": _csv}


def _document(read: Reading, told: Told) -> Document:
    figures: Iterable[Block] = (Paragraph(told.words.say("figures.none")),)
    if read.figures is not None:
        figures = figure_blocks(
            read.figures, told.words, opening=read.behind if told.opens else None, list_limit=told.list_limit
        )
    courtesy = courtesy_blocks(read.courtesy, read.line, told.words)
    return charter_document(read.report, told, opening=read.opening, extras=Extras(figures, courtesy))
