"""Lists of customers as files on this machine, opened by their path."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ivr.audiences.tables import MOST_BYTES, Table, UnreadableTable, read_table

__all__ = ["Table", "UnreadableTable", "opened_table"]


@contextmanager
def opened_table(path: Path, *, most_bytes: int = MOST_BYTES) -> Iterator[Table]:
    """Open a CSV or XLSX file, told by its content; raises `UnreadableTable`, also while its rows are read."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise UnreadableTable(f"{path} cannot be read ({error.strerror}): check that it is there") from None
    with file, read_table(file, path.name, most_bytes=most_bytes) as table:
        yield table
