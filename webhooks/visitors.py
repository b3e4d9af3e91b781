"""How often one address may open the public pages, counted in each web process: pages do not crowd out calls."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from ivr.access.pace import BURST, PER_SECOND, Bucket, taken

EXTENSION: Final = "visitors"
# A bucket that nobody took from for so long is full again: forgetting it changes nothing.
FULL_AGAIN: Final = timedelta(seconds=BURST / PER_SECOND)
MOST_ADDRESSES: Final = 10_000
# One subscriber has a whole network of this size, RFC 6177.
OF_ONE_SUBSCRIBER: Final = 64


class Visitors:
    """The buckets of this process, by address; a bounded number of them."""

    def __init__(self) -> None:
        self._buckets: dict[str, Bucket] = {}

    def admits(self, address: str, at: datetime) -> bool:
        """Count one request of an address; whether it may go on."""
        whose = _subscriber(address)
        left = taken(self._buckets.get(whose), at)
        if isinstance(left, float):
            return False
        if whose not in self._buckets and len(self._buckets) >= MOST_ADDRESSES:
            self._forget(at)
        self._buckets[whose] = left
        return True

    def _forget(self, at: datetime) -> None:
        """Those that are full again; where none is, whoever took longest ago."""
        kept = {whose: bucket for whose, bucket in self._buckets.items() if at - bucket.at < FULL_AGAIN}
        if len(kept) >= MOST_ADDRESSES:
            del kept[min(kept, key=lambda whose: kept[whose].at)]
        self._buckets = kept


def _subscriber(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(ip_network((found, OF_ONE_SUBSCRIBER), strict=False))
    return str(found)
