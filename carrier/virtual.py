"""Virtual time: the engine runs as fast as it can, and the app is called in process."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from threading import RLock
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote_to_bytes, urlsplit

from carrier.gate import Gate
from carrier.network import Network
from carrier.options import Account, Options
from carrier.outgoing import Done, Outcome, Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

Fetcher: TypeAlias = Callable[[Request], Outcome]
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NO_ACCOUNT = Account("AC" + "0" * 32, "virtual")


class VirtualCarrier:
    """A network whose time is only what the test says it is.

    `fetch` answers a request to the app at once; `latency` (low, high, in seconds) is drawn from the seed and passes
    half before and half after it. `between` is called after every event: let workers do their due work there.
    """

    def __init__(
        self,
        *,
        fetch: Fetcher,
        account: Account = NO_ACCOUNT,
        start: datetime = START,
        seed: int = 0,
        options: Options | None = None,
    ) -> None:
        self.fetch = fetch
        self.latency = (0.01, 0.06)
        self.between: Callable[[], None] | None = None
        self.network = Network(account=account, start=start, send=self._send, seed=seed, options=options)
        self.gate = Gate(self.network, RLock())

    def _send(self, request: Request, done: Done) -> None:
        half = self.network.dice.between(*self.latency) / 2

        def arrive() -> None:
            outcome = self.fetch(request)
            self.network.after(half, lambda: done(outcome))

        self.network.after(half, arrive)

    def step(self) -> bool:
        """Let one event happen; returns False when there is none."""
        with self.gate.entered():
            happened = self.network.step()
        if self.between is not None:
            self.between()
        return happened

    def run_until(self, moment: datetime) -> None:
        """Let everything due up to `moment` happen, with `between` after each event."""
        while (due := self.network.next_time()) is not None and due <= moment:
            self.step()
        with self.gate.entered():
            self.network.run_until(moment)

    def run_for(self, seconds: float) -> None:
        """Let the next `seconds` of engine time happen."""
        self.run_until(self.network.now + timedelta(seconds=seconds))

    def run_while(self, condition: Callable[[], bool], *, most: float = 3600.0) -> None:
        """Let events happen as long as `condition` holds, for at most `most` seconds of engine time."""
        limit = self.network.now + timedelta(seconds=most)
        while condition() and (due := self.network.next_time()) is not None and due <= limit:
            self.step()


def wsgi_fetch(app: WSGIApplication) -> Fetcher:
    """Return a `fetch` that calls a WSGI app in process, whatever host the URL names."""

    def fetch(request: Request) -> Outcome:
        status: list[int] = []
        headers: list[tuple[str, str]] = []

        def start_response(line: str, given: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
            status.append(int(line.split(" ", 1)[0]))
            headers.extend(given)
            return lambda _: None

        chunks = app(_environ(request), start_response)
        try:
            body = b"".join(chunks)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        return Response(status[-1], tuple(headers), body)

    return fetch


def _environ(request: Request) -> WSGIEnvironment:
    parts = urlsplit(request.url)
    host = parts.netloc.rpartition("@")[2]
    port = parts.port or (443 if parts.scheme == "https" else 80)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": _decoded(parts.path or "/"),
        "QUERY_STRING": parts.query,
        "RAW_URI": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        "REQUEST_URI": (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "CONTENT_LENGTH": str(len(request.body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": BytesIO(request.body),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    return environ


def _decoded(path: str) -> str:
    return unquote_to_bytes(path).decode("latin-1")
