"""Log lines of tests: short ones, since a failure on purpose is not worth a page of variables; and an operator's."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from config.logging import configure_logging
from ivr.numbers import mask_numbers


@pytest.fixture(autouse=True)
def plain_log_lines() -> Iterator[None]:
    """Write exceptions as plain tracebacks; drawing the variables of every frame takes half a minute."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()


@contextmanager
def operators_log() -> Iterator[io.StringIO]:
    """What a process writes into its log, as installations do; afterwards everything is as it was."""
    root, structured, out = logging.getLogger(), structlog.get_config(), io.StringIO()
    level, handlers = root.level, root.handlers[:]
    configure_logging("text", mask=mask_numbers)
    root.handlers[0].setStream(out)  # type: ignore[attr-defined]
    try:
        yield out
    finally:
        root.setLevel(level)
        root.handlers[:] = handlers
        structlog.configure(**structured)
