"""Gather: keys or speech, with nested prompts that a key interrupts (docs voice/twiml/gather)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carrier.outgoing import Form
from carrier.twiml.model import Gather
from carrier.verbs.activity import Activity
from carrier.verbs.prompts import Prompts

if TYPE_CHECKING:
    from carrier.schedule import Timer
    from carrier.script import Script

SPEECH_END_SECONDS = 0.5
AUTO_SECONDS = 5.0
CONFIDENCE = "0.95"


class Gathering(Activity):
    """Ends by `numDigits`, `finishOnKey`, a sentence or silence; without input it falls through to the next verb.

    `timeout` counts from the end of the prompts and anew from each key.
    """

    def __init__(self, script: Script, verb: Gather) -> None:
        super().__init__(script)
        self._verb = verb
        self._digits = ""
        self._over = False
        self._prompts = Prompts(script, verb.nested, self._await)
        self._timer: Timer | None = None
        self._seconds = float(verb.timeout) if verb.timeout.isdigit() else AUTO_SECONDS

    @property
    def wants_keys(self) -> bool:
        """True as long as it lasts."""
        return not self._over

    def start(self) -> None:
        """Answer the call if need be, and begin the prompts."""
        self.network.pick_up(self.call)
        self.call.party.gather_began()
        self._prompts.start()

    def stop(self, why: str) -> None:
        """Collect no more."""
        self._over = True
        self._prompts.stop()
        self._cancel()

    def digit(self, key: str) -> None:
        """Take a key: it interrupts the prompts unless bargeIn is false."""
        if self._over or "dtmf" not in self._verb.input:
            return
        if self._verb.barge_in:
            self._prompts.stop()
        if key in self._verb.finish_on_key:
            self._finish(key)
            return
        self._digits += key
        if self._verb.num_digits and len(self._digits) >= self._verb.num_digits:
            self._finish("")
        else:
            self._await()

    def speech(self, text: str) -> None:
        """Take a sentence; the result is sent when the speaker has been silent for a moment."""
        if self._over or "speech" not in self._verb.input:
            return
        self._prompts.stop()
        self._cancel()
        form = (("SpeechResult", text), ("Confidence", CONFIDENCE))
        self._timer = self.network.after(SPEECH_END_SECONDS, lambda: self._send(form))

    def _await(self) -> None:
        self._cancel()
        self._timer = self.network.after(self._seconds, lambda: self._finish(""))

    def _cancel(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _finish(self, key: str) -> None:
        if self._digits or self._verb.action_on_empty_result:
            finished = (("FinishedOnKey", key),) if key else ()
            self._send((("Digits", self._digits), *finished))
            return
        self.stop("done")
        self.call.party.changed()
        self.script.proceed()

    def _send(self, form: Form) -> None:
        self.stop("done")
        self.script.load(self._verb.action, self._verb.method, (("msg", "Gather End"), *form))
        self.call.party.changed()
