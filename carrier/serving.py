"""Serving the carrier: one process, many threads (event streams hold one each), keep-alive connections."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gunicorn.app.base import BaseApplication

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 192
KEEP_ALIVE_SECONDS = 30


class Serving(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types
    """Gunicorn with a single worker; `make` is called inside it, so that the engine's thread lives there."""

    def __init__(self, address: str, make: Callable[[], WSGIApplication]) -> None:
        self._address, self._make = address, make
        super().__init__()

    def load_config(self) -> None:
        """Set what is needed; nothing is read from the command line or environment."""
        settings = {
            "bind": self._address,
            "workers": 1,
            "threads": THREADS,
            "worker_class": "gthread",
            "keepalive": KEEP_ALIVE_SECONDS,
            "worker_connections": 1000,
            "timeout": 120,
            "graceful_timeout": 2,
            "control_socket_disable": True,
            "loglevel": "warning",
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Make the app, in the worker."""
        return self._make()
