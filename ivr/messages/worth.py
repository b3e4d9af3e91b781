"""How long a message stays worth sending, as a template says it: `20 minutes`, `1 hour`, `3 days`."""

import re
from datetime import timedelta

DEFAULT = "1 hour"
_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
_WRITTEN = re.compile(r"([1-9][0-9]{0,3}) (minute|hour|day)s?")


def read_worth(text: object) -> timedelta:
    """Read a span; raises ValueError for what is not written like `20 minutes`."""
    found = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise ValueError(f'{text!r} is no span of time: write it like "20 minutes", "1 hour" or "3 days"')
    return int(found[1]) * _UNITS[found[2]]
