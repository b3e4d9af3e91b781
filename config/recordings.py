"""The folder in which the sealed sounds of recordings lie."""

import os
import re
from pathlib import Path

FOLDER = "recordings"
_NAME = re.compile(r"[a-z0-9]{1,64}\.wav")


class Recordings:
    """Sealed sounds as files, by the names that the database knows them by. Several hosts need one shared folder."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    def keep(self, name: str, sealed: bytes) -> None:
        """Write a sound whole or not at all; raises OSError where the folder cannot be written."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._path(name)
        growing = path.with_suffix(f".{os.getpid()}.part")
        try:
            growing.touch(mode=0o600)
            growing.write_bytes(sealed)
            growing.replace(path)
        except OSError:
            # A disk that is full takes the beginning of it.
            growing.unlink(missing_ok=True)
            raise

    def read(self, name: str) -> bytes | None:
        """The sealed sound, None where there is none."""
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def remove(self, name: str) -> None:
        """Delete a sound; one that is not there is no fault."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a recording: small letters and digits, then .wav")
        return self._folder / name
