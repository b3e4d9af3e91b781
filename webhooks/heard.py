"""What the carrier said in one request: the only place that knows Twilio's parameter names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property

from ivr.calls.facts import Told
from ivr.calls.steps import CALLER
from ivr.identifiers import call_id
from ivr.numbers import Caller, caller_of


class NotOurs(Exception):
    """A signed request whose address lacks what our addresses always carry."""


@dataclass(frozen=True)
class Heard:
    """One verified request: `query` is from the address we emitted, `form` is the carrier's own."""

    query: Mapping[str, str]
    form: Mapping[str, str]
    at: datetime

    def asked(self, name: str) -> str:
        """A value that our addresses of this kind always carry; raises `NotOurs` where it is missing."""
        try:
            return self.query[name]
        except KeyError:
            raise NotOurs(f"the address has no {name!r}") from None

    @property
    def call(self) -> str:
        """The call of the address, or the one whose first leg is speaking."""
        return self.query.get("call") or call_id(self.sid)

    @property
    def step(self) -> int:
        """The number of this step within its call."""
        return int(self.query.get("step", "0"))

    @property
    def sid(self) -> str:
        """The carrier's id of the leg that is speaking."""
        return self.form.get("CallSid", "")[:64]

    @property
    def digits(self) -> str:
        """The keys that were pressed, or nothing."""
        return self.form.get("Digits", "")[:20]

    @property
    def caller(self) -> Caller:
        """Who calls, as far as the carrier says."""
        return caller_of(self.form.get("From"))

    @property
    def status(self) -> str:
        """The state of the leg, in the carrier's word."""
        return self.form.get("CallStatus", "").lower()

    @property
    def recording_sid(self) -> str:
        """The carrier's id of what was recorded in this step; empty where nothing was."""
        return "" if self.form.get("RecordingDuration") == "0" else self.form.get("RecordingSid", "")[:64]

    @property
    def queue_seconds(self) -> int:
        """How long this stay in the queue has lasted."""
        text = self.form.get("QueueTime", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0

    @cached_property
    def said_at(self) -> datetime | None:
        """The carrier's own stamp (RFC 2822, whole seconds), None where it is missing or unreadable."""
        try:
            moment = parsedate_to_datetime(self.form.get("Timestamp", ""))
        except ValueError:
            return None
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)

    @property
    def sequence(self) -> int | None:
        """The carrier's counter of events of one leg or room."""
        text = self.form.get("SequenceNumber", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None

    def step_fact(self, kind: str, leg: str = CALLER, /, **detail: str | int | bool | None) -> Told:
        """This step as a fact; its key names the step, so that a repeated request is the same fact."""
        return Told(
            subject=self.call,
            key=f"{kind}:{leg}:{self.step}",
            kind=kind,
            leg=leg,
            received_at=self.at,
            sid=self.sid or None,
            sequence=self.step,
            detail=detail,
        )

    def event_fact(self, key: str, kind: str, leg: str, /, **detail: str | int | None) -> Told:
        """An event that the carrier reports, under a key that names the event itself."""
        return Told(
            subject=self.call,
            key=key,
            kind=kind,
            leg=leg,
            received_at=self.at,
            sid=self.sid or None,
            said_at=self.said_at,
            sequence=self.sequence,
            detail=detail,
        )
