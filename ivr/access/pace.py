"""How often one token may ask: a bucket that is filled steadily and emptied by requests."""

from dataclasses import dataclass
from datetime import datetime

PER_SECOND = 10.0
BURST = 50.0


@dataclass(frozen=True, slots=True)
class Bucket:
    """So many requests are left at `at`."""

    left: float
    at: datetime


def taken(bucket: Bucket | None, at: datetime) -> Bucket | float:
    """The bucket after one more request, or for how many seconds to wait before the next one."""
    passed = max(0.0, (at - bucket.at).total_seconds()) if bucket else 0.0
    left = min(BURST, bucket.left + passed * PER_SECOND) if bucket else BURST
    if left < 1:
        return (1 - left) / PER_SECOND
    return Bucket(left - 1, at)
