"""The port to whoever makes words of what an agent says; which one, a setting chooses, and none is the default."""

from typing import Protocol

from ivr.orders import Order, StopTranscription
from ivr.prompts import Listen, Prompt

# One per leg: it is stopped by this name.
TRANSCRIPTION = "opening"


class Transcriber(Protocol):
    """Makes utterances of the agent's own channel; they are told to the address that `begin` is given."""

    def begin(self, language: str, events: str) -> tuple[Prompt, ...]:
        """What the agent's document does before the room; `events` is the absolute address for what is heard."""

    def end(self, leg_sid: str) -> Order | None:
        """The order that stops it on a leg; None where there is nothing to stop."""


class NoTranscriber:
    """Nothing is transcribed."""

    def begin(self, language: str, events: str) -> tuple[Prompt, ...]:
        """Do nothing."""
        return ()

    def end(self, leg_sid: str) -> Order | None:
        """There is nothing to stop."""
        return None


class CarriersTranscriber:
    """The carrier transcribes the leg itself (Twilio, Start and Transcription): the words leave the country."""

    def begin(self, language: str, events: str) -> tuple[Prompt, ...]:
        """Start before the room, so that the first word is heard."""
        return (Listen(TRANSCRIPTION, language, events),)

    def end(self, leg_sid: str) -> Order | None:
        """Stop it by its name."""
        return StopTranscription(leg_sid, TRANSCRIPTION)


NO_TRANSCRIBER: Transcriber = NoTranscriber()
TRANSCRIBERS: dict[str, Transcriber] = {"none": NO_TRANSCRIBER, "twilio": CarriersTranscriber()}
