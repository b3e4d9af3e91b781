"""A carrier that only notes when orders arrive: python -m benchmarks.stub_carrier PORT FILE [LEAST MOST].

Orders are answered as Twilio does, after LEAST to MOST seconds; a line of FILE is the arrival and the order's form.
"""

import json
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TextIO
from urllib.parse import parse_qsl

from config.clock import system_clock


class _Desk(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer are two writes: with Nagle's algorithm the second would wait for the client.
    disable_nagle_algorithm = True
    notes: TextIO
    turn = threading.Lock()
    count = 0
    least, most = 0.0, 0.0

    def do_POST(self) -> None:
        at = system_clock()
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        with self.turn:
            _Desk.count += 1
            sid = f"CA{_Desk.count:032x}"
            print(json.dumps({"at": at.isoformat(), "form": form}), file=self.notes, flush=True)
        if self.most:
            time.sleep(random.uniform(self.least, self.most))
        self._answer(201, {"sid": sid, "status": "queued"})

    def do_GET(self) -> None:
        self._answer(200, {})

    def _answer(self, status: int, content: dict[str, str]) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet: the notes are the log."""


def main() -> None:
    """Serve until ended."""
    port, path, *seconds = sys.argv[1:]
    if seconds:
        _Desk.least, _Desk.most = (float(one) for one in seconds)
    with Path(path).open("w", encoding="utf-8") as notes:
        _Desk.notes = notes
        ThreadingHTTPServer(("127.0.0.1", int(port)), _Desk).serve_forever()


if __name__ == "__main__":
    main()
