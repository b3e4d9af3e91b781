"""The dialler as a process: one loop over the database, many hands at the carrier, every order at its own moment."""

import signal
import threading
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from math import ceil

import structlog
from sqlalchemy.exc import SQLAlchemyError

from config.bell import bell_at
from config.clock import Clock, system_clock
from config.heartbeat import Beat, Heartbeat, no_heartbeat
from config.settings import Settings
from ivr.campaigns.claiming import Booked, Speed
from ivr.campaigns.pacing import Sighting, patience
from ivr.orders import Receipt
from workers.dialler_breaker import Breaker
from workers.dialler_hands import TOO_LATE, Given, Hands, Span
from workers.dialler_steps import Steps, is_near_an_edge
from workers.main import make_house, opened_store, telephone_carrier
from workers.measuring import Measured

# Dials are begun so long before their moment: at most, and by when the loop sees to it at the latest.
AHEAD_SECONDS, BEFORE_SECONDS = 0.5, 0.25
# An order that missed its place may take a later one for so long.
LATE_SECONDS = 0.5
# Booked ahead so far at least; how often that is looked after, while campaigns run and while none does.
BOOKED_AHEAD_SECONDS, BOOK_EVERY_SECONDS, IDLE_SECONDS = 0.75, 0.25, 1.0
SWEEP_EVERY_SECONDS = 5.0
BATCH_SECONDS = 2.0
PAUSE_AFTER_TROUBLE_SECONDS = 0.5
# The loop wakes this often to settle what has been answered.
SETTLE_EVERY_SECONDS = 0.05
MOST_HANDS, MOST_AT_ONCE = 64, 200

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, order=True)
class _Due:
    """A booked target with its moment on the steady clock, which nobody sets."""

    deadline: float
    booked: Booked
    sighting: Sighting = field(compare=False)


class DiallerLoop:
    """One loop that books, begins and settles; `stop()` may be called from a signal or another thread."""

    def __init__(self, steps: Steps, hands: Hands, *, cps: float, clock: Clock = system_clock) -> None:
        self._steps, self._hands, self._cps, self._clock = steps, hands, cps, clock
        self._breaker = Breaker()
        self._due: list[_Due] = []
        self._unsettled: dict[str, Receipt] = {}
        self._stopping = threading.Event()
        self._book_at = self._sweep_at = float("-inf")
        self.beat: Beat = no_heartbeat

    def stop(self) -> None:
        """Begin nothing more; what is given is settled."""
        self._stopping.set()

    def run(self) -> None:
        """Dial until stopped; trouble with the database is waited out."""
        while not self._is_done():
            try:
                self.beat()
                self._step()
                # Woken at once by a stop; while stopping, only answers are waited for.
                if self._stopping.wait(self._pause()):
                    time.sleep(SETTLE_EVERY_SECONDS)
            except SQLAlchemyError as error:
                log.warning("dialler waits", reason=type(error).__name__)
                time.sleep(PAUSE_AFTER_TROUBLE_SECONDS)

    def _is_done(self) -> bool:
        return self._stopping.is_set() and not (self._due or self._unsettled or self._hands.in_flight)

    def _step(self) -> None:
        self._settle()
        now = self._sight()
        if self._stopping.is_set():
            self._give_back(self._due, now)
            return
        if now.steady >= self._sweep_at:
            self._sweep_at = now.steady + SWEEP_EVERY_SECONDS
            self._steps.sweep(now.at)
        self._give_back([due for due in self._due if not self._still_good(due, now)], now)
        self._begin(now)
        self._book(self._sight())

    def _sight(self) -> Sighting:
        return Sighting(self._clock(), time.monotonic())

    def _settle(self) -> None:
        receipts = self._hands.receipts()
        for receipt in receipts.values():
            if receipt is not TOO_LATE:
                self._breaker.hear(receipt, time.monotonic())
        self._unsettled |= receipts
        if self._unsettled:
            self._steps.settle(self._unsettled, self._clock())
            self._unsettled = {}

    def _still_good(self, due: _Due, now: Sighting) -> bool:
        """A place counts for nothing when it is missed, or when the clock it was reserved by has been set since."""
        return due.sighting.still_holds(now) and due.deadline + self._hands.patience > now.steady

    def _give_back(self, late: Sequence[_Due], now: Sighting) -> None:
        if late:
            self._steps.let_go([due.booked for due in late], now.at)
            self._due = [due for due in self._due if due not in late]

    def _begin(self, now: Sighting) -> None:
        """Begin what is due within the next moment; every order then waits for its own."""
        soon = [due for due in self._due if due.deadline <= now.steady + AHEAD_SECONDS]
        soon = soon[: self._breaker.most(now.steady, self._hands.in_flight, self._hands.capacity)]
        soon = [due for due in soon if due.booked.moment.minute == soon[0].booked.moment.minute]
        if not soon:
            return
        # Asked is for the moment in which the last of them leaves: all leave within one minute of the clock, for
        # hours, days and limits change with a minute.
        at = max(soon[-1].booked.moment, now.at)
        if is_near_an_edge(at):
            self._give_back(soon, now)
            return
        self._due = self._due[len(soon) :]
        minute = now.deadline(at.replace(second=0, microsecond=0))
        span = Span(minute, min(now.deadline(at) + LATE_SECONDS, minute + 60))
        soon = self._make_up_for_missed(soon, now)
        places = {(due.booked.campaign_id, due.booked.person_id): due.deadline for due in soon}
        for turn, dial, order in self._steps.begin([due.booked for due in soon], at):
            self._hands.give(Given(dial, order, span), place=places[turn])

    def _make_up_for_missed(self, soon: list[_Due], now: Sighting) -> list[_Due]:
        """Orders in hand that missed their places get those of the last ones here, who wait for another turn."""
        missed = self._hands.make_up([due.deadline for due in soon])
        self._steps.let_go([due.booked for due in soon[len(soon) - missed :]], now.at)
        return soon[: len(soon) - missed]

    def _book(self, now: Sighting) -> None:
        if now.steady < self._book_at or not self._breaker.most(now.steady, 0, 1):
            return
        if self._due and self._due[-1].deadline > now.steady + BOOKED_AHEAD_SECONDS:
            return
        cps = self._cps * self._breaker.share
        most = min(ceil(cps * BATCH_SECONDS), MOST_AT_ONCE, 2 * self._hands.capacity)
        booked = self._steps.book(Speed(cps, most), now.at)
        self._due = sorted([*self._due, *(_Due(now.deadline(one.moment), one, now) for one in booked)])
        self._book_at = time.monotonic() + self._until_next(len(booked), most)

    def _until_next(self, booked: int, most: int) -> float:
        """How long nothing is booked: not at all after a full batch, longer while none is due."""
        if booked == most:
            return 0.0
        return BOOK_EVERY_SECONDS if booked or self._due else IDLE_SECONDS

    def _pause(self) -> float:
        """How long the loop may sleep."""
        now = time.monotonic()
        is_booked = self._due and self._due[-1].deadline > now + BOOKED_AHEAD_SECONDS
        waits = [IDLE_SECONDS if is_booked else self._book_at - now]
        waits += [SETTLE_EVERY_SECONDS] if self._hands.in_flight else []
        if self._due:
            waits.append(self._due[0].deadline - BEFORE_SECONDS - now)
        return min(max(0.001, min(waits)), IDLE_SECONDS)


def _milliseconds(late: Collection[float]) -> float:
    """The lateness that one order in a hundred exceeds."""
    return round(1000 * sorted(late)[int(len(late) * 0.99)], 1) if late else 0.0


def dial(settings: Settings) -> None:
    """Dial for the campaigns of an installation until ended (SIGTERM, SIGINT)."""
    store = opened_store(settings)
    house = make_house(settings, store)
    hands = Hands(
        lambda: Measured(telephone_carrier(settings)),
        min(MOST_HANDS, ceil(settings.calls_per_second) + 4),
        patience=patience(settings.calls_per_second),
    )
    loop = DiallerLoop(Steps(store, house, bell_at(settings.redis_url)), hands, cps=settings.calls_per_second)
    loop.beat = Heartbeat(settings.redis_url, "dialler")
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: loop.stop())
    loop.run()
    hands.stop()
    late = _milliseconds(hands.late)
    log.info("dialler stopped", orders=len(hands.late), given_up=hands.given_up, late_p99_ms=late)
    store.engine.dispose()
