"""Status callbacks: who asked for which events, and their sending with sequence, time stamp and faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING

from carrier.fetching import Cookies, Fetch, Fetched, Unfetched, Wanted

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.network import Network


@dataclass(frozen=True)
class CallbackTarget:
    """Where callbacks go and for which events; the default is the end of the call only."""

    url: str
    method: str = "POST"
    events: frozenset[str] = field(default=frozenset({"completed"}))


def rfc2822(moment: datetime) -> str:
    """Write a time as Twilio does: RFC 2822, UTC, whole seconds."""
    return format_datetime(moment)


def progress(call: Call, event: str) -> None:
    """Send a call-progress event if it was asked for (initiated, ringing, answered, completed).

    The number in SequenceNumber counts per call from 0 (docs voice/api/call-resource).
    """
    target = call.callback
    if target is None or not target.url or event not in target.events:
        return
    form = dict(call.form())
    form |= {
        "Timestamp": rfc2822(call.network.now),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(call.sequence),
    }
    if event == "completed":
        form |= {"CallDuration": str(call.duration), "Duration": str(-(-call.duration // 60))}
    call.sequence += 1
    send(call.network, target, form)


def send(network: Network, target: CallbackTarget, form: Mapping[str, str]) -> None:
    """Send one callback, subject to the faults that are switched on; its failure only raises an alert."""
    faults, dice = network.faults, network.dice
    if dice.happens(faults.callback_drop):
        network.log("callback dropped by fault injection", form.get("CallSid", ""))
        return
    delay = 0.0
    if dice.happens(faults.callback_delay):
        delay += dice.between(*faults.delay_seconds)
    if dice.happens(faults.callback_reorder):
        delay += dice.between(0.2, 2.0)
    copies = 2 if dice.happens(faults.callback_duplicate) else 1
    for copy in range(copies):
        network.after(delay + copy * dice.between(0.0, 1.0), lambda: _send_now(network, target, form))


def _send_now(network: Network, target: CallbackTarget, form: Mapping[str, str]) -> None:
    def finished(result: Fetched | Unfetched) -> None:
        if isinstance(result, Unfetched):
            network.alert(result.code, result.message, call=form.get("CallSid", ""), url=result.url)

    Fetch(network, Wanted(target.method, target.url, tuple(form.items())), Cookies(), finished)
