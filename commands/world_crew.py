"""Relay, workers and dialler of a world, one or two of each; they die, wait for the database and forget with Redis."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from carrier.outgoing import Failure, Outcome, Request, Response
from carrier.virtual import Fetcher
from commands.fate import Death, Place
from commands.mortals import A_LOOK, Redis
from commands.world import World
from commands.world_fallback import REFUSED, STATIC_HOST, static_document
from commands.world_faults import Troubles, answers_of_commits
from commands.world_plan import WorldFault
from ivr.orders import Carrier, Order, Receipt
from ivr.store import Store
from workers.dialler import Dialler
from workers.keeping import Keeper
from workers.main import PAUSE_AFTER_TROUBLE_SECONDS
from workers.relay import Relay

SOON = timedelta(microseconds=1)
# While nobody is left to dial and no dial is open.
SELDOM = timedelta(seconds=60)
# A promise is on its queue twice this often, where there are two of everybody.
SHARE_TWICE = 0.1


@dataclass(frozen=True, slots=True)
class _Port:
    """A carrier port: before an order and after it the process may die, and its twin may be at work."""

    carrier: Carrier
    troubles: Troubles
    meanwhile: Callable[[], None]

    def do(self, order: Order) -> Receipt:
        """Give the order, if one lives to give it."""
        self.troubles.strike(Place.WORKER_PREPARED)
        self.meanwhile()
        receipt = self.carrier.do(order)
        self.troubles.strike(Place.WORKER_ORDERED)
        self.meanwhile()
        return receipt


@dataclass(slots=True)
class _Process:
    """A process by name, and until when it is dead or pauses."""

    name: str
    away_until: datetime | None = None

    def is_there(self, now: datetime) -> bool:
        return self.away_until is None or self.away_until <= now


@dataclass(slots=True)
class WorldCrew:
    """Everybody who keeps promises and dials in one world; `next_due` is when anybody has something to do."""

    store: Store
    keeper: Keeper
    troubles: Troubles
    next_due: datetime | None = None
    _redis: Redis = field(default_factory=Redis)
    _processes: dict[str, _Process] = field(default_factory=dict)
    _look_at: datetime | None = None
    _dial_at: datetime | None = None
    _diallers: dict[str, Dialler] = field(default_factory=dict)
    _depth: int = 0
    _handed: int = 0

    def __post_init__(self) -> None:
        self.keeper = replace(self.keeper, carrier=_Port(self.keeper.carrier, self.troubles, self._meanwhile))

    @contextmanager
    def living_in(self, world: World) -> Iterator[None]:
        """Be killed and refused at statements, commits and the web's door as long as the block lasts."""
        carrier, engine, troubles = world.carrier, self.store.engine, self.troubles
        fetch, carrier.fetch = carrier.fetch, self._web(carrier.fetch, world)
        event.listen(engine, "before_cursor_execute", troubles.before_statement)
        event.listen(engine, "commit", troubles.before_commit)
        try:
            with answers_of_commits(engine, troubles.after_commit):
                yield
        finally:
            event.remove(engine, "commit", troubles.before_commit)
            event.remove(engine, "before_cursor_execute", troubles.before_statement)
            carrier.fetch = fetch

    def ring(self) -> None:
        """Ring the relay's bell, where Redis is there to hold it; without it the relay looks by itself."""
        self._redis.rung = self._redis.rung or self._redis_is_there()

    def begin_dialling(self, now: datetime) -> None:
        """A campaign runs from now on: look at once."""
        self._dial_at = now

    def work(self, now: datetime) -> datetime | None:
        """Let everybody alive do what there is to do at this moment (true time)."""
        self._forget_with_redis(now)
        while any([*self._relays_pass(now), *self._workers_work(now)]):
            pass
        self._dial(now)
        self.next_due = self._next_look(now)
        return self.next_due

    def _names(self, role: str) -> tuple[str, ...]:
        return (role, f"{role}, its twin") if WorldFault.PAIRS in self.troubles.plan.faults else (role,)

    def _relays_pass(self, now: datetime) -> Iterator[bool]:
        """One pass of each relay that lives and has a reason to look; says whether there may be more."""
        for name in self._names("relay"):
            is_due = self._look_at is not None and self._look_at <= now
            if (self._redis.rung or is_due) and self._is_there(name, now):
                self._redis.rung, self._look_at = False, None
                yield self._relay_passes(name, now)

    def _relay_passes(self, name: str, now: datetime) -> bool:
        relay, clock = Relay(self.store, self._hand, self._waiting), self.keeper.clock()
        try:
            with self.troubles.within(Place.WORKER_WRITING):
                handed, due = relay.hand_or_look(clock)
        except (RedisAway, SQLAlchemyError):
            self._pauses(name, now)
            return False
        except Death:
            self._dies(name, now)
            return False
        # By its own clock something is due; it wakes within its longest sleep, whatever the clock does meanwhile.
        self._look_at = max(now + SOON, now + (due - clock)) if due is not None else None
        self._redis.rung = self._redis.rung or handed > 0
        return handed > 0

    def _workers_work(self, now: datetime) -> Iterator[bool]:
        """One promise for each worker that lives and has one on its queue; says whether there was any."""
        for queue, waiting in self._redis.queues.items():
            for name in self._names(queue):
                if waiting and self._redis_is_there() and self._is_there(name, now):
                    self._keep(name, waiting.pop(0), now)
                    yield True

    def _keep(self, name: str, promise: int, now: datetime) -> None:
        self._stir(now)
        try:
            self.troubles.strike(Place.WORKER_TAKEN)
            with self.troubles.within(Place.WORKER_WRITING):
                self.keeper.keep(promise)
            self.troubles.strike(Place.WORKER_DONE)
        except SQLAlchemyError:
            # Whoever could not even note that it failed gives the job back to RQ, which drops it.
            self._pauses(name, now)
        except Death:
            self._dies(name, now)

    def _meanwhile(self) -> None:
        """What the others do while one waits for the carrier: nobody holds a transaction then."""
        if self._depth or not self.troubles.has(WorldFault.PAIRS):
            return
        now = self._now()
        self._depth += 1
        writing, self.troubles.writing = self.troubles.writing, None
        try:
            any([*self._relays_pass(now), *self._workers_work(now)])
        finally:
            self._depth -= 1
            self.troubles.writing = writing

    def _now(self) -> datetime:
        world = self.troubles.world
        return world.now() if world is not None else self.keeper.clock()

    def _dial(self, now: datetime) -> None:
        if self._dial_at is None or self._dial_at > now:
            return
        due: list[datetime] = []
        for name in self._names("dialler"):
            if self._is_there(name, now):
                due.append(self._dials(name, now))
            else:
                due.append(self._processes[name].away_until or now)
        # Where nobody is left to dial, a sweep closes the campaign.
        self._dial_at = max(now + SOON, min(due))

    def _dials(self, name: str, now: datetime) -> datetime:
        keeper, clock = self.keeper, self.keeper.clock()
        dialler = self._diallers.setdefault(
            name, Dialler(self.store, keeper.carrier, keeper.house, keeper.clock, keeper.ring_bell)
        )
        try:
            with self.troubles.within(Place.WORKER_WRITING):
                due = dialler.work(clock)
        except SQLAlchemyError:
            self._pauses(name, now)
        except Death:
            # What it held in memory is gone with it.
            del self._diallers[name]
            self._dies(name, now)
        else:
            return now + (due - clock if due is not None else SELDOM)
        return self._processes[name].away_until or now

    def _web(self, fetch: Fetcher, world: World) -> Fetcher:
        """The web has several processes: one that dies takes the request with it that it was answering."""

        def mortal(request: Request) -> Outcome:
            if request.url.startswith(STATIC_HOST):
                return Response(200, (("Content-Type", "text/xml"),), static_document(request.url))
            if self.troubles.web_is_away():
                self.troubles.struck["requests refused"] += 1
                self.troubles.lose(request)
                return Failure("connect", REFUSED)
            self._stir(world.now())
            try:
                with self.troubles.within(Place.WEB_WRITING):
                    answer = fetch(request)
                self.troubles.strike(Place.WEB_COMMITTED)
            except Death:
                self.troubles.lose(request)
                return Failure("timeout", "connection reset")
            return answer

        return mortal

    def _hand(self, queue: str, promise: int) -> None:
        if not self._redis_is_there():
            raise RedisAway("Redis is away")
        self.troubles.strike(Place.RELAY_CLAIMED)
        self._redis.queues[queue].append(promise)
        self._handed += 1
        twice = self.troubles.plan.dice(f"twice {self._handed}").random() < SHARE_TWICE
        if twice and self.troubles.has(WorldFault.PAIRS):
            self._redis.queues[queue].append(promise)

    def _waiting(self) -> Mapping[str, int]:
        if not self._redis_is_there():
            raise RedisAway("Redis is away")
        return {queue: len(several) for queue, several in self._redis.queues.items()}

    def _redis_is_there(self) -> bool:
        return self._redis.away_until is None

    def _forget_with_redis(self, now: datetime) -> None:
        struck, self.troubles.redis_away_until = self.troubles.redis_away_until, None
        if struck is not None:
            self._redis.flush()
            self._redis.away_until = struck
            self._stir(now)
        if self._redis.away_until is not None and self._redis.away_until <= now:
            self._redis.away_until = None

    def _pauses(self, name: str, now: datetime) -> None:
        pause = timedelta(seconds=PAUSE_AFTER_TROUBLE_SECONDS)
        self._processes.setdefault(name, _Process(name)).away_until = now + pause
        self._stir(now)

    def _dies(self, name: str, now: datetime) -> None:
        absence = timedelta(seconds=self.troubles.fate.absence())
        self._processes.setdefault(name, _Process(name)).away_until = now + absence
        self._stir(now)

    def _is_there(self, name: str, now: datetime) -> bool:
        return name not in self._processes or self._processes[name].is_there(now)

    def _stir(self, now: datetime) -> None:
        """Somebody may have written something: with no bell, the relay looks within its longest sleep."""
        self._look_at = min(self._look_at or now + A_LOOK, now + A_LOOK)

    def _next_look(self, now: datetime) -> datetime | None:
        """The next moment in which anybody has something to do, as far as can be known."""
        moments = [process.away_until for process in self._processes.values()]
        moments += [self._look_at, self._redis.away_until, self._dial_at]
        return min((moment for moment in moments if moment is not None and moment > now), default=None)
