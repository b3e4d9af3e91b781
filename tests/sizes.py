"""How much a run of the tests tries: what a check has minutes for, or all with `CHARTERLINE_TEST_SIZE=full`."""

import os
from collections.abc import Sequence
from typing import Final, TypeVar

SIZE: Final = "CHARTERLINE_TEST_SIZE"
FULL: Final = "full"

One = TypeVar("One")


def is_full() -> bool:
    """Whether everything is tried."""
    return os.environ.get(SIZE) == FULL


def examples(count: int) -> int:
    """How many drawn examples a property is tried on: `count` in a full run, two fifths of them in a check."""
    return count if is_full() else max(min(count, 4), count * 2 // 5)


def a_part(of: Sequence[One], *, every: int) -> list[One]:
    """All of these in a full run, every so many in a check: for many alike, of which each is worth a look."""
    return list(of) if is_full() else list(of)[::every]
