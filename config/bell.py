"""The bell that wakes the relay after a commit; when Redis is away nothing is lost but a moment."""

from collections.abc import Callable

import structlog
from redis import Redis
from redis.exceptions import RedisError

BELL = "charterline:bell"
# A bell that cannot be rung must not make a caller wait.
LONGEST_RING_SECONDS = 0.2

log = structlog.get_logger(__name__)


def bell_at(redis_url: str) -> Callable[[], None]:
    """A function that rings the bell at that Redis, and keeps quiet where it is away."""
    redis = Redis.from_url(redis_url, socket_timeout=LONGEST_RING_SECONDS, socket_connect_timeout=LONGEST_RING_SECONDS)

    def ring() -> None:
        try:
            with redis.pipeline(transaction=False) as pipeline:
                pipeline.lpush(BELL, 1)
                pipeline.ltrim(BELL, 0, 0)
                pipeline.execute()
        except RedisError as error:
            log.info("bell not rung", reason=type(error).__name__)

    return ring
