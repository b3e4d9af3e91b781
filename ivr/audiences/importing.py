"""The import of a list from a table: each row judged, those refused noted, the others made a list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ivr.audiences.columns import NAMES, Columns, Field, Given, columns_of
from ivr.audiences.judging import Entry, Judge, RowRefused
from ivr.audiences.making import Listing, Watch, make
from ivr.audiences.refusing import NoteRefused, note_nowhere
from ivr.audiences.tables import Table
from ivr.audiences.tally import Tally
from ivr.store import Store

_TOLD_EVERY: Final = 2_000
# A column that is not to be read is called so; no known column is.
_LEFT_OUT: Final = "-"


def _silent(_done: int, _total: int) -> None:
    """Nobody is told."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is read: what holds for rows without a cell, what each column is, and who is told of what.

    `chosen` is a field or "" for each column in its place, where a person said so; else columns go by their names.
    `progress` is told (read, of all) in the table's own measure.
    """

    given: Given = field(default_factory=Given)
    chosen: Sequence[str] | None = None
    note: NoteRefused = note_nowhere
    progress: Callable[[int, int], None] = _silent


def columns_by(table: Table, reading: Reading) -> Columns:
    """The columns of a table, by their names or as they were chosen; raises `WrongColumns`."""
    if reading.chosen is None:
        return columns_of(table.header, reading.given)
    names: Mapping[str, str] = {known.value: NAMES[known][0] for known in Field}
    header = [names.get(name, f"{_LEFT_OUT}{place}") for place, name in enumerate(reading.chosen)]
    return columns_of([*header, *table.header[len(header) :]], reading.given)


def import_table(store: Store, listing: Listing, table: Table, *, reading: Reading, watch: Watch) -> int:
    """Make a list of a table's rows and return its id; the count is kept as its report.

    Raises `WrongColumns`, and what `make` and the reading of the table raise.
    """
    columns, tally = columns_by(table, reading), Tally()
    judge = Judge(columns, reading.given, keyring=store.keyring, at=watch.clock())
    tally.notes += notes_of(table, columns)
    return make(store, listing, judged(table, judge, tally=tally, reading=reading), tally=tally, watch=watch)


def judged(table: Table, judge: Judge, *, tally: Tally, reading: Reading) -> Iterator[Entry]:
    """Every row of the table as entries; rows that are refused are counted and noted."""
    for row, cells in table.rows:
        try:
            entries, repairs = judge.entries(row, cells)
        except RowRefused as refused:
            tally.refuse(refused.reason)
            reading.note(row, refused)
        else:
            tally.take(repairs)
            yield from entries
        if row % _TOLD_EVERY == 0:
            reading.progress(table.done, table.size)
    reading.progress(table.size, table.size)


def notes_of(table: Table, columns: Columns) -> list[str]:
    """What is to be known of the source: its letters, and how many columns were not read."""
    parted = f", cells parted by {table.delimiter}" if table.delimiter else ""
    notes = [f"read as {table.letters}{parted}"]
    return [*notes, f"columns not read: {len(columns.ignored)}"] if columns.ignored else notes
