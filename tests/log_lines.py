"""Log lines of tests stay short: a failure on purpose is not worth a page of local variables."""

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def plain_log_lines() -> Iterator[None]:
    """Write exceptions as plain tracebacks; drawing the variables of every frame takes half a minute."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])
    yield
    structlog.reset_defaults()
