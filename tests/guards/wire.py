"""A proxy in front of PostgreSQL that counts round trips where they happen: on the wire."""

import socket
import threading
from dataclasses import dataclass, field

from sqlalchemy import URL, make_url

SYNC, QUERY, PARSE = b"S", b"Q", b"P"
HEADER = 5


@dataclass
class Counter:
    """`trips` counts requests that waited for an answer; `prepared` those that only prepared a statement for later."""

    trips: int = 0
    prepared: int = 0
    _rest: bytes = b""
    _started: bool = False

    def feed(self, data: bytes) -> None:
        """Read what the client sent."""
        self._rest += data
        if not self._started and len(self._rest) >= 4:
            # The start-up message alone has no type before its length.
            length = int.from_bytes(self._rest[:4])
            self._started, self._rest = True, self._rest[length:]
        while len(self._rest) >= HEADER:
            kind, length = self._rest[:1], int.from_bytes(self._rest[1:HEADER])
            if len(self._rest) < length + 1:
                return
            body, self._rest = self._rest[HEADER : length + 1], self._rest[length + 1 :]
            self.trips += kind in {SYNC, QUERY}
            self.prepared += kind == PARSE and not body.startswith(b"\0")


@dataclass
class CountingProxy:
    """Passes connections on to the server at `target`; `url` is where to connect instead."""

    target: URL
    counters: list[Counter] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._accept, daemon=True).start()

    @classmethod
    def before(cls, url: str) -> "CountingProxy":
        """A proxy in front of the database at `url`."""
        return cls(make_url(url))

    @property
    def url(self) -> str:
        """The URL of the same database through this proxy."""
        port = self._server.getsockname()[1]
        plain = self.target.set(host="127.0.0.1", port=port, query={"sslmode": "disable", "gssencmode": "disable"})
        return plain.render_as_string(hide_password=False)

    @property
    def trips(self) -> int:
        """Round trips so far, those left out that prepare a statement once for all later ones."""
        return sum(counter.trips - counter.prepared for counter in self.counters)

    def close(self) -> None:
        """Stop taking connections."""
        self._server.close()

    def _accept(self) -> None:
        try:
            while True:
                client, _ = self._server.accept()
                counter = Counter()
                self.counters.append(counter)
                server = self._connect()
                for source, sink, read in ((client, server, counter), (server, client, None)):
                    threading.Thread(target=_pump, args=(source, sink, read), daemon=True).start()
        except OSError:
            return

    def _connect(self) -> socket.socket:
        folder = self.target.query.get("host")
        if isinstance(folder, str):
            server = socket.socket(socket.AF_UNIX)
            server.connect(f"{folder}/.s.PGSQL.{self.target.port or 5432}")
            return server
        return socket.create_connection((self.target.host or "127.0.0.1", self.target.port or 5432))


def _pump(source: socket.socket, sink: socket.socket, counter: Counter | None) -> None:
    try:
        while data := source.recv(65536):
            if counter is not None:
                counter.feed(data)
            sink.sendall(data)
    except OSError:
        pass
    finally:
        source.close()
        sink.close()
