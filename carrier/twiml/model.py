"""The verbs and nouns of TwiML that the carrier carries out; field names are the attributes in snake case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Say:
    """Speak a text; `loop` 0 means up to 1000 times."""

    content: str = ""
    voice: str = ""
    language: str = ""
    loop: int = 1


@dataclass(frozen=True)
class Play:
    """Play a file, or the tones in `digits`."""

    content: str = ""
    loop: int = 1
    digits: str = ""


@dataclass(frozen=True)
class Pause:
    """Say nothing for `length` seconds."""

    length: int = 1


Sound: TypeAlias = Say | Play | Pause


@dataclass(frozen=True)
class Gather:
    """Collect keys or speech while the nested prompts are heard; `timeout` in seconds."""

    nested: tuple[Sound, ...] = ()
    input: tuple[str, ...] = ("dtmf",)
    action: str = ""
    method: str = "POST"
    timeout: str = "5"
    finish_on_key: str = "#"
    num_digits: int = 0
    action_on_empty_result: bool = False
    barge_in: bool = True
    speech_timeout: str = ""


@dataclass(frozen=True)
class Record:
    """Record the caller; `timeout` is the silence that ends it, `max_length` the longest, both in seconds."""

    action: str = ""
    method: str = "POST"
    timeout: int = 5
    finish_on_key: str = "1234567890*#"
    max_length: int = 3600
    play_beep: bool = True
    trim: str = "trim-silence"
    recording_status_callback: str = ""
    recording_status_callback_method: str = "POST"
    recording_status_callback_event: tuple[str, ...] = ("completed",)


@dataclass(frozen=True)
class Redirect:
    """Go on with another document."""

    content: str = ""
    method: str = "POST"


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class Reject:
    """Refuse an incoming call without answering; `reason` is rejected or busy."""

    reason: str = "rejected"


@dataclass(frozen=True)
class Leave:
    """Take the caller out of the queue."""


@dataclass(frozen=True)
class Enqueue:
    """Put the caller into the queue named by the text."""

    content: str = ""
    action: str = ""
    method: str = "POST"
    wait_url: str | None = None
    wait_url_method: str = "POST"


@dataclass(frozen=True)
class Number:
    """A telephone number to dial; `url` runs on the called party before the bridge."""

    content: str = ""
    url: str = ""
    method: str = "POST"
    send_digits: str = ""
    status_callback: str = ""
    status_callback_event: tuple[str, ...] = ("completed",)
    status_callback_method: str = "POST"


@dataclass(frozen=True)
class Client(Number):
    """A softphone to dial, by its identity."""


@dataclass(frozen=True)
class Sip(Number):
    """A SIP address to dial."""


@dataclass(frozen=True)
class Queue:
    """The front of a queue; `url` runs on the queued caller before the bridge."""

    content: str = ""
    url: str = ""
    method: str = "POST"


@dataclass(frozen=True)
class Conference:
    """A room named by the text."""

    content: str = ""
    start_conference_on_enter: bool = True
    end_conference_on_exit: bool = False
    muted: bool = False
    beep: str = "true"
    participant_label: str = ""
    coach: str = ""
    wait_url: str | None = None
    wait_method: str = "POST"
    max_participants: int = 250
    record: str = "do-not-record"
    recording_status_callback: str = ""
    recording_status_callback_method: str = "POST"
    recording_status_callback_event: tuple[str, ...] = ("completed",)
    status_callback: str = ""
    status_callback_event: tuple[str, ...] = ()
    status_callback_method: str = "POST"


Noun: TypeAlias = Number | Queue | Conference


@dataclass(frozen=True)
class Dial:
    """Connect the call with what the nouns name; `timeout` and `time_limit` in seconds."""

    nouns: tuple[Noun, ...] = ()
    action: str = ""
    method: str = "POST"
    timeout: int = 30
    time_limit: int = 14400
    hangup_on_star: bool = False
    answer_on_bridge: bool = False
    sequential: bool = False
    caller_id: str = ""


@dataclass(frozen=True)
class Recording:
    """What `<Start>` begins and `<Stop>` ends: a recording of this call."""

    name: str = ""
    channels: str = "dual"
    track: str = "both"
    trim: str = "trim-silence"
    recording_status_callback: str = ""
    recording_status_callback_method: str = "POST"
    recording_status_callback_event: tuple[str, ...] = ("completed",)


@dataclass(frozen=True)
class Transcription:
    """What `<Start>` begins and `<Stop>` ends by its name: words of this call while it is spoken."""

    name: str = ""
    track: str = "both_tracks"
    language_code: str = "en-US"
    partial_results: bool = False
    status_callback_url: str = ""
    status_callback_method: str = "POST"


Beside: TypeAlias = Recording | Transcription


@dataclass(frozen=True)
class Start:
    """Begin something that runs beside the document."""

    nested: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Stop:
    """End something that runs beside the document."""

    nested: tuple[Beside, ...] = ()


Verb: TypeAlias = (
    Say | Play | Pause | Gather | Record | Redirect | Hangup | Reject | Leave | Enqueue | Dial | Start | Stop
)


@dataclass(frozen=True)
class Warned:
    """Something in a document that Twilio would warn of while going on: error code and plain words."""

    code: int
    message: str


@dataclass(frozen=True)
class Document:
    """A document's verbs in order, and what was odd about it."""

    verbs: tuple[Verb, ...] = ()
    warnings: tuple[Warned, ...] = field(default=())


@dataclass(frozen=True)
class Texts:
    """The answer to an incoming text: bodies to send back, with the address to send each to ("" = sender)."""

    messages: tuple[tuple[str, str], ...] = ()
