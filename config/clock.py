"""The one place that reads the system clock; everything else is handed a `Clock` or a time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present moment as an aware UTC time."""
    return datetime.now(UTC)
