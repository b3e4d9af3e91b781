"""A carrier process and the apps around it, for tests that need the real thing in real time."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import httpx
import pytest
from flask import Flask, Response
from werkzeug.serving import make_server

ROOT = Path(__file__).parents[2]
ACCOUNT, TOKEN = "AC" + "5" * 32, "token-of-the-page-tests"
KEY, KEY_SECRET = "SK" + "5" * 32, "a secret of the page tests, long enough to sign with"


def twiml(body: str) -> Response:
    return Response(f"<Response>{body}</Response>", mimetype="text/xml")


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an app on a port of its own; its base URL."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def running_carrier(folder: Path) -> Iterator[str]:
    """Run a carrier process; its base URL."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "carrier", "--host", "127.0.0.1", "--port", str(port)]
    account = ["--account-sid", ACCOUNT, "--auth-token", TOKEN, "--api-key", f"{KEY}:{KEY_SECRET}"]
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(command + account, cwd=ROOT, stdout=log, stderr=log) as process:
        try:
            _wait_until_it_answers(f"http://127.0.0.1:{port}/healthz", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def add_line(carrier: str, number: str, **fields: str) -> None:
    """Give the account a number."""
    path = f"/2010-04-01/Accounts/{ACCOUNT}/IncomingPhoneNumbers.json"
    httpx.post(carrier + path, data={"PhoneNumber": number, **fields}, auth=(ACCOUNT, TOKEN)).raise_for_status()


def _wait_until_it_answers(url: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        if process.poll() is not None:
            pytest.fail(f"the carrier process ended with status {process.returncode} before it answered")
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the carrier process did not answer at {url} within a minute")
