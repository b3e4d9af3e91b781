"""Orders that a worker gives to the carrier, one at a time and outside any transaction, and its receipts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

# Twilio, error 20404: the resource was not found.
NOT_FOUND = 20404
# The provider of text messages that is also the carrier of calls.
TELEPHONE_CARRIER = "twilio"


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """Ring `to` (E.164 or client:name); four status events go to `status_url`; gives up after `seconds`."""

    to: str
    shown: str
    answer_url: str
    status_url: str | None
    seconds: int


@dataclass(frozen=True, slots=True)
class MoveCall:
    """Send a leg in progress to another document."""

    sid: str
    url: str


@dataclass(frozen=True, slots=True)
class EndCall:
    """End a leg, ringing or talking."""

    sid: str


@dataclass(frozen=True, slots=True)
class TakeFromQueue:
    """Take one waiting leg out of its queue to a document; refused for good when it has left."""

    queue_sid: str
    sid: str
    url: str


@dataclass(frozen=True, slots=True)
class HoldParty:
    """Put one party of a room (by the carrier's id) on hold, hearing `music_url`; None takes it back."""

    room_sid: str
    sid: str
    music_url: str | None


@dataclass(frozen=True, slots=True)
class SeatParty:
    """Change how one party of a room (by the carrier's id) is heard: not at all, by the leg `coach` alone, by all."""

    room_sid: str
    sid: str
    is_muted: bool
    coach: str


@dataclass(frozen=True, slots=True)
class Announce:
    """Let one party of a room (by the carrier's id) alone hear the document at `url`, once, beside the talk."""

    room_sid: str
    sid: str
    url: str


@dataclass(frozen=True, slots=True)
class SendText:
    """Send a text message by a provider; `seconds` is how long it stays worth delivering.

    `reference` is our own id of it, for providers that let us look it up by that.
    """

    to: str
    sender: str
    body: str
    status_url: str
    seconds: int
    provider: str = TELEPHONE_CARRIER
    reference: str = ""


@dataclass(frozen=True, slots=True)
class AskCall:
    """Ask the carrier for a leg's present state; gives `Found` or a refusal."""

    sid: str


@dataclass(frozen=True, slots=True)
class FindTalk:
    """Look whether a caller is in the room of this name, or may have been: gives `Found`, or a refusal as gone.

    The caller's leaving ends the room: in one that lives on without the caller, the caller never was.
    """

    room: str
    sid: str


@dataclass(frozen=True, slots=True)
class FindCall:
    """Look for the call that an earlier, unanswered order may have placed; gives `Found` or a refusal.

    It was ordered between `since` and `until`. `others` are the carrier's ids of calls that are known to be others.
    """

    to: str
    shown: str
    since: datetime
    until: datetime
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class FindText:
    """Look for a text message that an earlier, unanswered order may have sent; gives `Found` or a refusal.

    `others` are the provider's ids of messages that are known to be others, though they may read the same.
    """

    to: str
    body: str
    since: datetime
    provider: str = TELEPHONE_CARRIER
    reference: str = ""
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AskText:
    """Ask a provider that does not report by itself what became of a text message; gives `Found` or a refusal."""

    sid: str
    since: datetime
    provider: str
    reference: str


@dataclass(frozen=True, slots=True)
class StartRecording:
    """Record what the person on this leg says, and nothing else; its end is told to `events_url`."""

    sid: str
    events_url: str


@dataclass(frozen=True, slots=True)
class StopRecording:
    """End one recording of a leg."""

    sid: str
    recording_sid: str


@dataclass(frozen=True, slots=True)
class FindRecording:
    """Look for the recording of a leg that an order made since then; gives `Found` or a refusal."""

    sid: str
    since: datetime


@dataclass(frozen=True, slots=True)
class FetchRecording:
    """Bring the sound of the recording with this id, which is done; gives `Found` with it, or a refusal."""

    sid: str


@dataclass(frozen=True, slots=True)
class DeleteRecording:
    """Let the carrier forget the recording with this id."""

    sid: str


@dataclass(frozen=True, slots=True)
class StopTranscription:
    """End the transcription of this name on a leg."""

    sid: str
    name: str


ListeningOrder: TypeAlias = StartRecording | StopRecording | FindRecording | StopTranscription
SoundOrder: TypeAlias = FetchRecording | DeleteRecording
TextOrder: TypeAlias = SendText | FindText | AskText
Order: TypeAlias = (
    ListeningOrder
    | SoundOrder
    | TextOrder
    | PlaceCall
    | MoveCall
    | EndCall
    | TakeFromQueue
    | HoldParty
    | SeatParty
    | Announce
    | AskCall
    | FindTalk
    | FindCall
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier took the order; `sid` is the leg or message it concerns."""

    sid: str


@dataclass(frozen=True, slots=True)
class Found:
    """The carrier knows it: its id, its state in the carrier's word, and when it ended if it did.

    `seconds` is the length of a recording that is done, `sound` its WAV file where that was asked for, `error` why a
    text message did not arrive.
    """

    sid: str
    state: str
    ended_at: datetime | None
    seconds: int | None = None
    error: str | None = None
    sound: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Rejected:
    """The carrier refused; a permanent refusal is never repeated. `code` is the carrier's number."""

    code: int
    reason: str
    permanent: bool

    @property
    def gone(self) -> bool:
        """Whether what the order was about is not there any more (20404); no other refusal proves that."""
        return self.code == NOT_FOUND


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer that tells whether it happened: never repeat an order that rings or writes to a person."""

    reason: str


Receipt: TypeAlias = Accepted | Found | Rejected | Unknown


class Carrier(Protocol):
    """The one door to the carrier."""

    def do(self, order: Order) -> Receipt:
        """Carry out one order; never raises for what the carrier or the network does."""
