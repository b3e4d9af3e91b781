"""A worker whose Redis is away for long asks for it again every few seconds, and is there soon after it."""

import time

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as RedisAway

from workers.main import queue_worker

QUEUE = "calls"
TRIES = 12


class _EnoughError(Exception):
    """Ends a wait that would never end."""


def test_a_worker_asks_for_a_redis_that_stays_away_every_few_seconds(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    paused: list[float] = []

    def away() -> None:
        raise RedisAway

    def note(seconds: float) -> None:
        paused.append(seconds)
        if len(paused) == TRIES:
            raise _EnoughError

    with Redis.from_url(redis_url) as redis:
        worker = queue_worker(QUEUE, redis)
        monkeypatch.setattr(worker, "heartbeat", away)
        monkeypatch.setattr(time, "sleep", note)
        with pytest.raises(_EnoughError):
            worker.dequeue_job_and_maintain_ttl(timeout=1)
    assert max(paused) <= 2
