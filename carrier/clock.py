"""The carrier's only reading of the system clock; the engine itself is handed the time."""

from datetime import UTC, datetime


def wall_clock() -> datetime:
    """Return the present moment as an aware UTC time."""
    return datetime.now(UTC)
