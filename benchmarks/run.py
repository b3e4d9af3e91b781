"""What every benchmark is given: which databases to use, and whether a smoke run is enough."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the benchmarks. A quick one proves that they work; its figures mean little."""

    databases: Sequence[str]
    is_quick: bool

    def many(self, count: int, *, when_quick: int) -> int:
        """The number of things to do, fewer in a smoke run."""
        return when_quick if self.is_quick else count
