"""Tables as a workbook: typed cells, frozen heads, verdicts one row each; the same bytes for the same data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction
from itertools import chain, islice
from typing import Any, BinaryIO

import xlsxwriter

from console.reports.tables import Cell, Column, Kind, Table

MOST_ROWS = 1_048_576
"""The rows of a sheet, its head included (Excel's own limit)."""

WIDTHS: dict[Kind, int] = {"text": 28, "long": 56, "label": 16, "count": 10, "percent": 10, "seconds": 12}
FORMATS: dict[Kind, str] = {
    "count": "#,##0",
    "percent": "0.0%",
    "seconds": "0.000",
    "text": "@",
    "long": "@",
    "label": "@",
}
MOMENT = "yyyy-mm-dd hh:mm:ss"
LONGEST_TEXT = 32_767
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "default_date_format": MOMENT,
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `rows` may come one by one, and go on in a second sheet where one is full."""

    name: str
    columns: tuple[Column, ...]
    rows: Iterable[tuple[Cell | datetime, ...]]


def sheet_of(table: Table) -> Sheet:
    """A table as a sheet."""
    return Sheet(table.caption, table.columns, table.rows)


def workbook(sheets: Iterable[Sheet], *, title: str, dated: date, out: BinaryIO, most_rows: int = MOST_ROWS) -> None:
    """Write the sheets to `out`; rows are not kept in memory."""
    # xlsxwriter publishes no types, and what it wrote of a sheet stays on the disk until the book is closed.
    book: Any
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        book.set_properties(
            {"title": title, "created": datetime.combine(dated, time(), tzinfo=UTC).replace(tzinfo=None)}
        )
        formats = {kind: book.add_format({"num_format": code, "valign": "top"}) for kind, code in FORMATS.items()}
        for kind in ("text", "long"):
            formats[kind].set_text_wrap()
        head = book.add_format({"bold": True, "bg_color": "#F4F5F6", "bottom": 1, "valign": "top", "text_wrap": True})
        stamp = book.add_format({"num_format": MOMENT, "valign": "top"})
        for sheet in (part for whole in sheets for part in _fitting(whole, most_rows)):
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 1)
            for place, column in enumerate(sheet.columns):
                page.set_column(place, place, WIDTHS[column.kind])
                page.write_string(0, place, column.name, head)
            for number, cells in enumerate(sheet.rows, start=1):
                for place, (cell, column) in enumerate(zip(cells, sheet.columns, strict=True)):
                    if isinstance(cell, datetime):
                        page.write_datetime(number, place, cell, stamp)
                    else:
                        _write(page, (number, place), cell, formats[column.kind])


def _fitting(sheet: Sheet, most_rows: int) -> Iterator[Sheet]:
    """The sheet, or several where there are more rows than one may have; an empty one too."""
    rows = iter(sheet.rows)
    number = 1
    while True:
        first = list(islice(rows, 1))
        if not first and number > 1:
            return
        name = sheet.name if number == 1 else f"{sheet.name} {number}"
        yield Sheet(name, sheet.columns, chain(first, islice(rows, most_rows - 2)))
        number += 1


# The page and the format are xlsxwriter's, which publishes no types.
def _write(page: Any, place: tuple[int, int], cell: Cell, form: Any) -> None:
    match cell.value:
        case None:
            page.write_blank(*place, None, form)
        case int() | Fraction() as number:
            page.write_number(*place, float(number) if isinstance(number, Fraction) else number, form)
        case value:
            page.write_string(*place, str(value)[:LONGEST_TEXT], form)
