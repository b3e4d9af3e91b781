"""The one door to a network: whoever reads or changes it from outside goes through here, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Any

from carrier.network import Network


class Gate:
    """A network behind a lock. `clock` brings its time up to the present first; `left` is told afterwards.

    Without a clock (virtual time) the engine's time stands still while somebody is inside.
    """

    def __init__(
        self,
        network: Network,
        lock: AbstractContextManager[Any],  # Any: what entering a lock returns is of no interest
        clock: Callable[[], datetime] | None = None,
        left: Callable[[], None] | None = None,
    ) -> None:
        self._network, self._lock, self._clock, self._left = network, lock, clock, left

    @contextmanager
    def entered(self) -> Iterator[Network]:
        """Hold the network for the length of a `with` block."""
        with self._lock:
            if self._clock is not None:
                self._network.run_until(self._clock())
            yield self._network
            if self._left is not None:
                self._left()
