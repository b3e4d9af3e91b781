"""The stock of the tests, on both databases: twelve calls of two agents and a round of six of them."""

import pytest
from sqlalchemy import Engine

from ivr.store import Store
from tests.store_fixtures.prepared import prepared
from tests.unit.courtesy.stock import Stock


@pytest.fixture
def stock(engine: Engine) -> Stock:
    """Calls, but no round."""
    prepared(engine, "calls without a round", lambda: _taken(engine))
    return Stock(Store(engine))


@pytest.fixture
def drawn(engine: Engine) -> Stock:
    """Calls and a round, nothing scored."""

    def written() -> None:
        _taken(engine)
        Stock(Store(engine)).draw()

    prepared(engine, "a round that is drawn", written)
    return Stock(Store(engine))


def _taken(engine: Engine) -> None:
    stock = Stock(Store(engine))
    stock.calls(stock.agents(), 6)
