"""Sheets of raters as CSV and XLSX files: the template is written, a filled one is read back as a plain table."""

import csv
import io
import os
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from ivr.courtesy.form import Form, Item
from ivr.courtesy.grids import NOT_APPLICABLE

CSV, XLSX = ".csv", ".xlsx"
# A sample is 5,000 calls at the most; what is far larger is no filled template.
MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 8_000_000, 10_000, 100
MOST_UNPACKED_BYTES = 80_000_000
# A cell that begins so would be run as a formula.
FORMULA = ("=", "+", "@", "\t", "\r")
# What a file that was cut off, or is locked by a password, raises; XML that ends halfway is a SyntaxError.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, SyntaxError, LookupError, ValueError)


class UnreadableTable(ValueError):
    """A file that is no table; the message says what to do."""


def write_template(path: Path, form: Form, grid: Sequence[Sequence[str]]) -> None:
    """Write the table to fill in, by the ending of the name; raises OSError, and `UnreadableTable` for others."""
    if path.suffix.lower() == CSV:
        content = _csv(grid)
    elif path.suffix.lower() == XLSX:
        content = _xlsx(form, grid)
    else:
        raise UnreadableTable(f"{path.name} must end in {CSV} or {XLSX}")
    unfinished = path.with_name(f".{path.name}.part")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


def read_table(path: Path) -> list[list[str]]:
    """Read a filled template as rows of texts; raises `UnreadableTable`."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableTable(f"{path.name} has more than {MOST_BYTES // 1_000_000} MB: give a filled template")
        if path.suffix.lower() == CSV:
            rows = _read_csv(path.read_bytes())
        elif path.suffix.lower() == XLSX:
            rows = _read_xlsx(path)
        else:
            raise UnreadableTable(f"{path.name} must end in {CSV} or {XLSX}")
    except OSError as error:
        raise UnreadableTable(f"{path} cannot be read ({error.strerror}): check that it is there") from None
    if len(rows) > MOST_ROWS:
        raise UnreadableTable(f"{path.name} has more than {MOST_ROWS} rows: give a filled template")
    return rows


def _csv(grid: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([[_harmless(cell) for cell in row] for row in grid])
    # Excel takes a file without the mark for one of its own code page, and Korean is lost.
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _read_csv(content: bytes) -> list[list[str]]:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return [row for row in csv.reader(io.StringIO(content.decode(encoding), newline=""))]
        except UnicodeDecodeError:
            continue
        except csv.Error as error:
            raise UnreadableTable(f"this is no CSV file: {error}") from None
    raise UnreadableTable("the letters of this CSV file cannot be read: save it as UTF-8")


def _xlsx(form: Form, grid: Sequence[Sequence[str]]) -> bytes:
    import xlsxwriter  # only this command needs it, and every command would wait for it

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet, guide = book.add_worksheet("sheets"), book.add_worksheet("form")
        wrapped, head = book.add_format({"text_wrap": True, "valign": "top"}), book.add_format({"bold": True})
        for row, cells in enumerate(grid):
            for column, cell in enumerate(cells):
                if cell.isdecimal():
                    sheet.write_number(row, column, int(cell))
                elif cell:
                    sheet.write_string(row, column, cell, head if row == 0 else None)
        for column, item in enumerate(form.items, start=2):
            allowed = [*map(str, sorted(item.scores, reverse=True)), *([NOT_APPLICABLE] if item.not_applicable else [])]
            if len(grid) > 1:
                sheet.data_validation(1, column, len(grid) - 1, column, {"validate": "list", "source": allowed})
            sheet.write_comment(0, column, _explained(item))
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 1, 26)
        guide.set_column(0, 0, 18)
        guide.set_column(1, 1, 90, wrapped)
        for row, item in enumerate(form.items):
            guide.write_string(row, 0, item.id)
            guide.write_string(row, 1, _explained(item), wrapped)
    return content.getvalue()


def _explained(item: Item) -> str:
    scores = [f"{points}: {words}" for points, words in sorted(item.scores.items(), reverse=True)]
    left_out = [f"{NOT_APPLICABLE}: {item.not_applicable}"] if item.not_applicable else []
    return "\n".join([f"{item.text} ({item.weight})", item.guide, *scores, *left_out])


def _read_xlsx(path: Path) -> list[list[str]]:
    """The first sheet, as the values that were last calculated."""
    import openpyxl  # only this command needs it, and every command would wait for it

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise UnreadableTable(f"{path.name} unpacks to far more than a filled template has")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            rows = book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
            return [[_text(cell) for cell in row] for row in rows]
        finally:
            book.close()
    except DAMAGED as error:
        if isinstance(error, UnreadableTable):
            raise
        raise UnreadableTable(f"{path.name} is no XLSX file: save it as one, or as CSV in UTF-8") from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
