"""Redis as the doctor looks at it, and the processes that are alive by what stands in it."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from redis import Redis
from redis.exceptions import RedisError, ResponseError
from rq import Worker
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker, WorkerStatus

from commands.doctor_findings import Finding, fine, soon, wrong
from config.clock import system_clock
from config.heartbeat import ALIVE
from config.settings import PREFIX, Settings
from workers.kinds import QUEUES
from workers.main import JOB_SECONDS, WORKER_TTL_SECONDS

PATIENCE_SECONDS = 3.0


def look_at_redis(settings: Settings, *, is_dialling: bool) -> Iterator[Finding]:
    """Whether it answers, keeps what it is given, and which processes live; `is_dialling` while a campaign runs."""
    where = f"{PREFIX}REDIS_URL={_without_password(settings.redis_url)}"
    limits = {"socket_timeout": PATIENCE_SECONDS, "socket_connect_timeout": PATIENCE_SECONDS}
    with Redis.from_url(settings.redis_url, **limits) as redis:
        try:
            told: dict[str, Any] = redis.info()  # Any: numbers and words as Redis tells them
            yield fine("redis", f"answers: {told.get('server_name', 'redis')} {_version(told)}", where)
            yield _eviction(told, where)
            yield _persistence(told, redis, where)
            yield from _workers(redis, where)
            yield _alive(redis, "relay")
            yield _dialler(_alive(redis, "dialler"), is_dialling=is_dialling)
        except RedisError as error:
            remedy = (
                "start it, let this host in, or correct the setting; until then promises are kept only once it is back"
            )
            yield wrong("redis", f"does not answer ({type(error).__name__})", where=where, remedy=remedy)


def _version(told: dict[str, Any]) -> str:
    return str(told.get("valkey_version") or told.get("redis_version"))


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return url if parts.password is None else url.replace(f":{parts.password}@", ":***@", 1)


def lives_here(settings: Settings, process: str) -> bool:
    """Whether a process of this name on this host gave a sign of life lately; raises `RedisError`."""
    host = socket.gethostname()
    with Redis.from_url(settings.redis_url, socket_timeout=PATIENCE_SECONDS) as redis:
        queue = process.removeprefix("worker-")
        if queue in QUEUES:
            return any(worker.hostname == host and queue in worker.queue_names() for worker in _living(redis))
        return any(True for _ in redis.scan_iter(match=f"{ALIVE}{process}@{host}:*", count=1000))


def _eviction(told: dict[str, Any], where: str) -> Finding:
    policy = str(told.get("maxmemory_policy", "unknown"))
    if policy == "noeviction":
        return fine("redis memory", "noeviction: nothing that waits is dropped", where)
    what = f"maxmemory-policy is {policy}: under pressure it drops jobs that wait"
    return wrong("redis memory", what, where=where, remedy="set maxmemory-policy noeviction in its configuration")


def _persistence(told: dict[str, Any], redis: "Redis", where: str) -> Finding:
    if told.get("aof_enabled") or _snapshots(redis):
        return fine("redis persistence", "what waits outlives a restart", where)
    what = "keeps nothing over a restart: jobs are handed out again from the database, up to 30 s later"
    return soon("redis persistence", what, where=where, remedy="set appendonly yes in its configuration")


def _snapshots(redis: "Redis") -> bool:
    try:
        return bool(redis.config_get("save").get("save"))
    except ResponseError:  # a hosted Redis tells nobody how it is set
        return False


def _living(redis: "Redis") -> list[BaseWorker]:
    """Workers that were heard of lately; RQ itself forgets one only after a minute and a half."""
    at = system_clock()
    workers = Worker.all(connection=redis, serializer=JSONSerializer)
    return [one for one in workers if one.last_heartbeat and at - one.last_heartbeat < _patience(one)]


def _patience(worker: BaseWorker) -> timedelta:
    is_working = worker.get_state() == WorkerStatus.BUSY
    return timedelta(seconds=WORKER_TTL_SECONDS + (JOB_SECONDS if is_working else 5))


def _workers(redis: "Redis", where: str) -> Iterator[Finding]:
    served = [queue for worker in _living(redis) for queue in worker.queue_names()]
    for queue in QUEUES:
        if count := served.count(queue):
            yield fine("workers", f"{count} for the queue {queue}", where)
        else:
            remedy = f"start charterline run worker {queue} (systemctl start charterline-worker-{queue})"
            yield wrong("workers", f"none for the queue {queue}", where=f"queue {queue}", remedy=remedy)


def _alive(redis: "Redis", process: str) -> Finding:
    keys = list(redis.scan_iter(match=f"{ALIVE}{process}@*", count=1000))
    if keys:
        return fine(process, f"{len(keys)} alive", f"keys {ALIVE}{process}@*")
    remedy = f"start charterline run {process} (systemctl start charterline-{process}) and look at its log"
    return wrong(process, "none is alive", where=f"keys {ALIVE}{process}@*", remedy=remedy)


def _dialler(found: Finding, *, is_dialling: bool) -> Finding:
    if found.remedy and not is_dialling:
        return soon(found.part, f"{found.what}; no campaign runs", where=found.where, remedy=found.remedy)
    return found
