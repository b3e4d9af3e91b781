"""Dial with Queue: talk with the front of a queue, waiting for somebody if it is empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carrier.queues import Member
from carrier.twiml.model import Dial, Queue
from carrier.verbs.dial import Dialling, outcome
from carrier.verbs.enqueue import Enqueueing

if TYPE_CHECKING:
    from carrier.hearing import Heard
    from carrier.schedule import Timer
    from carrier.script import Script


class DiallingQueue(Dialling):
    """Serves one member; the noun's `url` runs on the queued caller just before the bridge."""

    def __init__(self, script: Script, verb: Dial, noun: Queue) -> None:
        super().__init__(script, verb)
        self._noun = noun
        self._queue = script.network.queue_named(noun.content)
        self._member: Member | None = None
        self._bridged = False
        self._ring: Heard | None = None
        self._timers: list[Timer] = []
        self._talked_from = self.network.now

    def start(self) -> None:
        """Serve, or wait up to the timeout and its buffer for somebody to serve."""
        self.network.pick_up(self.call)
        self._ring = self.call.hear("ring")
        wait = self.verb.timeout + self.network.options.ring_buffer
        self._timers.append(self.network.after(wait, self._nobody))
        self._queue.wait_for_member(self)

    def serve(self, member: Member) -> None:
        """Take this member: it leaves the queue, hears the noun's document, then both talk."""
        self._member = member
        seconds = member.wait_seconds
        member.served.hand_over(self)
        for timer in self._timers:
            timer.cancel()
        if self._noun.url and isinstance(member.served, Enqueueing):
            form = (
                ("QueueSid", self._queue.sid),
                ("QueueTime", str(seconds)),
                ("DequeingCallSid", self.call.sid),
            )
            member.served.hear_before_bridge(self.script.absolute(self._noun.url), self._noun.method, form)
        else:
            self.connected(member)

    def connected(self, member: Member) -> None:
        """Talk with the member."""
        self._stop_ringing()
        self._bridged, self._talked_from = True, self.network.now
        self.call.talk_with(frozenset({member.call.sid}))
        member.call.talk_with(frozenset({self.call.sid}))
        self._timers.append(self.network.after(self.verb.time_limit, self._time_is_up))

    def lost(self, member: Member) -> None:
        """Go on, since the member has gone."""
        self._member = None
        self._put_down()
        seconds = int((self.network.now - self._talked_from).total_seconds())
        self.conclude(outcome("completed", sid=member.call.sid, seconds=seconds, bridged=self._bridged))

    def digit(self, key: str) -> None:
        """Leave the member with a star, if hangupOnStar asks for that."""
        if key == "*" and self.verb.hangup_on_star and self._bridged:
            self._time_is_up()

    def stop(self, why: str) -> None:
        """Leave the member, or the wait for one."""
        if self.over:
            return
        self.abandon(why, outcome("completed" if self._bridged else "canceled", bridged=self._bridged))
        self._put_down()
        self._part()

    def _nobody(self) -> None:
        self._put_down()
        self.conclude(outcome("no-answer"))

    def _time_is_up(self) -> None:
        member = self._member
        self._part()
        if member is not None:
            self.lost(member)

    def _part(self) -> None:
        member, self._member = self._member, None
        if member is not None:
            member.served.part()

    def _put_down(self) -> None:
        self._stop_ringing()
        for timer in self._timers:
            timer.cancel()
        if self in self._queue.servers:
            self._queue.servers.remove(self)

    def _stop_ringing(self) -> None:
        if self._ring is not None:
            self.call.quiet(self._ring, complete=False)
            self._ring = None
