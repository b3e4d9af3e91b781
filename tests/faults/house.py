"""An installation in real processes: its own database and Redis, web, two relays, workers, two diallers, a carrier."""

import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from twilio.rest import Client

from benchmarks import stores
from carrier.options import Account, Options
from commands.migrate import migrate
from commands.opened import Opened, open_installation
from commands.registration import register_numbers
from config.recordings import FOLDER as RECORDINGS
from config.settings import read_settings
from tests.campaigns.rooms import MORTALS, Rooms
from tests.faults.cluster import Cluster, OwnRedis, mount_small, unmount
from tests.faults.exchange import HERE, Exchange
from tests.faults.places import Ports, free_ports

# Two of everything that may be there twice.
CREW = {**MORTALS, "relay-2": MORTALS["relay"], "worker-calls-2": MORTALS["worker-calls"]}
SYLLABLES_PER_SECOND, CALLS_PER_SECOND = 40.0, 1.0
LOOK_SECONDS = 1.0
SMALL = "small"
# More than all sounds of a run: what fills it is ballast.
MEGABYTES_OF_SOUNDS = 32


@dataclass
class House:
    """A running installation. `cluster` is None on SQLite; `risen` counts whom the supervisor started again.

    Nobody in `kept_down` is.
    """

    place: Path
    exchange: Exchange
    redis: OwnRedis
    cluster: Cluster | None
    rooms: Rooms
    opened: Opened
    seed: int
    risen: Counter[str] = field(default_factory=Counter)
    kept_down: set[str] = field(default_factory=set)

    @property
    def data(self) -> Path:
        """The folder of data of the installation."""
        return Path(self.rooms.environment["CHARTERLINE_DATA_DIR"])

    @property
    def small(self) -> Path:
        """Where the database lies that has little space."""
        return self.place / SMALL

    @property
    def recordings(self) -> Path:
        """The folder of recorded sounds."""
        return self.data / RECORDINGS

    @contextmanager
    def supervised(self) -> Iterator[None]:
        """As long as the block lasts, whoever ends by itself is started again, as systemd does it."""
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(LOOK_SECONDS):
            self.risen.update(self.rooms.raise_dead(but=self.kept_down))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a house stands on: the kind of database; with `megabytes`, a file system of that size under it.

    Recordings then have one of a single megabyte.
    """

    kind: str = stores.POSTGRESQL
    megabytes: int = 0


@contextmanager
def house(place: Path, wanted: Wanted, *, seed: int) -> Iterator[House]:
    """Build everything in an empty folder, start it, and end it."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    ports = free_ports()
    with ExitStack() as stack:
        redis = OwnRedis(place / "redis", ports.redis)
        redis.start()
        stack.callback(redis.stop)
        cluster, url = _database(wanted, place, stack)
        environment = _environment(url, redis.url, place, ports)
        migrate(read_settings(environment))
        exchange = _exchange(environment, ports, seed)
        exchange.start()
        stack.callback(exchange.stop)
        rooms = Rooms(environment, place, ports.carrier, crew=CREW)
        opened = open_installation(read_settings(environment))
        stack.callback(opened.store.engine.dispose)
        _introduce(opened, exchange)
        stack.callback(rooms.stop)
        yield House(place, exchange, redis, cluster, rooms, opened, seed)


def _database(wanted: Wanted, place: Path, stack: ExitStack) -> tuple[Cluster | None, str]:
    where = place
    if wanted.megabytes:
        where = place / SMALL
        for folder, megabytes in ((where, wanted.megabytes), (place / "data" / RECORDINGS, MEGABYTES_OF_SOUNDS)):
            mount_small(folder, megabytes)
            stack.callback(unmount, folder)
    if wanted.kind == stores.SQLITE:
        return None, f"sqlite:///{where / 'hotline.db'}"
    cluster = Cluster(where / "pg")
    cluster.make()
    stack.callback(cluster.stop, "immediate")
    return cluster, cluster.url


def _environment(url: str, redis: str, place: Path, ports: Ports) -> Mapping[str, str]:
    data = place / "data"
    data.mkdir(exist_ok=True)
    environment = stores.settings(url, redis, data, port=ports.webhooks, carrier_port=ports.carrier)
    return environment | {
        "CHARTERLINE_LOG_FORMAT": "text",
        "CHARTERLINE_CALLS_PER_SECOND": str(CALLS_PER_SECOND),
        "CHARTERLINE_FALLBACK_URL": f"http://{HERE}:{ports.static}/fallback.xml",
    }


def _exchange(environment: Mapping[str, str], ports: Ports, seed: int) -> Exchange:
    account = Account(
        environment["CHARTERLINE_TWILIO_ACCOUNT_SID"], environment["CHARTERLINE_TWILIO_AUTH_TOKEN"], "", "", "", ""
    )
    url = environment["CHARTERLINE_TWILIO_API_URL"]
    options = Options(syllables_per_second=SYLLABLES_PER_SECOND, public_url=url)
    return Exchange(account, ports, seed=seed, options=options)


def _introduce(opened: Opened, exchange: Exchange) -> None:
    """Let the carrier know our lines, and that their public numbers arrive at ours."""
    settings = opened.settings
    client = Client(settings.twilio_account_sid, settings.auth_tokens[0])
    client.api.base_url = settings.twilio_api_url
    register_numbers(client, opened.lines, base_url=settings.public_base_url, fallback_url=settings.fallback_url)
    with exchange.carrier.gate.entered() as network:
        for line in opened.lines:
            network.alias(line.number, line.numbers[0])
