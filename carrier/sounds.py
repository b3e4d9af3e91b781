"""Which people a recording hears at present, and the sound that their pages give to it."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.network import Network
    from carrier.recordings import Recording


def is_recorded(call: Call) -> bool:
    """Say whether what is said on this leg goes into a recording now."""
    return any(call.sid in _heard(recording) for recording in call.network.recording_now)


def tell(recording: Recording) -> None:
    """Let the people whom this recording hears notice that it has begun, or is about to stop."""
    for sid in _heard(recording):
        recording.network.calls[sid].party.changed()


def record(call: Call, samples: array[int], at: datetime) -> None:
    """Lay what was said on this leg into the recordings that hear it; 16-bit samples at 8 kHz, from `at` on."""
    for recording in call.network.recording_now:
        channel = _heard(recording).get(call.sid)
        if channel is not None:
            recording.lay(samples, at=at, channel=channel)
            _keep_within(call.network)


def _heard(recording: Recording) -> Mapping[str, int]:
    """Return the legs that it hears, each with its channel: a room's, or its own leg's and those that leg hears."""
    if recording.status != "in-progress":
        return {}
    network = recording.network
    if recording.conference:
        room = network.conferences.get(recording.conference)
        speaking = [p for p in room.present if not (p.hold or p.muted or p.coach)] if room else []
        return {participant.call.sid: 0 for participant in speaking}
    own = network.calls.get(recording.call)
    if own is None:
        return {}
    second = recording.channels - 1
    others = {sid: second for sid in own.talks_with & network.calls.keys() if own.sid in network.calls[sid].heard_by}
    return {
        **(others if recording.track != "inbound" else {}),
        **({own.sid: 0} if recording.track != "outbound" else {}),
    }


def _keep_within(network: Network) -> None:
    """Let the oldest recordings fall back to their tone, so that a long day of talks fits into memory."""
    held = [recording for recording in network.recordings.values() if recording.sound]
    total = sum(len(recording.sound) for recording in held)
    while total > network.options.sound_samples and len(held) > 1:
        oldest = held.pop(0)
        total -= len(oldest.sound)
        oldest.sound = array("h")
