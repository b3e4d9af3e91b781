"""The folder in which files lie that people sent to the console, until what they hold has been taken over."""

import re
from pathlib import Path
from typing import BinaryIO

from config.folder import Folder

FOLDER = "uploads"
CHUNK = 1024 * 1024
_NAME = re.compile(r"[a-z0-9]{8,64}(\.refused)?")


class Uploads(Folder):
    """Files that were sent, and beside them the rows that were refused."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__(data_dir / FOLDER, _NAME)

    def keep(self, name: str, stream: BinaryIO) -> int:
        """Write a file a piece at a time; returns its bytes. Raises OSError."""
        return self.write(name, iter(lambda: stream.read(CHUNK), b""))
