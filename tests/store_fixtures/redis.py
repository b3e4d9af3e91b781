"""The Redis of the tests: a real Valkey on a unix socket, one for each test process."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as NotYet
from redis.retry import Retry

from commands.valkey import passing_server


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[str]:
    # A folder of our own directly under /tmp: a socket's path may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="charterline-vk-") as folder:
        socket = Path(folder) / "valkey.sock"
        server = subprocess.Popen(passing_server(socket), stdout=subprocess.DEVNULL)
        url = f"unix://{socket}"
        with Redis.from_url(url, retry=Retry(ConstantBackoff(0.02), 500, (NotYet,))) as client:
            client.ping()
        yield url
        server.terminate()
        server.wait(10)


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """URL of a real, empty Valkey."""
    with Redis.from_url(_redis_server) as client:
        client.flushall()
    return _redis_server
