"""Recordings: their times, states and callbacks, and the sound that pages gave; a generated tone where none did."""

from __future__ import annotations

import array
import io
import math
import wave
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from carrier import callbacks, sounds
from carrier.callbacks import CallbackTarget, rfc2822

if TYPE_CHECKING:
    from carrier.network import Network

RATE = 8000
TONE_HERTZ = 440
LONGEST_MEDIA = 600


@dataclass(eq=False)
class Recording:
    """One recording of a call or of a conference; status is in-progress, paused, processing, completed or absent."""

    network: Network
    sid: str
    call: str
    source: str
    started: datetime
    channels: int = 1
    conference: str = ""
    track: str = "both"
    target: CallbackTarget | None = None
    status: str = "in-progress"
    ended: datetime | None = None
    skipped: float = 0.0
    pause_behaviour: str = "silence"
    updated: datetime | None = None
    # Samples, interleaved by channel; empty as long as nobody's page has given any sound.
    sound: array.array[int] = field(default_factory=lambda: array.array("h"), repr=False)
    _paused_at: datetime | None = field(default=None, repr=False)

    @property
    def seconds(self) -> int:
        """The whole seconds of sound; pauses count unless they were skipped."""
        end = self.ended or self.network.now
        return max(0, round((end - self.started).total_seconds() - self.skipped))

    @property
    def path(self) -> str:
        """The path of the resource, without suffix."""
        return f"/2010-04-01/Accounts/{self.network.account.sid}/Recordings/{self.sid}"

    def begin(self) -> None:
        """Send the in-progress callback if it was asked for, once everything about the recording is known."""
        self.network.after(0.0, lambda: self._tell("in-progress"))

    def pause(self, behaviour: str) -> None:
        """Stop taking sound for a while: `silence` keeps the time axis, `skip` cuts the pause out."""
        if self.status == "in-progress":
            sounds.tell(self)
            self.status, self.pause_behaviour, self._paused_at = "paused", behaviour, self.network.now
            self.updated = self.network.now

    def resume(self) -> None:
        """Take sound again."""
        if self.status != "paused" or self._paused_at is None:
            return
        if self.pause_behaviour == "skip":
            self.skipped += (self.network.now - self._paused_at).total_seconds()
        self.status, self._paused_at, self.updated = "in-progress", None, self.network.now
        sounds.tell(self)

    def stop(self) -> None:
        """End it; it is completed, and said to be so, when it has been processed."""
        if self.status not in ("in-progress", "paused"):
            return
        self.resume()
        sounds.tell(self)
        self.status, self.ended, self.updated = "processing", self.network.now, self.network.now
        if self in self.network.recording_now:
            self.network.recording_now.remove(self)
        self.network.after(self.network.options.recording_seconds, self._complete)

    def lay(self, samples: array.array[int], *, at: datetime, channel: int) -> None:
        """Add 16-bit samples at 8 kHz to a channel, from the moment `at` on; what is outside the recording is cut."""
        if self.status != "in-progress":
            return
        first = round(((at - self.started).total_seconds() - self.skipped) * RATE)
        samples, first = samples[max(0, -first) :], max(0, first)
        samples = samples[: max(0, LONGEST_MEDIA * RATE - first)]
        missing = (first + len(samples)) * self.channels - len(self.sound)
        if samples and missing > 0:
            self.sound.frombytes(bytes(2 * missing))
        place = slice(first * self.channels + channel, (first + len(samples)) * self.channels, self.channels)
        self.sound[place] = _mixed(self.sound[place], samples)

    def as_wav(self) -> bytes:
        """Return a WAV file (8 kHz, 16 bit) of its whole seconds, at most ten minutes."""
        if not self.sound:
            return tone(self.seconds, self.channels)
        length = min(self.seconds, LONGEST_MEDIA) * RATE * self.channels
        sound = self.sound[:length]
        return _wav(sound.tobytes() + bytes(2 * (length - len(sound))), self.channels)

    def _complete(self) -> None:
        self.status = "completed" if self.seconds else "absent"
        self.updated = self.network.now
        self._tell(self.status)

    def _tell(self, event: str) -> None:
        if self.target is None or not self.target.url or event not in self.target.events:
            return
        form = {
            "AccountSid": self.network.account.sid,
            "CallSid": self.call,
            "ConferenceSid": self.conference,
            "RecordingSid": self.sid,
            "RecordingUrl": self.network.options.public_url + self.path,
            "RecordingStatus": event,
            "RecordingDuration": str(self.seconds),
            "RecordingChannels": str(self.channels),
            "RecordingStartTime": rfc2822(self.started),
            "RecordingSource": self.source,
            "RecordingTrack": self.track,
        }
        callbacks.send(self.network, self.target, {key: value for key, value in form.items() if value})


def tone(seconds: int, channels: int) -> bytes:
    """Return a WAV file (8 kHz, 16 bit) of that many seconds, at most ten minutes, holding a soft tone."""
    second = array.array("h")
    for step in range(RATE):
        second.extend([round(6000 * math.sin(2 * math.pi * TONE_HERTZ * step / RATE))] * channels)
    return _wav(second.tobytes() * min(seconds, LONGEST_MEDIA), channels)


def _mixed(one: array.array[int], other: array.array[int]) -> array.array[int]:
    if not any(one):
        return other
    return array.array("h", [max(-32768, min(32767, a + b)) for a, b in zip(one, other, strict=True)])


def _wav(frames: bytes, channels: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(frames)
    return buffer.getvalue()
