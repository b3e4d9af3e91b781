"""What guards keep while they look at the whole project."""

from collections.abc import Iterator

import pytest

from tests.guards.tree import parsed


@pytest.fixture(scope="package", autouse=True)
def _trees_are_let_go() -> Iterator[None]:
    """All syntax trees take a third of a gigabyte: no other test carries it along."""
    yield
    parsed.cache_clear()
