"""The one door to a network: whoever reads or changes it from outside goes through here, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from carrier.network import Network


class Gate:
    """A network behind a lock. `catch_up` brings its time to the present first; `left` is told afterwards.

    Without them (virtual time) the engine's time stands still while somebody is inside.
    """

    def __init__(
        self,
        network: Network,
        lock: AbstractContextManager[Any],  # Any: what entering a lock returns is of no interest
        *,
        catch_up: Callable[[], None] | None = None,
        left: Callable[[], None] | None = None,
    ) -> None:
        self._network, self._lock, self._catch_up, self._left = network, lock, catch_up, left

    @contextmanager
    def entered(self) -> Iterator[Network]:
        """Hold the network for the length of a `with` block."""
        with self._lock:
            if self._catch_up is not None:
                self._catch_up()
            try:
                yield self._network
            finally:
                if self._left is not None:
                    self._left()
