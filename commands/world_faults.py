"""What goes wrong in a world, by its plan: the network, the REST API, the database, Redis and the clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import OperationalError

from carrier.options import Faults
from carrier.outgoing import Request
from commands.fate import Fate, Place
from commands.world_plan import WorldFault, WorldPlan
from ivr.addresses import Address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from commands.world import World

# The mean of seconds between two outages, and how long each lasts: a caller waits out a database of seconds. They come
# as often as the pace of the world says, as do kills.
CALM_SECONDS = 240.0
# Of all commits of our processes, the share whose answer is lost on its way, again times the pace.
SHARE_UNHEARD = 0.003
DATABASE_AWAY, REDIS_AWAY, WEB_AWAY, CLOCK_OFF = (0.3, 2.0), (0.2, 5.0), (1.0, 12.0), (-20.0, 20.0)


def network_faults(plan: WorldPlan) -> Faults:
    """How bad the network and the REST API are, each fault as strong as the seed says."""
    callbacks, carrier = plan.dice("callbacks"), plan.dice("carrier")

    def upto(dice: Random, most: float) -> float:
        return dice.random() * most if dice.random() < 0.6 else 0.0

    chances: dict[str, float] = {}
    if WorldFault.CALLBACKS in plan.faults:
        for name, most in _CALLBACKS.items():
            chances[name] = upto(callbacks, most)
    if WorldFault.CARRIER in plan.faults:
        for name in ("rest_429", "rest_error_before", "rest_error_after"):
            chances[name] = upto(carrier, 0.2)
    return Faults(**chances)  # type: ignore[arg-type]  # every one of these fields is a chance


_CALLBACKS: Mapping[str, float] = {
    "callback_duplicate": 0.5,
    "callback_reorder": 0.5,
    "callback_delay": 0.3,
    "callback_drop": 0.3,
    "webhook_duplicate_same_token": 0.3,
    "webhook_duplicate_new_token": 0.3,
}


# At these addresses somebody is listening for the answer, and the carrier asks for it twice.
TOKEN_OF_A_REQUEST = "I-Twilio-Idempotency-Token"  # noqa: S105 - the name of a header
STEPS, TRIES = frozenset(address.value for address in Address if not address.is_event), 2
OUTAGES = (WorldFault.DATABASE, WorldFault.REDIS, WorldFault.CLOCK, WorldFault.WEB)


@contextmanager
def answers_of_commits(engine: Engine, heard: Callable[[], None]) -> Iterator[None]:
    """Let `heard` decide after every commit of an engine whether its answer arrives: it raises where it does not."""
    dialect = engine.dialect
    commit = dialect.do_commit

    def commit_and_hear(connection: PoolProxiedConnection) -> None:
        commit(connection)
        heard()

    dialect.do_commit = commit_and_hear  # type: ignore[assignment,method-assign]  # as a broken connection would have it
    try:
        yield
    finally:
        dialect.do_commit = commit  # type: ignore[method-assign]


@dataclass(slots=True)
class Troubles:
    """Everything that goes wrong in one world besides the network; `struck` counts it, `rages` until it is over."""

    plan: WorldPlan
    fate: Fate = field(init=False)
    world: World | None = None
    rages: bool = False
    struck: Counter[str] = field(default_factory=Counter)
    redis_away_until: datetime | None = None
    web_away_until: datetime | None = None
    # How often nobody answered a step of a leg, by its id and the token that all tries of one request carry.
    unanswered: Counter[tuple[str, str]] = field(default_factory=Counter)
    # In whose process we are: a place of death while it writes, None outside of every process.
    writing: Place | None = None
    _database_away_until: datetime | None = None
    _waited: timedelta = timedelta()
    _timeouts: tuple[float, float] = (0.0, 0.0)
    _commits: Random = field(init=False)

    def __post_init__(self) -> None:
        self.fate = Fate(self.plan.seed, self.plan.pace)
        self._commits = self.plan.dice("commits")
        dice = self.plan.dice("time-outs")
        if WorldFault.CARRIER in self.plan.faults:
            self._timeouts = (dice.random() * 0.1, dice.random() * 0.1)

    def has(self, fault: WorldFault) -> bool:
        """Whether this goes wrong now."""
        return self.rages and fault in self.plan.faults

    def strike(self, place: Place) -> None:
        """Raise `Death` here, or let the process pass."""
        if self.has(WorldFault.KILLS):
            self.fate.strike(place)

    @contextmanager
    def within(self, place: Place) -> Iterator[None]:
        """Be in a process as long as the block lasts: its statements and commits can fail, and it can be killed."""
        before, self.writing = self.writing, place
        try:
            yield
        finally:
            self.writing, self._waited = before, timedelta()

    def before_statement(self, *_given: object) -> None:
        """Listens to every statement: a process dies between two of them, or the database is not there."""
        if self.writing is None:
            return
        self._refuse_when_away()
        self.strike(self.writing)

    def before_commit(self, _connection: object) -> None:
        """Listens to every commit, in the same way."""
        if self.writing is None:
            return
        self._refuse_when_away()
        web = self.writing is Place.WEB_WRITING
        self.strike(Place.WEB_COMMITTING if web else Place.WORKER_COMMITTING)

    def after_commit(self) -> None:
        """A commit was carried out, and sometimes nobody hears of it."""
        if self.writing is None or not self.has(WorldFault.DATABASE):
            return
        if self._commits.random() < SHARE_UNHEARD * self.plan.pace:
            self.struck["commits unheard"] += 1
            raise OperationalError("", {}, ConnectionResetError("the connection was reset"))

    def wait(self, seconds: float) -> None:
        """Let a process wait for the database, in no time of anybody else's."""
        self._waited += timedelta(seconds=seconds)

    def over(self, app: WSGIApplication) -> WSGIApplication:
        """The carrier's REST API, which sometimes is not reached, or whose answer is not."""

        def troubled(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            before, after = self._timeouts if self.has(WorldFault.CARRIER) else (0.0, 0.0)
            dice = self.plan.dice(f"time-out {self.struck['requests']}")
            self.struck["requests"] += 1
            if dice.random() < before:
                self.struck["time-out before"] += 1
                raise requests.exceptions.ConnectTimeout("connection timed out")
            answer = app(environ, start_response)
            if dice.random() < after:
                self.struck["time-out after"] += 1
                raise requests.exceptions.ReadTimeout("no answer in time")
            return answer

        return troubled

    def begin(self, world: World) -> None:
        """Let everything go wrong from now on."""
        self.world, self.rages = world, True
        world.carrier.network.faults = network_faults(self.plan)
        for fault in OUTAGES:
            if fault in self.plan.faults:
                self._plan_outage(world, fault, self.plan.dice(f"outages {fault}"))

    def end(self, world: World) -> None:
        """The network stays as it is; whatever else went wrong is over, and the clock is right again."""
        self.rages, world.slip = False, timedelta()

    def _plan_outage(self, world: World, fault: WorldFault, dice: Random) -> None:
        def strike() -> None:
            if self.rages:
                self._strike(world, fault, dice)
                self._plan_outage(world, fault, dice)

        world.carrier.network.after(dice.expovariate(self.plan.pace / CALM_SECONDS), strike)

    def _strike(self, world: World, fault: WorldFault, dice: Random) -> None:
        self.struck[fault.value] += 1
        now = world.now()
        if fault is WorldFault.DATABASE:
            self._database_away_until = now + timedelta(seconds=dice.uniform(*DATABASE_AWAY))
        elif fault is WorldFault.REDIS:
            # Flushed, or started again with nothing in it.
            seconds = dice.uniform(*REDIS_AWAY) if dice.random() < 0.5 else 0.0
            self.redis_away_until = now + timedelta(seconds=seconds)
        elif fault is WorldFault.WEB:
            self.web_away_until = now + timedelta(seconds=dice.uniform(*WEB_AWAY))
        else:
            world.slip = timedelta(seconds=dice.uniform(*CLOCK_OFF)) if dice.random() < 0.7 else timedelta()
        world.worker.ring()

    def lose(self, request: Request) -> None:
        """Note that nobody answered this request."""
        if urlsplit(request.url).path in STEPS:
            sid, token = dict(request.form).get("CallSid", ""), dict(request.headers)[TOKEN_OF_A_REQUEST]
            self.unanswered[sid, token] += 1

    @property
    def unserved(self) -> frozenset[str]:
        """The legs of which a step found nobody twice: the carrier asks twice, and no more is promised."""
        return frozenset(sid for (sid, _), times in self.unanswered.items() if times >= TRIES)

    def web_is_away(self) -> bool:
        """Whether no process of the web takes a connection now."""
        until = self.web_away_until
        return self.world is not None and until is not None and self.rages and self.world.now() < until

    def _refuse_when_away(self) -> None:
        until = self._database_away_until
        if self.world is None or until is None or not self.has(WorldFault.DATABASE):
            return
        if self.world.now() + self._waited < until:
            self.struck["statements refused"] += 1
            raise OperationalError("", {}, ConnectionRefusedError("the database is starting up"))
