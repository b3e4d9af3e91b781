"""A day as an address or a form has it."""

from datetime import date


def read_day(text: str) -> date | None:
    """The day that is written like 2026-12-01, None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
