"""The local carrier, in the process that judges: what it asked us and heard, and a REST side that can fail."""

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from random import Random
from urllib.parse import parse_qs, urlsplit
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.serving import BaseWSGIServer, make_server

from carrier.app import create_app
from carrier.clock import wall_clock
from carrier.options import Account, Options
from carrier.outgoing import Outcome, Request, Response
from carrier.realtime import RealtimeCarrier
from tests.faults.places import Ports

HERE = "127.0.0.1"
REST = "/2010-04-01/"
# Longer than our client waits for an answer.
LOST_SECONDS = 11.0
CONFIG = Path(__file__).resolve().parents[2] / "config"
DOCUMENTS = {f"/{name}": CONFIG / name for name in ("fallback.xml", "fallback_ordered.xml")}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to our webhooks and what became of it; `status` is 0 where nobody answered."""

    at: datetime
    url: str
    form: Mapping[str, str]
    status: int
    seconds: float
    body: bytes

    @property
    def path(self) -> str:
        """The address without its query."""
        return urlsplit(self.url).path

    @property
    def line(self) -> str:
        """The line that the address names; nothing for the first document of a call."""
        return parse_qs(urlsplit(self.url).query).get("line", [""])[0]


class Watched(RealtimeCarrier):
    """A carrier in real time that keeps what it asked of us and what it heard."""

    def __init__(self, *, account: Account, seed: int, options: Options) -> None:
        super().__init__(account=account, seed=seed, options=options)
        self.asked: list[Asked] = []

    def _fetch(self, request: Request) -> Outcome:
        at, began = wall_clock(), time.monotonic()
        outcome = super()._fetch(request)
        heard = outcome if isinstance(outcome, Response) else Response(0)
        seconds = time.monotonic() - began
        self.asked.append(Asked(at, request.url, dict(request.form), heard.status, seconds, heard.body))
        return outcome


class Weather:
    """Stands before the REST API: answers take `before` seconds; this share of them is lost after its effect."""

    def __init__(self, app: WSGIApplication, seed: int) -> None:
        self._app, self._dice, self._lock = app, Random(f"weather {seed}"), threading.Lock()
        self.before = self.lost = 0.0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass a request on, late, or without letting its answer out in time."""
        is_order = environ["PATH_INFO"].startswith(REST) and environ["REQUEST_METHOD"] == "POST"
        if is_order and self.before:
            time.sleep(self.before)
        answer = list(self._app(environ, start_response))
        if is_order and self._is_lost():
            time.sleep(LOST_SECONDS)
        return answer

    def _is_lost(self) -> bool:
        with self._lock:
            return self._dice.random() < self.lost


class Door:
    """A port at which an app can be reached, until it is shut: then connections are refused."""

    def __init__(self, app: WSGIApplication, port: int) -> None:
        self._app, self._port = app, port
        self._server: BaseWSGIServer | None = None

    def open(self) -> None:
        """Answer from now on."""
        self._server = make_server(HERE, self._port, self._app, threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def shut(self) -> None:
        """Refuse everybody."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class Exchange:
    """The carrier with its REST side, and the static host of the fallback documents; `stop` ends all of it."""

    def __init__(self, account: Account, ports: Ports, *, seed: int, options: Options) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.carrier = Watched(account=account, seed=seed, options=options)
        self.weather = Weather(create_app(self.carrier.gate), seed)
        self.rest = Door(self.weather, ports.carrier)
        self._static = Door(_fallback, ports.static)

    def start(self) -> None:
        """Let time run and open the doors."""
        self.carrier.start()
        self.rest.open()
        self._static.open()

    def stop(self) -> None:
        """Shut the doors and let time stand still."""
        self.rest.shut()
        self._static.shut()
        self.carrier.stop()


def _fallback(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/xml; charset=utf-8")])
    return [DOCUMENTS[environ["PATH_INFO"]].read_bytes()]
