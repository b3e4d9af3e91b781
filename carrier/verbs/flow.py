"""The verbs that steer: Redirect, Hangup, Reject, Leave, and Start and Stop of what runs beside the document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carrier.callbacks import CallbackTarget
from carrier.transcriptions import Hearing, transcribe
from carrier.twiml.model import Recording, Redirect, Reject, Start, Stop, Transcription
from carrier.verbs.activity import Activity

if TYPE_CHECKING:
    from carrier.script import Script


class Redirecting(Activity):
    """Goes on with another document."""

    def __init__(self, script: Script, verb: Redirect) -> None:
        super().__init__(script)
        self._verb = verb

    def start(self) -> None:
        """Fetch it."""
        self.script.load(self._verb.content, self._verb.method)


class HangingUp(Activity):
    """Ends the call; as a first verb it answers before it ends."""

    def start(self) -> None:
        """End it."""
        self.network.pick_up(self.call)
        self.script.finish("hangup")


class Rejecting(Activity):
    """Refuses an incoming call without answering it; an answered call goes on to the next verb."""

    def __init__(self, script: Script, verb: Reject) -> None:
        super().__init__(script)
        self._verb = verb

    def start(self) -> None:
        """Refuse with a busy tone for reason busy, else with a not-in-service message."""
        if self.call.status != "ringing":
            self.script.proceed()
            return
        self.script.finish("busy" if self._verb.reason == "busy" else "rejected")


class Leaving(Activity):
    """Takes the caller out of the queue; elsewhere it does nothing (docs voice/twiml/leave)."""

    def start(self) -> None:
        """Leave, if this is a wait document."""
        if self.script.place == "wait":
            self.script.finish("leave")
        else:
            self.script.warn(12200, "<Leave> has no effect outside a queue's waitUrl")
            self.script.proceed()


class Starting(Activity):
    """Begins recordings and transcriptions of this call and goes on at once."""

    def __init__(self, script: Script, verb: Start) -> None:
        super().__init__(script)
        self._verb = verb

    def start(self) -> None:
        """Begin what is nested."""
        for nested in self._verb.nested:
            match nested:
                case Recording():
                    self._record(nested)
                case Transcription():
                    self._transcribe(nested)
        self.script.proceed()

    def _record(self, recording: Recording) -> None:
        target = CallbackTarget(
            self.script.absolute(recording.recording_status_callback),
            recording.recording_status_callback_method,
            frozenset(recording.recording_status_callback_event),
        )
        started = self.network.record(
            self.call,
            source="StartCallRecordingTwiML",
            channels=1 if recording.channels == "mono" else 2,
            target=target,
        )
        started.track = recording.track

    def _transcribe(self, wanted: Transcription) -> None:
        # A relative URL is not called (docs voice/twiml/transcription).
        url = wanted.status_callback_url
        if not url.startswith(("http://", "https://")):
            self.script.warn(17585, f"<Transcription> statusCallbackUrl {url!r} is not absolute: nothing is told")
        target = CallbackTarget(url, wanted.status_callback_method) if url.startswith("http") else None
        asked = Hearing(wanted.name, wanted.track, wanted.language_code, wanted.partial_results, target)
        transcribe(self.call, asked)


class Stopping(Activity):
    """Ends recordings and transcriptions of this call and goes on at once."""

    def __init__(self, script: Script, verb: Stop) -> None:
        super().__init__(script)
        self._verb = verb

    def start(self) -> None:
        """End the running recordings, and the transcriptions of this name; those without one where none is given."""
        for nested in self._verb.nested:
            if isinstance(nested, Transcription):
                for started in self.call.transcriptions:
                    if started.asked.name == nested.name:
                        started.stop()
            else:
                self.network.stop_recordings(self.call)
        self.script.proceed()
