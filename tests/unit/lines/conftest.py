"""The delivered lines, texts and calendar, and copies of the line files that a test may spoil."""

from copy import deepcopy
from typing import Any

import pytest

from config.files import HOLIDAYS, LINES, MESSAGES, read_file, read_folder
from ivr.lines.calendar import Calendar, load_calendar
from ivr.lines.model import Line, Lines
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.messages.texts import Texts


@pytest.fixture(scope="session")
def texts() -> Texts:
    return load_texts(read_folder(MESSAGES))


@pytest.fixture(scope="session")
def lines(texts: Texts) -> Lines:
    return load_lines(read_folder(LINES), texts)


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return load_calendar(read_file(HOLIDAYS))


@pytest.fixture(scope="session")
def kibo(lines: Lines) -> Line:
    return lines.by_id("kibo")


@pytest.fixture
def documents() -> dict[str, Any]:  # tables of any depth, changed at will by the tests
    return deepcopy(read_folder(LINES))
