"""Record: a beep, then the caller's voice until a key, silence, the longest time or the end of the call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carrier.callbacks import CallbackTarget
from carrier.recordings import Recording
from carrier.twiml.model import Record
from carrier.verbs.activity import Activity

if TYPE_CHECKING:
    from carrier.schedule import Timer
    from carrier.script import Script

BEEP_SECONDS = 0.5


class RecordingVoice(Activity):
    """Ends with a request to `action`, by default the present document (so it loops without one).

    A person without a script is taken to speak until a key is pressed; a scripted one speaks a set time, then the
    silence of `timeout` ends it.
    """

    def __init__(self, script: Script, verb: Record) -> None:
        super().__init__(script)
        self._verb = verb
        self._timers: list[Timer] = []
        self._recording: Recording | None = None

    @property
    def wants_keys(self) -> bool:
        """True as long as it lasts: a key ends it."""
        return True

    def start(self) -> None:
        """Beep, then record."""
        self.network.pick_up(self.call)
        if self._verb.play_beep:
            self.call.beep()
        self._timers.append(self.network.after(BEEP_SECONDS if self._verb.play_beep else 0.0, self._begin))

    def _begin(self) -> None:
        verb = self._verb
        target = CallbackTarget(
            self.script.absolute(verb.recording_status_callback),
            verb.recording_status_callback_method,
            frozenset(verb.recording_status_callback_event),
        )
        self._recording = self.network.record(self.call, source="RecordVerb", channels=1, target=target)
        self.call.party.gather_began()
        self._timers.append(self.network.after(verb.max_length, lambda: self._finish("")))
        speaking = self.call.party.speak_seconds
        if speaking is not None:
            self._timers.append(self.network.after(speaking + verb.timeout, lambda: self._finish("")))

    def digit(self, key: str) -> None:
        """End the recording with one of the finishing keys."""
        if self._recording is not None and key in self._verb.finish_on_key:
            self._finish(key)

    def stop(self, why: str) -> None:
        """End the recording; when the caller has hung up, the action is told with Digits=hangup."""
        recording = self._put_down()
        if recording is not None and why == "hangup":
            form = self._result(recording, "hangup")
            self.script.notify(self._verb.action, self._verb.method, form)

    def _finish(self, key: str) -> None:
        recording = self._put_down()
        if recording is not None:
            self.script.load(self._verb.action, self._verb.method, self._result(recording, key))

    def _put_down(self) -> Recording | None:
        for timer in self._timers:
            timer.cancel()
        recording, self._recording = self._recording, None
        if recording is not None:
            recording.stop()
        return recording

    def _result(self, recording: Recording, key: str) -> tuple[tuple[str, str], ...]:
        return (
            ("RecordingSid", recording.sid),
            ("RecordingUrl", self.network.options.public_url + recording.path),
            ("RecordingDuration", str(recording.seconds)),
            ("Digits", key),
        )
