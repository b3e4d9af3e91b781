"""A leg's state is read from the facts told about it, in whatever order and however often they came."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ivr.calls.facts import Told


class LegState(StrEnum):
    """How far a leg is, as far as we were told."""

    UNTOLD = "untold"
    STARTED = "started"
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"


# Twilio, Call resource: status values; the last five are final.
STATUS_KINDS: Mapping[str, str] = {
    "queued": "leg-started",
    "initiated": "leg-started",
    "ringing": "leg-ringing",
    "in-progress": "leg-answered",
    "answered": "leg-answered",
    "completed": "leg-ended",
    "busy": "leg-ended",
    "no-answer": "leg-ended",
    "failed": "leg-ended",
    "canceled": "leg-ended",
}

ROOM = "room"


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg as told: the facts that matter, each the first of its kind."""

    name: str
    sid: str | None = None
    started: Told | None = None
    ringing: Told | None = None
    answered: Told | None = None
    document: Told | None = None
    ended: Told | None = None

    @property
    def state(self) -> LegState:
        """The furthest state that any fact proves; fetching a document proves the answer too."""
        if self.ended:
            return LegState.ENDED
        if self.answered or self.document:
            return LegState.ANSWERED
        if self.ringing:
            return LegState.RINGING
        return LegState.STARTED if self.started else LegState.UNTOLD

    @property
    def pick_up(self) -> Told | None:
        """The fact that tells when the leg was picked up: the event, or the first document fetched for it.

        The document is asked for at the pick-up too, so that where the event came later it was held up.
        """
        if self.answered is None or self.document is None:
            return self.answered or self.document
        return replace(self.answered, received_at=min(self.answered.received_at, self.document.received_at))

    @property
    def went_unserved(self) -> bool:
        """Whether somebody picked up and nothing of ours answered: what follows says nothing about that person."""
        is_completed = self.ended is not None and self.ended.detail.get("status") == "completed"
        return self.document is None and (self.answered is not None or is_completed)

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, by the carrier's stamp where there is one."""
        return (self.ended.said_at or self.ended.received_at) if self.ended else None


_PARTS = {
    "leg-started": "started",
    "leg-ringing": "ringing",
    "leg-answered": "answered",
    "leg-document": "document",
    "leg-ended": "ended",
}


def read_leg(name: str, facts: Iterable[Told]) -> Leg:
    """Read one leg out of a call's facts; order and repetition make no difference."""
    first: dict[str, Told] = {}
    sid: str | None = None
    for fact in sorted(facts, key=lambda fact: (fact.received_at, fact.key)):
        if fact.leg != name:
            continue
        sid = sid or fact.sid
        if part := _PARTS.get(fact.kind):
            first.setdefault(part, fact)
    return Leg(name, sid, **first)
