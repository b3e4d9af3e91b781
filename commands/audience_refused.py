"""The rows of a file that were not taken, as a CSV file: where each is and why, with nothing personal in it."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from commands.report_output import opened_output
from ivr.audiences.judging import RowRefused

NoteRefused: TypeAlias = Callable[[int, RowRefused], None]
COLUMNS: Final = ("row", "reason", "what")
# A cell that begins so would be run as a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@contextmanager
def refused_rows(output: str | None) -> Iterator[NoteRefused]:
    """Where refused rows are noted; without a file they are only counted. The file is whole or not there."""
    if output is None:
        yield lambda _row, _refused: None
        return
    # Excel takes a file without the mark for one of its own code page, and Korean is lost.
    with opened_output(output) as file:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        try:
            writer = csv.writer(text)
            writer.writerow(COLUMNS)
            yield lambda row, refused: writer.writerow((row, refused.reason.value, harmless(refused.what)))
        finally:
            text.detach()


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
