"""The voices of browsers: who hears whom, and the signals by which their pages find each other.

The sound itself goes from page to page; the carrier only says who may hear it and relays the signals.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.handsets import Handset

MOST_SIGNALS = 200
# How long a page may be away before its person has hung up: a reload and a short loss of the network are less.
AWAY_SECONDS = 30.0
# Browsers let a hidden page without a stream ask once a minute.
UNASKED_SECONDS = 75.0

Signal: TypeAlias = dict[str, object]


class Undeliverable(ValueError):
    """A signal that cannot reach whom it is for; says why."""


@dataclass(eq=False)
class Voice:
    """The page that speaks and listens for a handset, under a name of its own, and the signals it has to collect."""

    session: str
    signals: deque[Signal] = field(default_factory=deque)
    asked_at: datetime | None = None
    _readers: list[object] = field(default_factory=list)

    def is_read_by(self, reader: object, session: str) -> bool:
        """Say whether this stream brings the page its signals: the newest, for one that was torn may linger."""
        if session != self.session:
            return False
        if reader not in self._readers:
            self._readers.append(reader)
        return self._readers[-1] is reader

    def left_by(self, reader: object) -> bool:
        """Forget a stream that has ended; says whether the page has none any more."""
        if reader not in self._readers:
            return False
        self._readers.remove(reader)
        return not self._readers

    def is_followed(self, now: datetime) -> bool:
        """Whether the page still hears of what happens: by a stream, or by asking."""
        asks = self.asked_at is not None and now - self.asked_at < timedelta(seconds=UNASKED_SECONDS)
        return bool(self._readers) or asks

    def collect(self) -> list[Signal]:
        """Take the signals that have come, in their order."""
        taken = list(self.signals)
        self.signals.clear()
        return taken


def peers_of(call: Call) -> list[dict[str, object]]:
    """Return the legs that this one is connected with: `voice` is their page, None where no page listens."""
    found: list[dict[str, object]] = []
    for sid in sorted(call.talks_with & call.network.calls.keys()):
        other = call.network.calls[sid]
        found.append({
            "id": sid,
            "voice": other.party.voice.session if other.party.voice else None,
            "hears_me": sid in call.heard_by,
            "i_hear": call.sid in other.heard_by,
        })  # fmt: skip
    return found


def relay(sender: Handset, to: str, *, voice: str, signal: Signal) -> None:
    """Hand a signal to the page `voice` of the peer `to`; raises `Undeliverable` when that is not one now."""
    call, mine = sender.call, sender.voice
    if call is None or mine is None or to not in call.talks_with:
        raise Undeliverable("that is not somebody you are talking with: read your peers again")
    party = sender.network.calls[to].party
    if party.voice is None or party.voice.session != voice:
        raise Undeliverable("the other side has another page now: read your peers again")
    if len(party.voice.signals) >= MOST_SIGNALS:
        raise Undeliverable("the other side does not collect its signals: try again when it is back")
    party.voice.signals.append({"from": call.sid, "voice": mine.session, **signal})
    party.changed()
