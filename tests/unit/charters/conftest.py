"""The delivered charters, and copies of their files that a test may spoil."""

from copy import deepcopy
from typing import Any

import pytest

from config.files import CHARTERS, read_folder
from ivr.charters.model import Charters
from ivr.charters.reading import load_charters


@pytest.fixture(scope="session")
def charters() -> Charters:
    return load_charters(read_folder(CHARTERS))


@pytest.fixture
def documents() -> dict[str, Any]:  # tables of any depth, changed at will by the tests
    return deepcopy(read_folder(CHARTERS))
