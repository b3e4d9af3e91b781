"""How gunicorn runs the webhooks and the console: threads, no access log, no control socket."""

import os
import sys
from typing import Any

from config.logging import logging_tree
from config.metrics import share_figures
from config.probes import BEGIN
from config.settings import read_settings

_settings = read_settings()
# One file serves both rooms; gunicorn shows a configuration file nothing but its own command line.
_is_console = any(word.startswith("console.") for word in sys.argv)
_is_sqlite = _settings.database_url.startswith("sqlite")

# Before the app is imported: what counts and times looks once where its figures go.
share_figures(_settings.data_dir, "console" if _is_console else "webhooks")

bind = f"{_settings.bind_host}:{_settings.console_port if _is_console else _settings.webhooks_port}"
worker_class = "config.web_worker.WebWorker"
# SQLite has one writer at a time: a second process would only wait for it, and unfairly.
workers = int(os.environ.get("WEB_CONCURRENCY") or (1 if _is_sqlite or _is_console else 2))
# Every open desk of the console holds one thread for its stream of events, and a closed one for a moment longer.
threads = 256 if _is_console else 4
# The carrier gives up after 15 s; anything that runs longer answers nobody.
timeout = 30
# A desk's stream never ends by itself; its page asks again as soon as the console is back.
graceful_timeout = 3 if _is_console else 10
keepalive = 65
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 - gunicorn's heartbeat file
# Read once and shared by the workers. Nothing connects before the first request, so that no worker inherits
# a connection by fork.
preload_app = True
control_socket_disable = True
accesslog = None
logconfig_dict = logging_tree(_settings.log_format, mask=str)
proc_name = "charterline-console" if _is_console else "charterline-webhooks"


def post_worker_init(worker: Any) -> None:  # Any: gunicorn has no types
    """Let a worker that has just been forked begin what goes on beside its requests."""
    begin = worker.wsgi.extensions.get(BEGIN)
    if begin is not None:
        begin()
