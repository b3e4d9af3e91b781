"""What somebody hears while waiting: a document that is asked for again and again, or the default music."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from carrier.hearing import Heard
from carrier.outgoing import Form
from carrier.script import Script

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.schedule import Timer

AFTER_FAILURE_SECONDS = 5.0


@dataclass(frozen=True)
class WaitSource:
    """Where the waiting sound comes from: a URL, None for the default music, "" for silence."""

    url: str | None
    method: str = "POST"
    place: str = "wait"
    form: Callable[[], Form] = tuple


class Waiting:
    """Plays the wait document until it is stopped. `ended` hears of "leave" and "hangup" in the document.

    A document that runs out is requested again, at most once per `wait_again_seconds`.
    """

    def __init__(self, call: Call, source: WaitSource, ended: Callable[[str], None]) -> None:
        self._call, self._source, self._ended = call, source, ended
        self._script: Script | None = None
        self._piece: Heard | None = None
        self._timer: Timer | None = None
        self._began: datetime = call.network.now

    @property
    def wants_keys(self) -> bool:
        """Whether the wait document is gathering."""
        return self._script is not None and self._script.wants_keys

    def start(self) -> None:
        """Begin to play."""
        self._timer = None
        if self._source.url:
            self._quiet()
            self._began = self._call.network.now
            self._script = Script(self._call, ended=self._over, place=self._source.place, form=self._source.form)
            self._script.load(self._source.url, self._source.method)
        else:
            self._piece = self._call.hear("hold" if self._source.url is None else "silence")

    def stop(self) -> None:
        """Fall silent for good."""
        if self._timer is not None:
            self._timer.cancel()
        if self._script is not None:
            self._script.stop("redirect")
        self._quiet()

    def digit(self, key: str) -> None:
        """Hand a key press to the wait document."""
        if self._script is not None:
            self._script.digit(key)

    def speech(self, text: str) -> None:
        """Hand a sentence to the wait document."""
        if self._script is not None:
            self._script.speech(text)

    def _quiet(self) -> None:
        if self._piece is not None:
            self._call.quiet(self._piece, complete=False)
            self._piece = None

    def _over(self, ending: str) -> None:
        network = self._call.network
        if ending in ("leave", "hangup"):
            self._ended(ending)
            return
        pause = max(0.0, network.options.wait_again_seconds - (network.now - self._began).total_seconds())
        if ending == "failed":
            pause = AFTER_FAILURE_SECONDS
            self._piece = self._call.hear("hold")
        self._timer = network.after(pause, self.start)
