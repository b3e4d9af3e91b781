"""The words of a reading: who calls, a key that proves a person, the text, and hearing it again."""

from collections.abc import Sequence

from ivr.addresses import Address
from ivr.calls.talk import Talk
from ivr.prompts import Ask, Go, HangUp, Prompt, Say

HEAR, AGAIN = "1", "*"
# A voicemail presses nothing: it hears this often who called, and nothing of what is written.
TURNS = 2
MOST_READINGS = 5


def greet(talk: Talk, leg: str, *, turn: int) -> tuple[Prompt, ...]:
    """Say who calls, and that a notice is to be heard by pressing 1."""
    hello = talk.say("reading.hello", institution=talk.line.spoken_institution)
    return (Ask((hello,), talk.to(Address.READING_KEY, leg=leg, turn=turn)),)


def after_silence(talk: Talk, leg: str, *, turn: int) -> tuple[Prompt, ...]:
    """Nothing or another key: asked once more, then let go without a word of the content."""
    if turn < TURNS:
        return greet(talk, leg, turn=turn + 1)
    return (talk.say("reading.unheard", institution=talk.line.spoken_institution), HangUp())


def read(talk: Talk, leg: str, sentences: Sequence[str]) -> tuple[Prompt, ...]:
    """Read the text; being asked for what follows proves that it was heard to its end."""
    return (*(Say(sentence) for sentence in sentences), Go(talk.to(Address.READING_HEARD, leg=leg)))


def offer_again(talk: Talk, leg: str) -> tuple[Prompt, ...]:
    """It was heard: * reads it once more."""
    return (Ask((talk.say("reading.again"),), talk.to(Address.READING_AGAIN, leg=leg)),)


def goodbye(talk: Talk) -> tuple[Prompt, ...]:
    """The end."""
    return (talk.say("reading.thanks", institution=talk.line.spoken_institution), HangUp())
