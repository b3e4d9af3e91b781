"""The processes of an installation as mortals: web, relay, workers and Redis die by seed and are started again."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy import event

from carrier.outgoing import Failure, Outcome, Request
from carrier.virtual import Fetcher
from commands.fate import Death, Fate, Place
from commands.world import World
from ivr.orders import Carrier, Order, Receipt
from ivr.store import Store
from workers.keeping import Keeper
from workers.kinds import QUEUES
from workers.main import LONGEST_SLEEP_SECONDS, PAUSE_AFTER_TROUBLE_SECONDS
from workers.relay import Relay

A_LOOK = timedelta(seconds=LONGEST_SLEEP_SECONDS)


@dataclass(slots=True)
class Redis:
    """The queues and the bell. Away, it fails whoever asks; flushed, it has forgotten everything."""

    queues: dict[str, list[int]] = field(default_factory=lambda: {queue: [] for queue in QUEUES})
    rung: bool = False
    away_until: datetime | None = None

    def flush(self) -> None:
        """Forget what was on the queues, and the bell."""
        self.rung = False
        for queue in self.queues.values():
            queue.clear()


@dataclass(frozen=True, slots=True)
class _Killer:
    """A carrier port whose worker may die just before an order is given, or just after."""

    carrier: Carrier
    fate: Fate

    def do(self, order: Order) -> Receipt:
        """Give the order, if one lives to give it."""
        self.fate.strike(Place.WORKER_PREPARED)
        receipt = self.carrier.do(order)
        self.fate.strike(Place.WORKER_ORDERED)
        return receipt


class Mortals:
    """A crew of one relay and one worker a queue, beside one web process and Redis, all of which die as fate has it.

    The database lives on, and so does the carrier. `next_due` is when somebody has something to do.
    """

    def __init__(self, store: Store, keeper: Keeper, fate: Fate) -> None:
        self._store, self._fate = store, fate
        self._keeper = replace(keeper, carrier=_Killer(keeper.carrier, fate))
        self._redis = Redis()
        self._relay = Relay(store, self._hand, self._waiting)
        # Until when each process is dead; the relay and the web stand beside the queues of the workers.
        self._dead_until: dict[str, datetime] = {}
        self._look_at: datetime | None = None
        self._committing: Place | None = None
        self.next_due: datetime | None = None

    @contextmanager
    def living_in(self, world: World) -> Iterator[None]:
        """Be killed at commits and at the web's door, too, and have outages, as long as the block lasts."""
        carrier, engine = world.carrier, self._store.engine
        fetch = carrier.fetch
        carrier.fetch = self._web(fetch, world)
        event.listen(engine, "commit", self._before_commit)
        self._plan_outage(world)
        try:
            yield
        finally:
            event.remove(engine, "commit", self._before_commit)
            carrier.fetch = fetch

    def ring(self) -> None:
        """Ring the relay's bell, where Redis is there to hold it; without it the relay looks by itself."""
        if self._redis.away_until is None:
            self._redis.rung = True

    def work(self, now: datetime) -> datetime | None:
        """Let everybody alive do what there is to do now."""
        if self._redis.away_until is not None and self._redis.away_until <= now:
            self._redis.away_until = None
        while self._relay_passes(now) or self._workers_work(now):
            pass
        self.next_due = self._next_look(now)
        return self.next_due

    def _relay_passes(self, now: datetime) -> bool:
        """One pass of the relay, where it lives and has a reason to look; says whether there may be more."""
        if not (self._redis.rung or self._is_past(self._look_at, now)) or self._is_dead("relay", now):
            return False
        self._redis.rung, self._look_at = False, None
        try:
            handed, due = self._relay.hand_or_look(now)
        except RedisAway:
            self._look_at = now + timedelta(seconds=PAUSE_AFTER_TROUBLE_SECONDS)
            return False
        except Death:
            self._dies("relay", now)
            return False
        # Whatever is due, it looks by itself as well while anybody has written something.
        self._look_at = due
        self._redis.rung = self._redis.rung or handed > 0
        return handed > 0

    def _workers_work(self, now: datetime) -> bool:
        """One promise for each worker that lives and has one on its queue; says whether there was any."""
        worked = False
        for queue, waiting in self._redis.queues.items():
            if waiting and self._redis.away_until is None and not self._is_dead(queue, now):
                self._keep(queue, waiting.pop(0), now)
                worked = True
        return worked

    def _keep(self, queue: str, promise: int, now: datetime) -> None:
        self._stir(now)
        try:
            self._fate.strike(Place.WORKER_TAKEN)
            with self._commits(Place.WORKER_COMMITTING):
                self._keeper.keep(promise)
            self._fate.strike(Place.WORKER_DONE)
        except Death:
            self._dies(queue, now)

    def _web(self, fetch: Fetcher, world: World) -> Fetcher:
        def mortal(request: Request) -> Outcome:
            now = world.now()
            if self._is_dead("web", now):
                return Failure("connect", "connection refused")
            self._stir(now)
            try:
                with self._commits(Place.WEB_COMMITTING):
                    answer = fetch(request)
                self._fate.strike(Place.WEB_COMMITTED)
            except Death:
                self._dies("web", now)
                return Failure("timeout", "connection reset")
            return answer

        return mortal

    def _plan_outage(self, world: World) -> None:
        network = world.carrier.network

        def strike() -> None:
            self._strike(self._fate.outage(), network.now)
            self._plan_outage(world)

        network.after(self._fate.pause(), strike)

    def _strike(self, place: Place, now: datetime) -> None:
        if place is Place.WEB_DOWN:
            self._dies("web", now)
        elif place is Place.REDIS_FLUSHED:
            self._redis.flush()
        else:
            self._redis.away_until = now + timedelta(seconds=self._fate.absence())
        self._stir(now)

    def _hand(self, queue: str, promise: int) -> None:
        if self._redis.away_until is not None:
            raise RedisAway("Redis is away")
        self._fate.strike(Place.RELAY_CLAIMED)
        self._redis.queues[queue].append(promise)

    def _waiting(self) -> Mapping[str, int]:
        if self._redis.away_until is not None:
            raise RedisAway("Redis is away")
        return {queue: len(several) for queue, several in self._redis.queues.items()}

    def _dies(self, process: str, now: datetime) -> None:
        self._dead_until[process] = now + timedelta(seconds=self._fate.absence())
        self._stir(now)

    def _is_dead(self, process: str, now: datetime) -> bool:
        return not self._is_past(self._dead_until.get(process, now), now)

    def _stir(self, now: datetime) -> None:
        """Somebody may have written something: with no bell, the relay looks within its longest sleep."""
        self._look_at = min(self._look_at or now + A_LOOK, now + A_LOOK)

    def _next_look(self, now: datetime) -> datetime | None:
        """The next moment in which anybody has something to do, as far as can be known."""
        wakes = [until for until in self._dead_until.values() if until > now]
        wakes += [moment for moment in (self._look_at, self._redis.away_until) if moment is not None and moment > now]
        return min(wakes, default=None)

    @contextmanager
    def _commits(self, place: Place) -> Iterator[None]:
        self._committing = place
        try:
            yield
        finally:
            self._committing = None

    def _before_commit(self, _connection: object) -> None:
        if self._committing is not None:
            self._fate.strike(self._committing)

    @staticmethod
    def _is_past(moment: datetime | None, now: datetime) -> bool:
        return moment is not None and moment <= now
