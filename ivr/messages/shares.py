"""Which provider a message is given to, and how a failing or slow one loses its part step by step."""

# After GOV.UK Notify: ten points at a time and at most once a minute, never all at once for one error. A provider
# that got nothing for a while has nothing against it any more: it regains a step, which is how it is tried again.

import hashlib
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ivr.messages.providers import ShareRules

FAILING, SLOW, RECOVERED = "failing", "slow", "recovered"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a provider in the window; `orders` that were answered or not, `failures` of them.

    `timed` were taken long enough ago to have arrived, `slow` of them did not arrive in time. `usual` is its
    part in good times.
    """

    name: str
    share: int
    usual: int
    fixed: bool = False
    orders: int = 0
    failures: int = 0
    timed: int = 0
    slow: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A provider's new part, and why."""

    name: str
    share: int
    reason: str


def choose(message_id: str, shares: Mapping[str, int], allowed: Collection[str]) -> str:
    """The provider of a message among those allowed, at least one: always the same for the same id and shares.

    Providers without any part are chosen only where nobody else may be.
    """
    names = sorted(allowed)
    parts = [shares.get(name, 0) for name in names]
    total = sum(parts)
    if total <= 0:
        return names[0]
    place = int.from_bytes(hashlib.sha256(message_id.encode()).digest()[:8]) % total
    return names[bisect_right(list(accumulate(parts)), place)]


def weigh(seen: Sequence[Seen], rules: ShareRules) -> list[Change]:
    """One step: whoever fails or is slow loses points to the others, else parts move back to what is usual."""
    movable = [one for one in seen if not one.fixed]
    bad = {one.name: why for one in movable if (why := trouble(one, rules))}
    good = [one for one in movable if one.name not in bad]
    losing = next((one for one in movable if one.name in bad and one.share > 0), None)
    if losing is not None and good:
        gaining = max(good, key=lambda one: (one.usual, one.name))
        return _moved(losing, gaining, min(rules.step, losing.share), bad[losing.name])
    missing = next((one for one in good if one.share < one.usual), None)
    having = max(movable, key=lambda one: one.share - one.usual, default=None)
    if missing is None or having is None or having.share <= having.usual:
        return []
    points = min(rules.step, missing.usual - missing.share, having.share - having.usual)
    return _moved(having, missing, points, RECOVERED)


def trouble(one: Seen, rules: ShareRules) -> str | None:
    """What is wrong with a provider, if enough was seen of it."""
    if one.orders >= rules.least_orders and one.failures * 100 > rules.failing_percent * one.orders:
        return FAILING
    if one.timed >= rules.least_orders and one.slow * 100 > rules.slow_percent * one.timed:
        return SLOW
    return None


def _moved(giver: Seen, taker: Seen, points: int, reason: str) -> list[Change]:
    return [Change(giver.name, giver.share - points, reason), Change(taker.name, taker.share + points, reason)]
