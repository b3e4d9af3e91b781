"""What is promised when a talk begins: that its opening is recorded, and read when it is over."""

from datetime import datetime, timedelta

from ivr.calls.offers import promise_of
from ivr.calls.rows import Offer
from ivr.lines.model import Line
from ivr.promises import Promise


def opening_promises(offer: Offer, line: Line, at: datetime) -> list[Promise]:
    """The promises of a talk that goes on; made again they are the same."""
    ends = at + timedelta(seconds=line.opening.seconds)
    args: dict[str, str | int] = {"offer": offer.id, "call": offer.call_id, "watch": 1}
    hear = Promise("hear-opening", f"hear-opening:{offer.id}", ends, args)
    return [promise_of("record-opening", offer, at), hear] if line.opening.record else [hear]
