"""What a network may forget, so that a long day needs hardly more memory than a short one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from carrier.network import Network

Known = TypeVar("Known")


def forget(network: Network, before: datetime) -> None:
    """Forget calls, rooms, recordings and messages that were over before this moment, and telephones nobody uses.

    Whoever asks for one of them afterwards is told that there is none (20404).
    """
    _drop(network.calls, lambda call: call.ended and call.times["ended"] < before)
    for rooms in (network.conferences, network.rooms):
        _drop(rooms, lambda room: room.status == "completed" and (room.updated or room.created) < before)
    _drop(network.recordings, lambda recording: recording.ended is not None and recording.ended < before)
    _drop(network.messages, lambda message: message.updated < before)
    _drop(network.aggregated, lambda text: text.ended is not None and text.ended < before)
    _drop(network.handsets, lambda handset: handset.plan is None and not handset.busy)
    network.alerts[:] = [alert for alert in network.alerts if alert.at >= before]


def _drop(known: dict[str, Known], is_over: Callable[[Known], bool]) -> None:
    for name in [name for name, one in known.items() if is_over(one)]:
        del known[name]
