"""Say, Play and Pause, alone or nested in Gather: pieces of sound one after another in engine time."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from carrier.hearing import Heard
from carrier.twiml.model import Pause, Play, Say, Sound
from carrier.verbs.activity import Activity

if TYPE_CHECKING:
    from carrier.network import Network
    from carrier.options import Options
    from carrier.schedule import Timer
    from carrier.script import Script

MOST_LOOPS = 1000


def spoken_seconds(text: str, options: Options) -> float:
    """Estimate how long a text takes to say: a Hangul syllable or digit counts one, other letters half."""
    full = sum(1 for letter in text if letter.isdigit() or "가" <= letter <= "힣")
    half = sum(1 for letter in text if letter.isalpha()) - sum(1 for letter in text if "가" <= letter <= "힣")
    return max(0.3, (full + half / 2) / options.syllables_per_second)


def played_seconds(url: str, network: Network) -> float:
    """Return how long a sound plays: `seconds=` in its query or fragment; a recording of ours its time; the option."""
    parts = urlsplit(url)
    for text in (parts.fragment, parts.query):
        given = parse_qs(text).get("seconds", [""])[-1]
        if re.fullmatch(r"\d+(\.\d+)?", given):
            return float(given)
    recording = network.own_recording(url)
    return float(recording.seconds) if recording is not None else network.options.play_seconds


class Prompts:
    """Sounds heard one after another on a leg; `finished` is called when the last has been heard."""

    def __init__(self, script: Script, sounds: Sequence[Sound], finished: Callable[[], None]) -> None:
        self._script, self._finished = script, finished
        self._left: deque[tuple[Sound, int]] = deque((sound, _times(sound)) for sound in sounds)
        self._piece: Heard | None = None
        self._timer: Timer | None = None

    def start(self) -> None:
        """Let the next sound be heard, or finish."""
        if not self._left:
            self._finished()
            return
        sound, times = self._left.popleft()
        if times > 1:
            self._left.appendleft((sound, times - 1))
        call, options = self._script.call, self._script.network.options
        match sound:
            case Say(content=text):
                self._piece, seconds = call.hear("say", text=text), spoken_seconds(text, options)
            case Play(content=address, digits=digits) if not digits:
                url = self._script.absolute(address)
                self._piece, seconds = call.hear("play", url=url), played_seconds(url, self._script.network)
            case Play(digits=digits):
                self._piece, seconds = call.hear("beep", text=digits), max(0.3, 0.3 * len(digits))
            case Pause(length=length):
                self._piece, seconds = call.hear("silence"), float(length)
        self._timer = self._script.network.after(seconds, self._next)

    def _next(self) -> None:
        if self._piece is not None:
            self._script.call.quiet(self._piece, complete=True)
            self._piece = None
        self.start()

    def stop(self) -> None:
        """Fall silent; what was being heard stays incomplete."""
        self._left.clear()
        if self._timer is not None:
            self._timer.cancel()
        if self._piece is not None:
            self._script.call.quiet(self._piece, complete=False)
            self._piece = None


def _times(sound: Sound) -> int:
    return 1 if isinstance(sound, Pause) else sound.loop or MOST_LOOPS


class Sounding(Activity):
    """A Say, Play or Pause of its own. A leading Pause does not answer the call."""

    def __init__(self, script: Script, verb: Sound) -> None:
        super().__init__(script)
        self._answers = not isinstance(verb, Pause)
        self._prompts = Prompts(script, (verb,), script.proceed)

    def start(self) -> None:
        """Let it be heard."""
        if self._answers:
            self.network.pick_up(self.call)
        self._prompts.start()

    def stop(self, why: str) -> None:
        """Fall silent."""
        self._prompts.stop()
