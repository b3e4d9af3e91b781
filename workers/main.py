"""The processes: a relay that hands out due promises, and RQ workers that keep them."""

import os
import signal
import threading
import time
from collections.abc import Mapping
from functools import lru_cache

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from config.bell import BELL, bell_at
from config.clock import system_clock
from config.files import HOLIDAYS, LINES, MESSAGES, RETENTION, SURVEYS, ordered_fallback, read_file, read_folder
from config.heartbeat import Heartbeat
from config.recordings import Recordings
from config.settings import Settings, read_settings
from config.uploads import Uploads
from ivr.editions.current import Current
from ivr.editions.merging import Files
from ivr.keeping.erasing import promise_keeping
from ivr.keeping.rules import load_retention
from ivr.listening.transcriber import TRANSCRIBERS
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from ivr.surveys.reading import load_questionnaires
from workers.clerk import Clerk, Desk
from workers.errand_kinds import KINDS as ERRANDS
from workers.job import House
from workers.keeping import Keeper
from workers.kinds import CHORES, QUEUES
from workers.measuring import Measured
from workers.providers.access import aggregators, providers_of
from workers.providers.switch import Switch
from workers.queued import RUN, PromiseJob
from workers.reconnecting import QueueWorker
from workers.relay import Hand, Relay, Waiting
from workers.twilio import TwilioCarrier

# RQ notices a dead worker's job only by maintenance; the relay hands out again sooner than that.
WORKER_TTL_SECONDS = 30
MAINTENANCE_SECONDS = 15
JOB_SECONDS = 60
PATIENCE_SECONDS = 30
# Even with no bell and nothing known to be due, the relay looks this often.
LONGEST_SLEEP_SECONDS = 1.0
PAUSE_AFTER_TROUBLE_SECONDS = 0.5
# What can wait leaves the processor to what somebody waits for (docs/decisions/0015).
GIVES_WAY = 5

log = structlog.get_logger(__name__)


def run(promise_id: int) -> None:
    """The one function that RQ calls."""
    keeper().keep(promise_id)


@lru_cache(maxsize=1)
def keeper() -> Keeper:
    """The keeper of this process, made from the settings of the environment."""
    settings = read_settings()
    store = opened_store(settings)
    carrier = Switch(telephone_carrier(settings), aggregators(settings))
    house = make_house(settings, store)
    return Keeper(store, Measured(carrier), house, system_clock, bell_at(settings.redis_url))


def opened_store(settings: Settings) -> Store:
    """The database of the installation."""
    keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
    return Store(make_engine(settings.database_url, keyring=keyring))


def telephone_carrier(settings: Settings) -> TwilioCarrier:
    """The carrier of calls; whoever is rung through it has a document while nothing of ours answers."""
    carrier = TwilioCarrier(settings.twilio_account_sid, settings.auth_tokens[0], settings.twilio_api_url)
    carrier.fallback_url = ordered_fallback(settings.fallback_url)
    return carrier


def make_house(settings: Settings, store: Store) -> House:
    """Read the files of the installation, and from then on, beside the work, the editions over them."""
    files = Files(read_folder(MESSAGES), read_folder(LINES), read_file(HOLIDAYS), settings.always_open)
    current = Current(files, store, clock=system_clock, tell=log.warning)
    current.begin()
    now, uploads = current.installed, Uploads(settings.data_dir)
    desk = Desk(store, uploads, system_clock, bell_at(settings.redis_url), lambda: current.installed.calendar)
    return House(
        lines=now.lines,
        texts=now.texts,
        calendar=now.calendar,
        keyring=store.keyring,
        public_base_url=settings.public_base_url,
        transcriber=TRANSCRIBERS[settings.transcriber],
        providers=providers_of(settings),
        surveys=load_questionnaires(read_folder(SURVEYS)),
        retention=load_retention(read_file(RETENTION)),
        current=current,
        recordings=Recordings(settings.data_dir),
        uploads=uploads,
        begin_errand=Clerk(desk, ERRANDS).begin,
    )


def work(queue: str, redis_url: str) -> None:
    """Keep the promises of one queue until told to stop. One queue a process: RQ then never drops a job."""
    if queue == CHORES:
        os.nice(GIVES_WAY)
    worker = queue_worker(queue, _redis_when_there(redis_url))
    keeper()
    worker.work(logging_level="WARNING")


def queue_worker(queue: str, redis: Redis) -> SimpleWorker:
    """A worker of one queue that keeps promises and does nothing else."""
    return QueueWorker(
        [Queue(queue, connection=redis, serializer=JSONSerializer, job_class=PromiseJob)],
        connection=redis,
        serializer=JSONSerializer,
        job_class=PromiseJob,
        worker_ttl=WORKER_TTL_SECONDS,
        maintenance_interval=MAINTENANCE_SECONDS,
    )


def relay(settings: Settings) -> None:
    """Hand out due promises until told to stop; trouble with Redis or the database is waited out.

    What is claimed is on a queue before it ends: else a worker would get it half a minute later.
    """
    redis = _redis_when_there(settings.redis_url)
    queues = {name: Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUES}
    passing = Relay(opened_store(settings), _hander(queues), _waiting(redis, queues))
    beat = Heartbeat(settings.redis_url, "relay")
    _promise_keeping(passing.store)
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    while not stopping.is_set():
        beat()
        try:
            handed, due = passing.hand_or_look(system_clock())
            wait = (due - system_clock()).total_seconds() if due else LONGEST_SLEEP_SECONDS
            if wait > 0 and not handed:
                redis.blpop([BELL], timeout=min(max(wait, 0.01), LONGEST_SLEEP_SECONDS))
        except (RedisError, SQLAlchemyError) as error:
            log.warning("relay waits", reason=type(error).__name__)
            time.sleep(PAUSE_AFTER_TROUBLE_SECONDS)


def _promise_keeping(store: Store) -> None:
    """The first run over data whose time is over; each run promises the next."""
    try:
        with store.transaction() as session:
            promise_keeping(session, at=system_clock())
    except SQLAlchemyError as error:
        log.warning("keeping not promised: the next start of a relay does it", reason=type(error).__name__)


def _hander(queues: Mapping[str, Queue]) -> Hand:
    def hand(queue: str, promise_id: int) -> None:
        queues[queue].enqueue(RUN, promise_id, result_ttl=0, failure_ttl=0, job_timeout=JOB_SECONDS)

    return hand


def _waiting(redis: Redis, queues: Mapping[str, Queue]) -> Waiting:
    def waiting() -> Mapping[str, int]:
        with redis.pipeline(transaction=False) as pipeline:
            for queue in queues.values():
                pipeline.llen(queue.key)
            return dict(zip(queues, pipeline.execute(), strict=True))

    return waiting


def _redis_when_there(url: str) -> Redis:
    """Connect to Redis, waiting for it to start."""
    redis = Redis.from_url(url)
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            redis.ping()
            return redis
        except RedisError:
            if time.monotonic() >= give_up_at:
                raise
            time.sleep(0.2)
