"""The bell that wakes the relay after a commit; when Redis is away nothing is lost but a moment."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from redis import Redis

BELL = "charterline:bell"
# A bell that cannot be rung must not make a caller wait.
LONGEST_RING_SECONDS = 0.2

log = structlog.get_logger(__name__)


class _Bell:
    """Connects at the first ring: the client is a third of a web process's start, and many never ring."""

    def __init__(self, redis_url: str) -> None:
        self._url = redis_url

    @cached_property
    def _redis(self) -> "Redis":
        from redis import Redis

        return Redis.from_url(
            self._url, socket_timeout=LONGEST_RING_SECONDS, socket_connect_timeout=LONGEST_RING_SECONDS
        )

    def ring(self) -> None:
        """Ring once; several rings before the relay looks are one."""
        from redis.exceptions import RedisError

        try:
            with self._redis.pipeline(transaction=False) as pipeline:
                pipeline.lpush(BELL, 1)
                pipeline.ltrim(BELL, 0, 0)
                pipeline.execute()
        except RedisError as error:
            log.info("bell not rung", reason=type(error).__name__)


def bell_at(redis_url: str) -> Callable[[], None]:
    """A function that rings the bell at that Redis, and keeps quiet where it is away."""
    return _Bell(redis_url).ring
