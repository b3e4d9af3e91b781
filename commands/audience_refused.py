"""Where the rows go that were not taken: to a file that is whole or not there."""

from collections.abc import Iterator
from contextlib import contextmanager

from commands.report_output import opened_output
from ivr.audiences.refusing import NoteRefused, note_nowhere, noting_refused

__all__ = ["NoteRefused", "refused_rows"]


@contextmanager
def refused_rows(output: str | None) -> Iterator[NoteRefused]:
    """Where refused rows are noted; without a file they are only counted."""
    if output is None:
        yield note_nowhere
        return
    with opened_output(output) as file, noting_refused(file) as note:
        yield note
