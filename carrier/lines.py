"""The account's own numbers: where their calls and texts go; and a line that is called from inside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from carrier import legs
from carrier.callbacks import CallbackTarget
from carrier.calls import Call, Entry
from carrier.hearing import Heard

if TYPE_CHECKING:
    from carrier.network import Network
    from carrier.persons import PersonPlan
    from carrier.voices import Voice


@dataclass(eq=False)
class Line:
    """An IncomingPhoneNumber of the account."""

    sid: str
    number: str
    name: str
    created: datetime
    updated: datetime
    entry: Entry = field(default_factory=Entry)
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"

    @property
    def callback(self) -> CallbackTarget | None:
        """Where the end of an incoming call is told; a number tells of the end only."""
        return CallbackTarget(self.status_callback, self.status_callback_method) if self.status_callback else None


class CalledLine:
    """One of our own numbers at the far end of a leg: it makes an incoming leg of its own (so it can loop)."""

    voice: Voice | None = None

    def __init__(self, network: Network, number: str) -> None:
        self.network, self.number = network, number
        self._outer: Call | None = None
        self._inner: Call | None = None

    @property
    def busy(self) -> bool:
        """A line is never busy."""
        return False

    @property
    def speak_seconds(self) -> float | None:
        """Nobody speaks here."""
        return None

    def take(self, call: Call, plan: PersonPlan | None) -> None:
        """Ring: the line's own document starts."""
        self._outer = call
        self._inner = legs.arrive(self, self.number, from_=call.route.from_)

    def picked_up(self, call: Call) -> None:
        """Answer the calling leg as the line has answered."""
        if self._outer is not None:
            legs.answer(self._outer)

    def free(self, call: Call) -> None:
        """End the other of the two legs."""
        other = self._inner if call is self._outer else self._outer
        if other is not None:
            legs.end(other, "completed" if other.status == "in-progress" else "busy", by="network")

    def hear(self, piece: Heard) -> None:
        """Nobody listens here."""

    def changed(self) -> None:
        """Nobody watches this."""

    def met(self) -> None:
        """Nothing to do."""

    def left_alone(self) -> None:
        """Nothing to do."""

    def gather_began(self) -> None:
        """Nobody presses keys here."""
