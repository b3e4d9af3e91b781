"""Dial with Number, Client or Sip: child legs, the first answer wins, then the bridge."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from carrier import legs
from carrier.callbacks import CallbackTarget
from carrier.calls import Route
from carrier.legs import Placement
from carrier.numbers import is_dialable, normalise
from carrier.script import Script
from carrier.twiml.model import Client, Dial, Number, Sip
from carrier.verbs.dial import Dialling, outcome

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.hearing import Heard

MOST_NOUNS = 10


class DiallingNumbers(Dialling):
    """Up to ten nouns at once, or one after another with `sequential`.

    Twilio adds about 5 s to `timeout`. Children start at once, never queued by the calls-per-second limit.
    """

    def __init__(self, script: Script, verb: Dial) -> None:
        super().__init__(script, verb)
        nouns = [noun for noun in verb.nouns if isinstance(noun, Number)]
        self._left: deque[Number] = deque(nouns[:MOST_NOUNS])
        self._ringing: dict[str, tuple[Call, Number]] = {}
        self._winner: Call | None = None
        self._bridged = False
        self._ring: Heard | None = None

    def start(self) -> None:
        """Begin to ring; with answerOnBridge a ringing caller stays unanswered until the bridge."""
        if not self.verb.answer_on_bridge:
            self.network.pick_up(self.call)
        caller = self.verb.caller_id
        if caller and not self.network.may_show(normalise(caller), self.call.route):
            self.script.warn(13214, "callerId is neither the call's own nor a number of the account")
            self.conclude(outcome("failed"))
            return
        self._ring = self.call.hear("ring")
        self._call_next()

    def _call_next(self) -> None:
        count = 1 if self.verb.sequential else len(self._left)
        for _ in range(count):
            self._place(self._left.popleft())

    def _place(self, noun: Number) -> None:
        address = _address(noun)
        if not is_dialable(address):
            self.script.warn(13224, f"<{type(noun).__name__}> does not name anybody who can be called")
            if not self._left and not self._ringing:
                self._conclude("failed", None)
            elif self.verb.sequential:
                self._call_next()
            return
        caller = normalise(self.verb.caller_id) if self.verb.caller_id else self.call.route.from_
        target = CallbackTarget(
            self.script.absolute(noun.status_callback),
            noun.status_callback_method,
            frozenset(noun.status_callback_event),
        )
        placement = Placement(
            self._answered, self._child_ended, target, float(self.verb.timeout), float(self.verb.time_limit)
        )
        child = legs.place(self.network, Route("outbound-dial", caller, address, self.call.sid), placement)
        self._ringing[child.sid] = (child, noun)

    def _answered(self, child: Call) -> None:
        _, noun = self._ringing[child.sid]
        self._winner = child
        for other, _ in list(self._ringing.values()):
            if other is not child:
                legs.end(other, "canceled", by="network")
        child.release = self._child_left
        if not noun.url:
            self._bridge(child)
            return
        script = Script(child, ended=lambda ending: self._screened(child, ending), place="noun-url")
        child.script = script
        script.load(self.script.absolute(noun.url), noun.method)

    def _screened(self, child: Call, ending: str) -> None:
        child.script = None
        if ending == "done":
            self._bridge(child)
        else:
            legs.end(child, "completed", by="document")

    def _bridge(self, child: Call) -> None:
        self.network.pick_up(self.call)
        self._stop_ringing()
        self._bridged = True
        self.call.talk_with(frozenset({child.sid}))
        child.talk_with(frozenset({self.call.sid}))

    def _child_left(self, why: str) -> None:
        if why == "redirect" and self._winner is not None:
            child, self._winner = self._winner, None
            self._ringing.pop(child.sid, None)
            child.talk_with(frozenset())
            self._conclude("completed", child)

    def _child_ended(self, child: Call) -> None:
        self._ringing.pop(child.sid, None)
        if self.over:
            return
        if child is self._winner:
            self._winner = None
            self._conclude("completed", child)
        elif self._winner is None and not self._ringing:
            if self._left:
                self._call_next()
            else:
                self._conclude(child.status, child)

    def _conclude(self, status: str, child: Call | None) -> None:
        self._stop_ringing()
        self.conclude(self._outcome(status, child))

    def _outcome(self, status: str, child: Call | None) -> tuple[tuple[str, str], ...]:
        if child is None:
            return outcome(status)
        return outcome(status, sid=child.sid, seconds=child.duration, bridged=self._bridged)

    def _stop_ringing(self) -> None:
        if self._ring is not None:
            self.call.quiet(self._ring, complete=False)
            self._ring = None

    def digit(self, key: str) -> None:
        """Hang up the other person with a star, if hangupOnStar asks for that."""
        if key == "*" and self.verb.hangup_on_star and self._bridged and self._winner is not None:
            legs.end(self._winner, "completed", by="network")

    def stop(self, why: str) -> None:
        """Cancel who still rings and end who has answered."""
        if self.over:
            return
        winner = self._winner
        self.abandon(why, self._outcome("completed" if winner else "canceled", winner))
        self._stop_ringing()
        for child, _ in list(self._ringing.values()):
            legs.end(child, "completed" if child.status == "in-progress" else "canceled", by="network")


def _address(noun: Number) -> str:
    match noun:
        case Client():
            return f"client:{noun.content}"
        case Sip():
            return noun.content if noun.content.startswith("sip") else f"sip:{noun.content}"
        case _:
            return normalise(noun.content)
