"""The stock of the tests, on both databases: twelve calls of two agents and a round of six of them."""

import pytest
from sqlalchemy import Engine

from ivr.store import Store
from tests.unit.courtesy.stock import Stock


@pytest.fixture
def stock(engine: Engine) -> Stock:
    """Calls, but no round."""
    made = Stock(Store(engine))
    made.calls(made.agents(), 6)
    return made


@pytest.fixture
def drawn(stock: Stock) -> Stock:
    """Calls and a round, nothing scored."""
    stock.draw()
    return stock
