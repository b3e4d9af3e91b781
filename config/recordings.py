"""The folder in which the sealed sounds of recordings lie."""

import re
from pathlib import Path

from config.folder import Folder

FOLDER = "recordings"
_NAME = re.compile(r"[a-z0-9]{1,64}\.wav")


class Recordings(Folder):
    """Sealed sounds."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir / FOLDER, _NAME)

    def keep(self, name: str, sealed: bytes) -> None:
        """Write a sound; raises OSError where the folder cannot be written."""
        self.write(name, [sealed])

    def read(self, name: str) -> bytes | None:
        """The sealed sound, None where there is none."""
        file = self.opened(name)
        if file is None:
            return None
        with file:
            return file.read()
