"""The folder in which files lie that people sent to the console, until what they hold has been taken over."""

import os
import re
from pathlib import Path
from typing import BinaryIO

FOLDER = "uploads"
CHUNK = 1024 * 1024
_NAME = re.compile(r"[a-z0-9]{8,64}(\.refused)?")


class Uploads:
    """Files by the names that the database knows them by. Several hosts need one shared folder."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def keep(self, name: str, stream: BinaryIO) -> int:
        """Write a file whole or not at all, a piece at a time; returns its bytes. Raises OSError."""
        growing = self._path(name).with_suffix(f".{os.getpid()}.part")
        size = 0
        try:
            with self.opened_for_writing(growing.name) as file:
                while piece := stream.read(CHUNK):
                    size += file.write(piece)
            growing.replace(self._path(name))
        except OSError:
            # A disk that is full takes the beginning of it.
            growing.unlink(missing_ok=True)
            raise
        return size

    def opened_for_writing(self, name: str) -> BinaryIO:
        """A file of the folder that only its owner reads, empty; raises OSError."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._folder / Path(name).name
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

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of an upload: small letters and digits")
        return self._folder / name
