"""Runs tests with a defect in the product: a plugin for pytest, which puts it there before any test is read."""

import os
from contextlib import ExitStack

import pytest

_in_place = ExitStack()


def pytest_sessionstart() -> None:
    """Put the defect that the environment names."""
    # Not earlier: pytest wants to read the fixtures of the tests itself.
    from tests.mutations.every import EVERY
    from tests.mutations.putting import NAMED_BY, put

    name = os.environ[NAMED_BY]
    defect = next((defect for defect in EVERY if defect.name == name), None)
    if defect is None:
        raise pytest.UsageError(f"no defect is called {name!r}")
    _in_place.enter_context(put(defect))


def pytest_sessionfinish() -> None:
    """Take it out again."""
    _in_place.close()
