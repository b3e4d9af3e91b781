"""Starts our processes for a benchmark, waits until they answer, and ends them."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.stores import ROOT
from benchmarks.usage import children_of

SECONDS_TO_START = 120.0
SECONDS_TO_STOP = 15.0
PAUSE_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Web:
    """A running gunicorn: its port, its master process, and how long it took until it answered, in seconds."""

    port: int
    process: int
    started_in: float

    @property
    def workers(self) -> Sequence[int]:
        """The processes that answer requests."""
        return children_of(self.process)


def free_port() -> int:
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """A process of ours writing to `log`; raises RuntimeError with the log's end where it died by itself."""
    with log.open("ab") as output:
        started = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=output)
    try:
        yield started.pid
        if started.poll() is not None:
            raise RuntimeError(f"{' '.join(command)} ended by itself:\n{_end_of(log)}")
    finally:
        started.terminate()
        try:
            started.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


@contextmanager
def web(app: str, environment: Mapping[str, str], log: Path) -> Iterator[Web]:
    """`app` under gunicorn with the product's own configuration, on the port of its settings."""
    port = int(environment["CHARTERLINE_WEBHOOKS_PORT"])
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", app]
    began = time.perf_counter()
    with process(command, environment, log) as master:
        wait_until_healthy(port, log)
        yield Web(port, master, time.perf_counter() - began)


def wait_until_healthy(port: int, log: Path) -> None:
    """Wait until `GET /healthz` answers 200; raises RuntimeError with the log's end when it does not."""
    give_up_at = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up_at:
        if _is_healthy(port):
            return
        time.sleep(PAUSE_SECONDS)
    raise RuntimeError(f"port {port} did not answer within {SECONDS_TO_START:g} s:\n{_end_of(log)}")


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:])
