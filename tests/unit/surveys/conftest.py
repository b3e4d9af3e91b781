"""The installed lines and words."""

import pytest

from config.files import LINES, MESSAGES, read_folder
from ivr.lines.model import Line, Lines
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.messages.texts import Texts


@pytest.fixture(scope="session")
def texts() -> Texts:
    """The installed words."""
    return load_texts(read_folder(MESSAGES))


@pytest.fixture(scope="session")
def lines(texts: Texts) -> Lines:
    """The installed lines."""
    return load_lines(read_folder(LINES), texts)


@pytest.fixture
def kibo(lines: Lines) -> Line:
    """The line of KIBO."""
    return lines.by_id("kibo")
