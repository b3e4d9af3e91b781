"""One leg between the network and a person: its status, its times, what it hears and with whom it talks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from carrier.fetching import Cookies
from carrier.hearing import Heard
from carrier.outgoing import Form

if TYPE_CHECKING:
    from carrier.callbacks import CallbackTarget
    from carrier.network import Network
    from carrier.persons import PersonPlan
    from carrier.schedule import Timer
    from carrier.script import Script
    from carrier.transcriptions import Transcription
    from carrier.voices import Voice

ENDED = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


class Party(Protocol):
    """Who is at the other end of a leg: a handset, or one of the account's own lines."""

    number: str
    network: Network
    voice: Voice | None

    @property
    def busy(self) -> bool: ...
    @property
    def speak_seconds(self) -> float | None: ...
    def take(self, call: Call, plan: PersonPlan | None) -> None: ...
    def free(self, call: Call) -> None: ...
    def hear(self, piece: Heard) -> None: ...
    def changed(self) -> None: ...
    def met(self) -> None: ...
    def left_alone(self) -> None: ...
    def gather_began(self) -> None: ...
    def picked_up(self, call: Call) -> None: ...


@dataclass(frozen=True)
class Route:
    """From where to where a leg goes; `direction` is inbound, outbound-api or outbound-dial."""

    direction: str
    from_: str
    to: str
    parent: str = ""
    forwarded_from: str = ""


@dataclass
class Talk:
    """A stretch of time in which this leg and `others` could hear each other."""

    others: tuple[str, ...]
    at: datetime
    until: datetime | None = None


@dataclass
class Entry:
    """Where the app's first document comes from, and where to turn when that fails."""

    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    twiml: str = ""


@dataclass(eq=False)
class Call:
    """A call as Twilio's Call resource describes it, with the carrier's ground truth beside it.

    `times` holds created, initiated, ringing, answered and ended as exact engine times; `ended_by` is person,
    document, api or network.
    """

    network: Network
    sid: str
    route: Route
    party: Party
    status: str = "queued"
    entry: Entry = field(default_factory=Entry)
    callback: CallbackTarget | None = None
    times: dict[str, datetime] = field(default_factory=dict)
    queue_seconds: float = 0.0
    answered_by: str = ""
    ended_by: str = ""
    sequence: int = 0
    heard: list[Heard] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    # Which of the legs that this one talks with can hear it.
    heard_by: frozenset[str] = frozenset()
    transcriptions: list[Transcription] = field(default_factory=list)
    cookies: Cookies = field(default_factory=Cookies)
    script: Script | None = None
    # Called when the leg leaves what it is connected to, with "hangup" or "redirect".
    release: Callable[[str], None] | None = None
    on_answer: Callable[[Call], None] | None = None
    at_end: list[Callable[[], None]] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self.status in ENDED

    @property
    def duration(self) -> int:
        """Whole seconds between answer and end, 0 for a call that was not answered."""
        if "answered" not in self.times:
            return 0
        end = self.times.get("ended", self.network.now)
        return round((end - self.times["answered"]).total_seconds())

    def form(self) -> Form:
        """Return the parameters that every voice request carries (docs voice/twiml)."""
        route = self.route
        fields = {
            "CallSid": self.sid,
            "AccountSid": self.network.account.sid,
            "From": route.from_,
            "To": route.to,
            "Caller": route.from_,
            "Called": route.to,
            "CallStatus": self.status,
            "ApiVersion": "2010-04-01",
            "Direction": route.direction,
            "ParentCallSid": route.parent,
            "ForwardedFrom": route.forwarded_from,
            "AnsweredBy": self.answered_by,
        }
        return tuple((key, value) for key, value in fields.items() if value)

    def mark(self, milestone: str) -> None:
        """Note when a milestone was reached, once."""
        self.times.setdefault(milestone, self.network.now)

    def hear(self, kind: str, *, text: str = "", url: str = "") -> Heard:
        """Let the person hear something that starts now; the caller closes it."""
        piece = Heard(self.network.now, kind, text, url, self.sid)
        self.heard.append(piece)
        self.party.hear(piece)
        return piece

    def beep(self) -> None:
        """Let the person hear a short tone."""
        self.quiet(self.hear("beep"), complete=True)

    def quiet(self, piece: Heard, *, complete: bool) -> None:
        """End a piece of sound now."""
        piece.close(self.network.now, complete=complete)
        self.party.changed()

    @property
    def talks_with(self) -> frozenset[str]:
        """The legs that this one is connected with at present."""
        current = self.talks[-1] if self.talks else None
        return frozenset(current.others) if current is not None and current.until is None else frozenset()

    def talk_with(self, others: frozenset[str], *, heard_by: frozenset[str] | None = None) -> None:
        """Say with which legs this one can talk from now on, and which of them hear it: all, if nothing is said.

        The person on the line notices the change.
        """
        before, heard_before = self.talks_with, self.heard_by
        self.heard_by = others if heard_by is None else heard_by & others
        if before != others:
            self._connect(before, others)
        elif heard_before == self.heard_by:
            return
        for sid in (before | others) & self.network.calls.keys():
            self.network.calls[sid].party.changed()
        self.party.changed()

    def _connect(self, before: frozenset[str], others: frozenset[str]) -> None:
        if before:
            self.talks[-1].until = self.network.now
        if others:
            self.talks.append(Talk(tuple(sorted(others)), self.network.now))
        if others and not before:
            self.party.met()
        elif not others and all(self.network.calls[sid].ended for sid in before):
            self.party.left_alone()

    def digit(self, key: str) -> None:
        """Take a key press from the person."""
        if self.script is not None:
            self.script.digit(key)

    def speech(self, text: str) -> None:
        """Take a spoken sentence from the person."""
        if self.script is not None:
            self.script.speech(text)

    @property
    def wants_keys(self) -> bool:
        """Whether the app is waiting for keys or speech right now."""
        return self.script is not None and self.script.wants_keys
