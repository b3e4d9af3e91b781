"""One WSGI exchange, run to its end so that its answer can be read and then replayed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.test import run_wsgi_app


@dataclass(frozen=True)
class Exchange:
    """A whole answer: status line, headers in order, body in bytes."""

    line: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def run(cls, app: WSGIApplication, environ: WSGIEnvironment) -> "Exchange":
        """Calls the app once and reads all that it answers."""
        parts, line, headers = run_wsgi_app(app, environ)
        return cls(line, tuple(headers), b"".join(parts))

    @property
    def status(self) -> int:
        """The status code."""
        return int(self.line.split(" ", 1)[0])

    @property
    def content_type(self) -> str:
        """Content-Type in lower case, empty when absent."""
        return next((value.lower() for name, value in self.headers if name.lower() == "content-type"), "")

    @property
    def text(self) -> str:
        """The body as UTF-8; bytes that are not (media) are replaced."""
        return self.body.decode("utf-8", "replace")

    @staticmethod
    def json_of(text: str) -> object:
        """The decoded JSON; None for an empty body, the text itself when it is not JSON."""
        if not text:
            return None
        try:
            value: object = json.loads(text)
        except ValueError:
            return text
        return value


def replay(exchange: Exchange, start_response: StartResponse) -> Iterable[bytes]:
    """Gives the stored answer to the server that asked."""
    start_response(exchange.line, list(exchange.headers))
    return [exchange.body]


def decoded(data: Mapping[object, object]) -> dict[str, list[str]]:
    """SDK parameters as they go over the wire: each value a list of strings."""
    return {
        str(name): [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
        for name, value in data.items()
    }
