"""When something happened, as well as the record can tell."""

from datetime import datetime, timedelta

from ivr.calls.facts import Told
from ivr.calls.rings import LATEST_ARRIVAL


def moment(fact: Told) -> datetime | None:
    """The arrival, or the carrier's stamp of an event that was held up on its way.

    None for an end that was learnt by asking, without a stamp: it came at some time before.
    """
    if fact.said_at is None:
        return None if fact.detail.get("asked") else fact.received_at
    return fact.received_at if fact.received_at - fact.said_at <= LATEST_ARRIVAL else fact.said_at


def milliseconds(span: timedelta) -> int:
    """A span in whole milliseconds; what clocks put before its beginning is 0."""
    return max(round(span / timedelta(milliseconds=1)), 0)
