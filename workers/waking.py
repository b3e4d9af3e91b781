"""A transaction after which the relay is woken, where anything was promised in it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from ivr.promises import PROMISED
from ivr.store import Store


@contextmanager
def waking(store: Store, ring_bell: Callable[[], None]) -> Iterator[Session]:
    """A session that commits at the end of the block, and rings the bell only then."""
    with store.transaction() as session:
        yield session
        promised = session.info.get(PROMISED, False)
    if promised:
        ring_bell()
