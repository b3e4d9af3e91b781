"""Names of people where the whole one is not needed, as in lists."""

MOST_STARS = 4


def masked_name(name: str | None) -> str | None:
    """The first sign of a name, a few others hidden; None for none."""
    return name[0] + "*" * min(len(name) - 1, MOST_STARS) if name else None
