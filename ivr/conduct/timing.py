"""When the caller of a long talk is told of the recommended time."""

from collections.abc import Sequence
from datetime import timedelta

from ivr.calls.facts import Told
from ivr.calls.rows import Offer
from ivr.conduct.reading import by_relay, entered
from ivr.lines.conduct import ConductRule
from ivr.promises import Promise


def time_notice(offer: Offer, facts: Sequence[Told], rule: ConductRule) -> list[Promise]:
    """The promise to play the notice in a talk that lasts so long; none for the relay service, or where it is off.

    The time is that of one talk: with the next agent it begins anew, since being passed on is not the caller's doing.
    """
    begun = entered(facts, offer.id)
    if begun is None or not rule.notice_after or by_relay(facts):
        return []
    due_at = begun.received_at + timedelta(seconds=rule.notice_after)
    args = {"offer": offer.id, "call": offer.call_id}
    return [Promise("time-notice", f"time-notice:{offer.id}", due_at, args)]
