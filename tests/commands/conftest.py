"""A short folder for installations: a socket's path may have 107 bytes at most."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder directly under the system's temporary folder."""
    with tempfile.TemporaryDirectory(prefix="charterline-t-") as path:
        yield Path(path)
