"""Times in buckets: exact counts at the limits that matter, percentiles within one bucket, and sums over any days."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

# From each bound on, buckets are so wide (ms). 6.0, 7.0, 9.0 and 20.0 s are edges, so that counts below are exact.
SPANS = ((0, 100), (15_000, 1_000), (60_000, 10_000), (600_000, 60_000))
ENDS_AT = 3_600_000
PERCENTILES = {"p50": Fraction(1, 2), "p90": Fraction(9, 10), "p99": Fraction(99, 100)}


def _first_buckets() -> tuple[int, ...]:
    """The number of the first bucket of each span, and of the last one, which has no end."""
    bounds = [*(start for start, _ in SPANS), ENDS_AT]
    numbers = [0]
    for (start, width), end in zip(SPANS, bounds[1:], strict=True):
        numbers.append(numbers[-1] + (end - start) // width)
    return tuple(numbers)


FIRST_BUCKETS = _first_buckets()
LAST_BUCKET = FIRST_BUCKETS[-1]


def bucket(milliseconds: int) -> int:
    """The bucket of a time of 0 ms or more; each reaches up to, not including, the start of the next."""
    if milliseconds >= ENDS_AT:
        return LAST_BUCKET
    place = max(place for place, (start, _) in enumerate(SPANS) if start <= milliseconds)
    start, width = SPANS[place]
    return FIRST_BUCKETS[place] + (milliseconds - start) // width


def starts_at(number: int) -> int:
    """The first millisecond of a bucket."""
    if number >= LAST_BUCKET:
        return ENDS_AT
    place = max(place for place in range(len(SPANS)) if FIRST_BUCKETS[place] <= number)
    start, width = SPANS[place]
    return start + (number - FIRST_BUCKETS[place]) * width


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many times lie in each bucket; empty buckets are left out."""

    counts: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, times: Iterable[int]) -> "Histogram":
        """The histogram of these milliseconds."""
        return cls(Counter(map(bucket, times)))

    @classmethod
    def read(cls, *stored: Sequence[int]) -> "Histogram":
        """All of these, each as a row keeps it, together; a year of thirty lines has twenty thousand of them."""
        counts = [0] * (LAST_BUCKET + 1)
        for pairs in stored:
            for number, count in zip(pairs[::2], pairs[1::2], strict=True):
                counts[number] += count
        return cls({number: count for number, count in enumerate(counts) if count})

    @property
    def stored(self) -> list[int]:
        """Bucket and count in turn, in the order of buckets, as a row keeps them."""
        return [value for number in sorted(self.counts) for value in (number, self.counts[number])]

    @property
    def total(self) -> int:
        """How many times there are."""
        return sum(self.counts.values())

    def __add__(self, other: "Histogram") -> "Histogram":
        """Both together."""
        return Histogram.read(self.stored, other.stored)

    def below(self, milliseconds: int) -> int:
        """How many lie below a limit; exact where it is an edge of a bucket, else all of that bucket is left out."""
        edge = bucket(milliseconds)
        return sum(count for number, count in self.counts.items() if number < edge)

    def percentile(self, share: Fraction) -> int | None:
        """The middle of the bucket (ms) of the least time that `share` of all reach; None where there is no time."""
        rank = max(ceil(share * self.total), 1)
        reached = 0
        for number in sorted(self.counts):
            reached += self.counts[number]
            if reached >= rank:
                return (starts_at(number) + starts_at(number + 1)) // 2
        return None
