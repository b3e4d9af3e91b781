"""Call queues: who waits, since when, and who is waiting to serve them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from carrier.outgoing import Form

if TYPE_CHECKING:
    from carrier.calls import Call
    from carrier.network import Network

DEFAULT_SIZE = 1000


class Served(Protocol):
    """A queued leg as seen by whoever serves it."""

    def hand_over(self, server: Server) -> None: ...
    def part(self) -> None: ...


class Server(Protocol):
    """A leg that dials a queue, as seen by the queue."""

    call: Call

    def serve(self, member: Member) -> None: ...
    def connected(self, member: Member) -> None: ...
    def lost(self, member: Member) -> None: ...


class Member:
    """A leg that waits in a queue."""

    def __init__(self, queue: CallQueue, call: Call, served: Served) -> None:
        self.queue, self.call, self.served = queue, call, served
        self.since: datetime = queue.network.now
        self.until: datetime | None = None

    @property
    def wait_seconds(self) -> int:
        """Whole seconds in the queue, up to now or to the moment it left."""
        return int(((self.until or self.queue.network.now) - self.since).total_seconds())

    @property
    def position(self) -> int:
        """Place in the queue, 1 for the front."""
        return self.queue.members.index(self) + 1 if self in self.queue.members else 0

    def form(self) -> Form:
        """Return the wait parameters (docs voice/twiml/enqueue)."""
        return (
            ("QueueSid", self.queue.sid),
            ("QueuePosition", str(self.position)),
            ("QueueTime", str(self.wait_seconds)),
            ("AvgQueueTime", str(self.queue.average_wait)),
            ("CurrentQueueSize", str(len(self.queue.members))),
            ("MaxQueueSize", str(self.queue.max_size)),
        )


class CallQueue:
    """A named queue of legs, first come first served."""

    def __init__(self, network: Network, name: str, max_size: int = DEFAULT_SIZE) -> None:
        self.network, self.name, self.max_size = network, name, max_size
        self.sid = network.dice.sid("QU")
        self.created = self.updated = network.now
        self.members: list[Member] = []
        self.servers: list[Server] = []

    @property
    def average_wait(self) -> int:
        """Mean wait in seconds of those who wait now (not of those served)."""
        waits = [member.wait_seconds for member in self.members]
        return round(sum(waits) / len(waits)) if waits else 0

    def add(self, call: Call, served: Served) -> Member:
        """Let a leg wait at the end; a server that was waiting takes it in the next moment."""
        member = Member(self, call, served)
        self.members.append(member)
        self.updated = self.network.now
        self.network.after(0, self._match)
        return member

    def remove(self, member: Member) -> None:
        """Let a leg wait no more; harmless when it does not."""
        if member in self.members:
            self.members.remove(member)
            member.until = self.network.now
            self.updated = self.network.now

    def wait_for_member(self, server: Server) -> None:
        """Let a server wait for the next member."""
        self.servers.append(server)
        self._match()

    def _match(self) -> None:
        while self.servers and self.members:
            self.servers.pop(0).serve(self.members[0])
