"""A table as comma-separated rows: UTF-8 with a mark for spreadsheets, numbers plain, no formula let through."""

import csv
import io
from collections.abc import Iterator
from fractions import Fraction

from console.reports.tables import Cell, Kind, Table

MARK = b"\xef\xbb\xbf"
# A spreadsheet takes a text that begins so for a formula (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
DECIMALS = 6


def rows(table: Table) -> Iterator[bytes]:
    """The head, then every row; shares as numbers from 0 to 1, empty where there is nothing to say."""
    yield MARK
    yield _line([harmless(column.name) for column in table.columns])
    for cells in table.rows:
        yield _line([_plain(cell, column.kind) for cell, column in zip(cells, table.columns, strict=True)])


def harmless(text: str) -> str:
    """The text so that no spreadsheet runs it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _line(values: list[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(values)
    return buffer.getvalue().encode("utf-8")


def _plain(cell: Cell, kind: Kind) -> str:
    match cell.value:
        case None:
            return ""
        case Fraction() as number:
            return f"{float(number):.{DECIMALS if kind == 'percent' else 3}f}"
        case int() as number:
            return str(number)
        case value:
            return harmless(str(value))
