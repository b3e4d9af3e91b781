"""The whole product in one process and in virtual time: carrier, webhooks, relay and workers, real database."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Protocol, TypeAlias
from wsgiref.types import WSGIApplication

from sqlalchemy import Engine
from twilio.rest import Client

from carrier.app import create_app as create_carrier_app
from carrier.options import Account
from carrier.virtual import VirtualCarrier, wsgi_fetch
from commands.in_process import InProcessHttp, in_process_session
from commands.registration import register_numbers
from config.files import HOLIDAYS, LINES, MESSAGES, SURVEYS, ordered_fallback, read_file, read_folder
from ivr.lines.calendar import Calendar, load_calendar
from ivr.lines.model import Lines
from ivr.lines.reading import load_lines
from ivr.listening.recordings import Sounds
from ivr.listening.transcriber import TRANSCRIBERS
from ivr.messages.providers import CARRIER_ALONE, Providers
from ivr.messages.reading import load_texts
from ivr.messages.texts import Texts
from ivr.store import Store
from ivr.surveys.model import Questionnaires
from ivr.surveys.reading import load_questionnaires
from webhooks.app import create_app as create_webhooks_app
from webhooks.switchboard import Switchboard
from workers.job import House
from workers.keeping import Keeper
from workers.providers.nhn import NHN, NhnSms
from workers.providers.switch import Switch
from workers.relay import Relay
from workers.twilio import TwilioCarrier

# A weekday morning in Korea.
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
ACCOUNT = Account(
    "AC" + "5" * 32, "a token of the simulated carrier", "", "", "simulated", "a secret of the simulated aggregator"
)
BASE_URL = "http://hotline.example"
CARRIER_URL = "http://carrier.example"

Wrap: TypeAlias = Callable[[WSGIApplication], WSGIApplication]


@cache
def _installed() -> tuple[Texts, Lines, Calendar, Questionnaires]:
    """What every world is made of, read once in a process: nothing of it ever changes."""
    texts = load_texts(read_folder(MESSAGES))
    lines, calendar = load_lines(read_folder(LINES), texts), load_calendar(read_file(HOLIDAYS))
    return texts, lines, calendar, load_questionnaires(read_folder(SURVEYS))


def installed_lines() -> tuple[Lines, Calendar]:
    """The lines and the calendar of every world: those of the files, whatever an installation has changed."""
    _, lines, calendar, _ = _installed()
    return lines, calendar


def _as_it_is(app: WSGIApplication) -> WSGIApplication:
    return app


@dataclass(frozen=True, slots=True)
class Watchers:
    """What stands between the rooms: wraps the webhooks' app and the carrier's REST app.

    `crew` makes those who keep the promises; left out, nobody of them ever dies. `providers` are those who carry
    texts; left out, it is the carrier alone. `recordings` is where sounds are kept; left out, none are fetched.
    `wait` lets a web process wait so many seconds for a database that is away. `fallback_url` is what callers hear when
    nothing of ours answers, and beside it is what those hear whom we ring.
    """

    webhooks: Wrap = _as_it_is
    carrier: Wrap = _as_it_is
    crew: "Callable[[Store, Keeper], Crew]" = lambda store, keeper: Worker(store, keeper)
    providers: Providers = CARRIER_ALONE
    recordings: Sounds | None = None
    wait: Callable[[float], None] = time.sleep
    fallback_url: str = ""


class Crew(Protocol):
    """Relay and workers: whoever keeps the promises of a world."""

    next_due: datetime | None

    def ring(self) -> None:
        """Something may be due."""

    def work(self, now: datetime) -> datetime | None:
        """Keep what can be kept now; returns when there is next something to do."""


@dataclass(slots=True)
class Worker:
    """The relay and the workers, doing at each moment of virtual time what is due then."""

    store: Store
    keeper: Keeper
    waiting: list[int] = field(default_factory=list)
    rung: bool = True
    next_due: datetime | None = None

    def ring(self) -> None:
        """Something may be due."""
        self.rung = True

    def work(self, now: datetime) -> datetime | None:
        """Keep everything due; returns when the next promise falls due."""
        relay = Relay(self.store, lambda _queue, promise: self.waiting.append(promise))
        while self.rung or (self.next_due is not None and self.next_due <= now):
            self.rung = False
            handed, self.next_due = relay.hand_or_look(now)
            while self.waiting:
                self.keeper.keep(self.waiting.pop(0))
            # What was kept may have been followed by more.
            self.rung = self.rung or handed > 0
        return self.next_due


class World:
    """One world. People are the handsets of `carrier.network`; time moves by `run_for` and `run_while`.

    `lines` takes the place of the installed ones. `slip` is how far the clock of our processes is ahead of true time.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        seed: int = 0,
        start: datetime = START,
        watchers: Watchers | None = None,
        lines: Lines | None = None,
    ) -> None:
        watchers = watchers or Watchers()
        self.store, self.slip = Store(engine), timedelta()
        self.texts, installed, calendar, self.surveys = _installed()
        # Its own, so that whoever puts another line into one world leaves the others alone.
        self.lines = lines or Lines(installed)
        self.board = self._switchboard(calendar, watchers)
        self.webhooks = create_webhooks_app(self.board)
        fetch = wsgi_fetch(watchers.webhooks(self.webhooks))
        self.carrier = VirtualCarrier(fetch=fetch, account=ACCOUNT, start=start, seed=seed)
        self.carrier.between = self._between
        rest = watchers.carrier(create_carrier_app(self.carrier.gate))
        http = InProcessHttp(rest)
        aggregator = NhnSms(CARRIER_URL, ACCOUNT.aggregator_key, ACCOUNT.aggregator_secret, in_process_session(rest))
        twilio = TwilioCarrier(ACCOUNT.sid, ACCOUNT.auth_token, CARRIER_URL, http, in_process_session(rest))
        twilio.fallback_url = ordered_fallback(watchers.fallback_url)
        port = Switch(twilio, {NHN: aggregator})
        keeper = Keeper(self.store, port, self._house(watchers), self.clock, self._ring)
        self.worker = watchers.crew(self.store, keeper)
        self._alarm: datetime | None = None
        client = Client(ACCOUNT.sid, ACCOUNT.auth_token, http_client=http)
        client.api.base_url = CARRIER_URL
        register_numbers(client, self.lines, base_url=BASE_URL, fallback_url=watchers.fallback_url)
        self._alias_numbers()

    def now(self) -> datetime:
        """The present moment of this world."""
        return self.carrier.network.now

    def clock(self) -> datetime:
        """The present moment by the clock of our processes."""
        return self.now() + self.slip

    def run_for(self, seconds: float) -> None:
        """Let so many seconds happen."""
        self._between()
        self.carrier.run_for(seconds)

    def run_until_quiet(self, most: float = 7200.0) -> None:
        """Let time pass until nobody is in a call any more, and a little longer."""
        network = self.carrier.network
        self._between()
        self.carrier.run_while(lambda: any(not call.ended for call in network.calls.values()), most=most)
        self.run_for(60)

    def _switchboard(self, calendar: Calendar, watchers: Watchers) -> Switchboard:
        return Switchboard(
            lines=self.lines,
            texts=self.texts,
            calendar=calendar,
            store=self.store,
            clock=self.clock,
            ring_bell=self._ring,
            public_base_url=BASE_URL,
            auth_tokens=(ACCOUNT.auth_token,),
            transcriber=TRANSCRIBERS["twilio"],
            surveys=self.surveys,
            wait=watchers.wait,
        )

    def _house(self, watchers: Watchers) -> House:
        board, keyring = self.board, self.store.keyring
        parts = (board.lines, board.texts, board.calendar, keyring, BASE_URL, board.transcriber)
        return House(*parts, watchers.providers, board.surveys, recordings=watchers.recordings)

    def _ring(self) -> None:
        self.worker.ring()

    def _between(self) -> None:
        due = self.worker.work(self.now())
        if due is not None and due != self._alarm:
            self._alarm = due
            self.carrier.network.at(max(due, self.now() + timedelta(microseconds=1)), lambda: None)

    def _alias_numbers(self) -> None:
        for line in self.lines:
            self.carrier.network.alias(line.number, line.numbers[0])
