"""The rows of a file that were not taken, as a CSV file: where each is and why, with nothing personal in it."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO, Final, TypeAlias

from ivr.audiences.judging import RowRefused

NoteRefused: TypeAlias = Callable[[int, RowRefused], None]
COLUMNS: Final = ("row", "reason", "what")
# A cell that begins so would be run as a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def note_nowhere(_row: int, _refused: RowRefused) -> None:
    """Where no file is wanted, refused rows are only counted."""


@contextmanager
def noting_refused(file: BinaryIO) -> Iterator[NoteRefused]:
    """Write each refused row to an open file, which stays open."""
    # Excel takes a file without the mark for one of its own code page, and Korean is lost.
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
