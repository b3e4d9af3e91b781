"""What a person on the line is to hear or do next; `webhooks/twiml.py` alone turns these into TwiML."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Say:
    """Speak a text in the line's voice for its language."""

    text: str
    language: str = "ko-KR"


@dataclass(frozen=True, slots=True)
class Play:
    """Play a sound at an address."""

    url: str


@dataclass(frozen=True, slots=True)
class Ask:
    """Listen for keys while the parts are heard; the answer, or silence, goes to `then`.

    `digits` is how many keys end the listening (0: only `finish_on` or silence does); `seconds` is how
    long silence may last after the parts. `finish_on` is empty where "#" itself is an answer.
    """

    parts: tuple["Say | Play", ...]
    then: str
    digits: int = 1
    seconds: int = 5
    finish_on: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """Record the person after a tone, at most `seconds`, until one of the keys `finish_on`; then go to `then`."""

    then: str
    seconds: int
    finish_on: str = "#"


@dataclass(frozen=True, slots=True)
class Hold:
    """Put the caller into a queue; `wait` is heard meanwhile, `then` is fetched when the queue is left."""

    queue: str
    wait: str
    then: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Take the caller out of the queue."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Join the room of a call as the party named `label`; the caller's leaving ends it for all."""

    room: str
    label: str
    events: str
    then: str


@dataclass(frozen=True, slots=True)
class Attend:
    """Be in the room of a call beside those whose talk it is, as `label`; whoever leaves, the talk goes on.

    `coach` is the carrier's id of the one leg that hears what is said, empty for all of them.
    """

    room: str
    label: str
    events: str
    then: str
    is_muted: bool
    coach: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Connect to an outside number (E.164); what follows in the document is heard when that is over."""

    number: str


@dataclass(frozen=True, slots=True)
class Listen:
    """Have what the person on this leg says made into words from now on; `events` is absolute."""

    name: str
    language: str
    events: str


@dataclass(frozen=True, slots=True)
class Go:
    """Fetch the next document from an address."""

    url: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the leg."""


Prompt: TypeAlias = Say | Play | Ask | Record | Hold | Leave | Connect | Attend | Transfer | Listen | Go | HangUp
