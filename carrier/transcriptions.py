"""Real-time transcriptions: what the person on a leg says becomes events with words, as a speech engine sends them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from carrier import callbacks
from carrier.callbacks import CallbackTarget
from carrier.hearing import stamp
from carrier.verbs.prompts import spoken_seconds

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.schedule import Timer

INBOUND, OUTBOUND, BOTH = "inbound_track", "outbound_track", "both_tracks"
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Hearing:
    """How a transcription was asked for; `name` may stop it in place of its sid."""

    name: str = ""
    track: str = BOTH
    language: str = "en-US"
    partials: bool = False
    target: CallbackTarget | None = None


@dataclass(eq=False)
class Sentence:
    """A sentence that is being said; its words come when it has ended."""

    text: str
    track: str
    begun: datetime
    seconds: float
    timer: Timer | None = None


@dataclass(eq=False)
class Transcription:
    """One transcription of a leg; events are numbered from 1 (docs voice/twiml/transcription).

    The inbound track is what the person on this leg says, the outbound one what others in the talk say to it.
    Prompts are not transcribed.
    """

    call: Call
    sid: str
    asked: Hearing
    status: str = "in-progress"
    sequence: int = 0
    updated: datetime | None = None
    _saying: list[Sentence] = field(default_factory=list, repr=False)

    def begin(self) -> None:
        """Tell that it has started."""
        self._tell("transcription-started", Track=self.asked.track, PartialResults=str(self.asked.partials).lower())

    def hear(self, text: str, track: str) -> None:
        """Take a sentence that begins now on a track; its words are told when it has been said."""
        if self.status != "in-progress" or self.asked.track not in (track, BOTH):
            return
        network = self.call.network
        sentence = Sentence(text, track, network.now, spoken_seconds(text, network.options))
        wait = sentence.seconds + network.options.transcription_seconds
        sentence.timer = network.after(wait, lambda: self._said(sentence, text))
        self._saying.append(sentence)

    def stop(self) -> None:
        """Tell the words of what is being said as far as they have come, and that it has stopped."""
        if self.status != "in-progress":
            return
        for sentence in tuple(self._saying):
            elapsed = (self.call.network.now - sentence.begun).total_seconds()
            part = min(1.0, elapsed / sentence.seconds)
            self._said(sentence, sentence.text[: round(len(sentence.text) * part)])
        self.status, self.updated = "stopped", self.call.network.now
        self._tell("transcription-stopped")

    def _said(self, sentence: Sentence, text: str) -> None:
        self._saying.remove(sentence)
        if sentence.timer is not None:
            sentence.timer.cancel()
        if text:
            data = json.dumps({"transcript": text, "confidence": CONFIDENCE}, ensure_ascii=False)
            self._tell("transcription-content", Track=sentence.track, TranscriptionData=data, Final="true")

    def _tell(self, event: str, **more: str) -> None:
        target, network = self.asked.target, self.call.network
        self.sequence += 1
        if target is None or not target.url:
            return
        form = {
            "AccountSid": network.account.sid,
            "CallSid": self.call.sid,
            "TranscriptionSid": self.sid,
            "TranscriptionEvent": event,
            "LanguageCode": self.asked.language,
            "SequenceId": str(self.sequence),
            "Timestamp": stamp(network.now) or "",
            **more,
        }
        callbacks.send(network, target, form)


def transcribe(call: Call, asked: Hearing) -> Transcription:
    """Begin to transcribe a leg; it stops with the leg."""
    started = Transcription(call, call.network.dice.sid("GT"), asked)
    call.transcriptions.append(started)
    call.at_end.append(started.stop)
    started.begin()
    return started


def spoken(call: Call, text: str) -> None:
    """Let whoever transcribes this leg, or one that it talks with, hear what its person says."""
    for one in tuple(call.transcriptions):
        one.hear(text, INBOUND)
    talk = call.talks[-1] if call.talks and call.talks[-1].until is None else None
    for sid in talk.others if talk else ():
        for one in tuple(call.network.calls[sid].transcriptions):
            one.hear(text, OUTBOUND)
