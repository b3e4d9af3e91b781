"""The console of a test at a real address."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from console.desk.watch import EXTENSION, Watch


@contextmanager
def serving(console: Flask) -> Iterator[str]:
    """Serve it for as long as the block lasts; streams of desks end with it. Gives the address."""
    server = make_server("127.0.0.1", 0, console, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        watch = console.extensions.get(EXTENSION)
        if isinstance(watch, Watch):
            watch.end()
        server.shutdown()
        thread.join()
        server.server_close()
