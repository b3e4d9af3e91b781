"""The load generator, a process of its own: python -m benchmarks.load PORT CONNECTIONS RATE FILE.

It sends the requests of FILE over so many connections, as fast as they are answered (RATE 0) or so many a second.
"""

import json
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

LENGTH_BYTES = 4
LONGEST_SILENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Answered:
    """How it went: seconds in all, answers that were not 200, and each request's wait in milliseconds."""

    seconds: float
    wrong: int
    waits: list[float]

    @property
    def rate(self) -> float:
        """Requests answered per second."""
        return len(self.waits) / self.seconds


def send(port: int, requests: Sequence[bytes], *, connections: int = 8, rate: float = 0.0) -> Answered:
    """Let a fresh process send the requests; raises RuntimeError unless all are answered 200.

    With a rate a request's wait counts from the moment at which it was due, so a slow server cannot hide.
    """
    with tempfile.NamedTemporaryFile(prefix="charterline-load-") as file:
        file.write(b"".join(len(request).to_bytes(LENGTH_BYTES) + request for request in requests))
        file.flush()
        command = [sys.executable, "-m", "benchmarks.load", str(port), str(connections), str(rate), file.name]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]).stdout
    answered = Answered(**json.loads(output))
    if answered.wrong or len(answered.waits) != len(requests):
        raise RuntimeError(f"{answered.wrong} of {len(requests)} requests to port {port} were not answered with 200")
    return answered


@dataclass(slots=True)
class _Connection:
    socket: socket.socket
    received: bytes = b""
    since: float = 0.0

    def is_complete(self) -> bool:
        head, gap, body = self.received.partition(b"\r\n\r\n")
        if not gap:
            return False
        _, _, after = head.lower().partition(b"content-length:")
        return len(body) >= int(after.partition(b"\r\n")[0])


@dataclass(slots=True)
class _Sender:
    """Keeps every connection busy, or sends at fixed moments."""

    requests: Sequence[bytes]
    rate: float
    idle: deque[_Connection]
    poll: select.epoll = field(default_factory=select.epoll)
    busy: dict[int, _Connection] = field(default_factory=dict)
    next: int = 0
    wrong: int = 0
    waits: list[float] = field(default_factory=list)

    def run(self) -> Answered:
        for connection in self.idle:
            self.poll.register(connection.socket.fileno(), select.EPOLLIN)
        began = time.perf_counter()
        while len(self.waits) < len(self.requests):
            pause = self._send_due(began)
            events = self.poll.poll(pause)
            if not events and not self.rate:
                raise TimeoutError(f"no answer for {LONGEST_SILENCE_SECONDS:g} s")
            for descriptor, _ in events:
                self._receive(self.busy[descriptor])
        return Answered(time.perf_counter() - began, self.wrong, self.waits)

    def _send_due(self, began: float) -> float:
        """Send what is due and can be sent; returns how long to wait for answers before looking again."""
        while self.next < len(self.requests):
            now = time.perf_counter()
            due = began + self.next / self.rate if self.rate else now
            if due > now:
                return due - now
            if not self.idle:
                break
            connection = self.idle.popleft()
            connection.since = due
            self.busy[connection.socket.fileno()] = connection
            connection.socket.sendall(self.requests[self.next])
            self.next += 1
        return LONGEST_SILENCE_SECONDS

    def _receive(self, connection: _Connection) -> None:
        part = connection.socket.recv(65536)
        if not part:
            raise ConnectionError("the server closed a connection in the middle")
        connection.received += part
        if not connection.is_complete():
            return
        self.waits.append((time.perf_counter() - connection.since) * 1000)
        self.wrong += not connection.received.startswith(b"HTTP/1.1 200 ")
        connection.received = b""
        del self.busy[connection.socket.fileno()]
        self.idle.append(connection)


def _connected(port: int) -> _Connection:
    opened = socket.create_connection(("127.0.0.1", port), timeout=LONGEST_SILENCE_SECONDS)
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return _Connection(opened)


def _framed(data: bytes) -> list[bytes]:
    requests, place = [], 0
    while place < len(data):
        start = place + LENGTH_BYTES
        place = start + int.from_bytes(data[place:start])
        requests.append(data[start:place])
    return requests


def main() -> None:
    """Send, and print the answers' waits as one JSON object."""
    port, connections, rate, path = sys.argv[1:]
    idle = deque(_connected(int(port)) for _ in range(int(connections)))
    answered = _Sender(_framed(Path(path).read_bytes()), float(rate), idle).run()
    waits = [round(wait, 3) for wait in answered.waits]
    print(json.dumps({"seconds": answered.seconds, "wrong": answered.wrong, "waits": waits}))


if __name__ == "__main__":
    main()
