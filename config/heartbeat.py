"""The sign of life of a process that no queue knows: a key in Redis that is gone soon after the process is."""

import os
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from config.bell import LONGEST_RING_SECONDS

if TYPE_CHECKING:
    from redis import Redis

ALIVE = "charterline:alive:"
BEAT_SECONDS = 5.0
FORGOTTEN_AFTER_SECONDS = 20


class Heartbeat:
    """Call it in every turn of a loop: it beats every 5 s, and keeps quiet where Redis is away."""

    def __init__(self, redis_url: str, process: str) -> None:
        self._url = redis_url
        self._key = f"{ALIVE}{process}@{socket.gethostname()}:{os.getpid()}"
        self._redis: Redis | None = None
        self._next = float("-inf")

    def __call__(self) -> None:
        """Beat, if it is time."""
        from redis import Redis
        from redis.exceptions import RedisError

        if (now := time.monotonic()) < self._next:
            return
        self._next = now + BEAT_SECONDS
        if self._redis is None:
            limits = {"socket_timeout": LONGEST_RING_SECONDS, "socket_connect_timeout": LONGEST_RING_SECONDS}
            self._redis = Redis.from_url(self._url, **limits)
        try:
            self._redis.set(self._key, 1, ex=FORGOTTEN_AFTER_SECONDS)
        except RedisError:
            return


def no_heartbeat() -> None:
    """For a loop whose life nobody watches."""


Beat = Callable[[], None]
