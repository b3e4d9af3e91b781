"""Rows written as CSV or XLSX one by one, with no cell that a spreadsheet would run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

CSV, XLSX = ".csv", ".xlsx"
# A cell that begins so would be run as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
MOST_XLSX_ROWS = 1_000_000
# A cell of a spreadsheet holds no more.
MOST_CHARACTERS = 32_767

Cell = str | int | None


class UnknownTable(ValueError):
    """A name that ends in neither of the two; the message says what to do."""


def ending_of(output: str) -> str:
    """`.csv` or `.xlsx`, by the end of the name; raises `UnknownTable`."""
    ending = Path(output).suffix.lower()
    if ending not in {CSV, XLSX}:
        raise UnknownTable(f"{output} must end in {CSV} or {XLSX}")
    return ending


def write_rows(file: BinaryIO, ending: str, *, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a head and rows as they come; how many rows there were."""
    return _write_csv(file, head, rows) if ending == CSV else _write_xlsx(file, head, rows)


def harmless(cell: Cell) -> str | int | None:
    """The cell, with a quotation mark before what a spreadsheet would take for a formula."""
    if not isinstance(cell, str):
        return cell
    shown = cell[: MOST_CHARACTERS - 1]
    return f"'{shown}" if shown.lstrip(" ").startswith(FORMULA) else shown


def _write_csv(file: BinaryIO, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    # Excel takes a file without the mark for one of its own code page, and Korean is lost.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=False)
    try:
        table = csv.writer(text)
        table.writerow([harmless(cell) for cell in head])
        count = 0
        for row in rows:
            table.writerow([harmless(cell) for cell in row])
            count += 1
        text.flush()
        return count
    finally:
        text.detach()


def _write_xlsx(file: BinaryIO, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    import xlsxwriter  # only this command needs it, and every command would wait for it

    count = 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("results")
        sheet.freeze_panes(1, 0)
        for count, row in enumerate(_headed(head, rows)):
            if count > MOST_XLSX_ROWS:
                raise UnknownTable(f"there are over {MOST_XLSX_ROWS:,} rows, more than a sheet holds: write {CSV}")
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(count, column, cell)
                elif cell:
                    sheet.write_string(count, column, str(harmless(cell)))
    return count


def _headed(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterable[Sequence[Cell]]:
    yield head
    yield from rows
