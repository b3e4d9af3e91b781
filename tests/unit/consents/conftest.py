"""A database, and somebody who agreed to happy calls by day."""

import pytest
from sqlalchemy import Engine

from ivr.people.rows import Person
from ivr.store import Store
from tests.unit.consents.people import add_person, agree


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


@pytest.fixture
def person(store: Store) -> Person:
    """Somebody who agreed to happy calls by day."""
    with store.transaction() as session:
        person = add_person(session)
        agree(session, person)
    return person
