"""Enqueue: waiting in a queue until served, taken out, gone or left (docs voice/twiml/enqueue)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carrier.outgoing import Form
from carrier.queues import Member
from carrier.script import Script
from carrier.twiml.model import Enqueue
from carrier.verbs.activity import Activity
from carrier.waiting import Waiting, WaitSource

if TYPE_CHECKING:
    from carrier.queues import Server


class Enqueueing(Activity):
    """A leg in a queue; `action` hears the QueueResult, at once for Leave and REST, after the bridge for Dial."""

    def __init__(self, script: Script, verb: Enqueue) -> None:
        super().__init__(script)
        self._verb = verb
        self._member: Member | None = None
        self._waiting: Waiting | None = None
        self._server: Server | None = None
        self._before_bridge: Script | None = None

    @property
    def wants_keys(self) -> bool:
        """Whether the wait document is gathering."""
        return self._waiting is not None and self._waiting.wants_keys

    def start(self) -> None:
        """Join the queue, which is made when there is none of this name; a full one refuses."""
        self.network.pick_up(self.call)
        queue = self.network.queue_named(self._verb.content)
        if len(queue.members) >= queue.max_size:
            self._go_on((("QueueResult", "queue-full"), ("QueueSid", queue.sid), ("QueueTime", "0")))
            return
        self._member = member = queue.add(self.call, self)
        url = self._verb.wait_url
        address = self.script.absolute(url) if url else url
        source = WaitSource(address, self._verb.wait_url_method, "wait", member.form)
        self._waiting = Waiting(self.call, source, self._left_by_document)
        self._waiting.start()

    def digit(self, key: str) -> None:
        """Hand a key press to the wait document."""
        if self._waiting is not None:
            self._waiting.digit(key)

    def speech(self, text: str) -> None:
        """Hand a sentence to the wait document."""
        if self._waiting is not None:
            self._waiting.speech(text)

    def stop(self, why: str) -> None:
        """Leave the queue or the bridge because the leg has gone, or goes elsewhere."""
        if self._member is None:
            return
        bridged = self._server is not None
        result = {
            ("hangup", False): "hangup",
            ("hangup", True): "bridged",
            ("redirect", False): "redirected",
            ("redirect", True): "redirected-from-bridged",
        }[why, bridged]
        form = self._result(self._member, result)
        self._put_down()
        if self._verb.action:
            self.script.notify(self._verb.action, self._verb.method, form)

    def hand_over(self, server: Server) -> None:
        """Be served: leave the queue, hear the Queue noun's document, then talk."""
        if self._member is None:
            return
        self._server = server
        self._stop_waiting()
        self._member.queue.remove(self._member)

    def hear_before_bridge(self, url: str, method: str, form: Form) -> None:
        """Run the Queue noun's document on this leg; the bridge follows it."""
        script = Script(self.call, ended=self._heard_before_bridge, place="queue-url", form=lambda: form)
        self._before_bridge = script
        script.load(url, method)

    def part(self) -> None:
        """Go on after the bridge has ended."""
        if self._member is not None:
            form = self._result(self._member, "bridged")
            self._server = None
            self._put_down()
            self._go_on(form)

    def _heard_before_bridge(self, _: str) -> None:
        self._before_bridge = None
        if self._server is not None and self._member is not None:
            self._server.connected(self._member)

    def _left_by_document(self, ending: str) -> None:
        if self._member is None:
            return
        member = self._member
        if ending == "hangup":
            self.script.finish("hangup")
            return
        form = self._result(member, "leave")
        self._put_down()
        self._go_on(form)

    def _result(self, member: Member, result: str) -> Form:
        return (
            ("QueueResult", result),
            ("QueueSid", member.queue.sid),
            ("QueueTime", str(member.wait_seconds)),
        )

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.stop()
            self._waiting = None

    def _put_down(self) -> None:
        self._stop_waiting()
        member, self._member = self._member, None
        server, self._server = self._server, None
        if self._before_bridge is not None:
            self._before_bridge.stop("redirect")
        if member is not None:
            member.queue.remove(member)
            self.call.talk_with(frozenset())
            if server is not None:
                server.lost(member)

    def _go_on(self, form: Form) -> None:
        if self._verb.action:
            self.script.load(self._verb.action, self._verb.method, form)
        else:
            self.script.proceed()
