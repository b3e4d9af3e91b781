"""A folder of files that only their owner reads, each of them there whole or not at all."""

import os
import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

GROWING: Final = ".part"
DAY: Final = 86_400.0


class Folder:
    """Files by the names that the database knows them by. Several hosts need one shared folder.

    What a process had half written when it was killed is taken away by the first write a day later.
    """

    def __init__(self, place: Path, names: re.Pattern[str]) -> None:
        self._place, self._names, self._cleared = place, names, 0.0

    def write(self, name: str, pieces: Iterable[bytes]) -> int:
        """Write a file; returns its bytes. Raises OSError where the folder cannot be written."""
        path = self._path(name)
        growing = path.with_suffix(f".{os.getpid()}{GROWING}")
        try:
            with self.opened_for_writing(growing.name) as file:
                size = sum(file.write(piece) for piece in pieces)
            # The disk's own time, which is that of all hosts with this folder.
            self._clear(growing.stat().st_mtime)
            growing.replace(path)
        except OSError:
            # A disk that is full takes the beginning of it.
            growing.unlink(missing_ok=True)
            raise
        return size

    def opened_for_writing(self, name: str) -> BinaryIO:
        """A file of the folder, empty; raises OSError."""
        self._place.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._place / Path(name).name
        path.touch(mode=0o600)
        return path.open("wb")

    def opened(self, name: str) -> BinaryIO | None:
        """The file to be read, None where there is none (any more)."""
        try:
            return self._path(name).open("rb")
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Delete a file; one that is not there is no fault."""
        self._path(name).unlink(missing_ok=True)

    def _clear(self, now: float) -> None:
        if now - self._cleared < DAY:
            return
        self._cleared = now
        for left in self._place.glob(f"*{GROWING}"):
            # Another process may be doing the same.
            with suppress(OSError):
                if now - left.stat().st_mtime > DAY:
                    left.unlink()

    def _path(self, name: str) -> Path:
        if not self._names.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a file in {self._place}: they are like {self._names.pattern}")
        return self._place / name
