"""The hands of a dialler: threads that give orders, each in a place of the pace that no other order has."""

import queue
import threading
import time
from bisect import insort
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from ivr.orders import Carrier, PlaceCall, Receipt, Rejected, Unknown

# Orders are given one after the other by one hand as long as that takes no longer.
LONG_LATENCY_SECONDS, LATEST_COUNTS = 0.2, 0.1
# How often an order without a place looks for one.
LOOK_SECONDS = 0.01
# An order that would have left too late, and did not: it says nothing of the carrier.
TOO_LATE: Receipt = Rejected(0, "its moment had passed", permanent=False)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Span:
    """The moments on the steady clock between which an order may leave."""

    earliest: float
    latest: float


@dataclass(frozen=True, slots=True)
class Given:
    """An order in hand."""

    dial: str
    order: PlaceCall
    span: Span


class Places:
    """The places of the orders in hand, on the steady clock; each is used once, within `patience` seconds, or lost."""

    def __init__(self, patience: float) -> None:
        self.patience = patience
        self._lock = threading.Lock()
        self._free: deque[float] = deque()
        self._wanting = 0

    def add(self, place: float) -> None:
        """One more, and an order that wants one."""
        with self._lock:
            self._wanting += 1
            insort(self._free, place)

    def take(self, latest: float) -> float | None:
        """The next one that is not missed, if it lies no later than that; None where there is none."""
        with self._lock:
            self._drop_missed()
            if not self._free or self._free[0] > latest:
                return None
            self._wanting -= 1
            return self._free.popleft()

    def miss(self) -> None:
        """One that was taken passed by; its order wants another."""
        with self._lock:
            self._wanting += 1

    def give_up(self) -> None:
        """An order wants no place any more."""
        with self._lock:
            self._wanting -= 1

    def make_up(self, places: Sequence[float]) -> int:
        """Add the last of these for orders whose places were missed; returns how many were needed."""
        with self._lock:
            self._drop_missed()
            count = min(max(0, self._wanting - len(self._free)), len(places))
            for place in places[len(places) - count :]:
                insort(self._free, place)
            return count

    def _drop_missed(self) -> None:
        while self._free and self._free[0] + self.patience < time.monotonic():
            self._free.popleft()


class Hands:
    """Threads that give orders in their places, each with a carrier port of its own; receipts come back in a queue.

    Whoever wakes too late for a place takes the next one: places are lost by that, and never two used at once.
    """

    def __init__(self, make_carrier: Callable[[], Carrier], count: int, *, patience: float) -> None:
        self.count, self.patience = count, patience
        self.in_flight = self.given_up = 0
        # By how much the last orders that left were late for their place, in seconds.
        self.late: deque[float] = deque(maxlen=10_000)
        self._places = Places(patience)
        # How long the carrier takes for an order, in seconds, the last ones counting most.
        self._latency = LONG_LATENCY_SECONDS
        self._make_carrier = make_carrier
        self._orders: queue.SimpleQueue[Given | None] = queue.SimpleQueue()
        self._receipts: queue.SimpleQueue[tuple[str, Receipt]] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    @property
    def capacity(self) -> int:
        """How many orders may be in hand at once: all of them leave in time, one after the other from each hand."""
        return int(self.count * max(1.0, LONG_LATENCY_SECONDS / self._latency))

    def give(self, given: Given, *, place: float) -> None:
        """Have an order given; it brings its place (on the steady clock) with it, in their order."""
        self.in_flight += 1
        self._places.add(place)
        self._orders.put(given)

    def make_up(self, places: Sequence[float]) -> int:
        """Let orders that missed their places have the last of these; returns how many were needed."""
        return self._places.make_up(places)

    def receipts(self) -> dict[str, Receipt]:
        """What has been answered since the last time."""
        answered: dict[str, Receipt] = {}
        while True:
            try:
                dial, receipt = self._receipts.get_nowait()
            except queue.Empty:
                return answered
            answered[dial] = receipt
            self.in_flight -= 1
            self.given_up += receipt is TOO_LATE

    def stop(self) -> None:
        """Let the threads end when they have nothing in hand."""
        for _ in self._threads:
            self._orders.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        carrier = self._make_carrier()
        while (given := self._orders.get()) is not None:
            if not self._wait(given.span):
                self._places.give_up()
                self._receipts.put((given.dial, TOO_LATE))
                continue
            began = time.monotonic()
            self._receipts.put((given.dial, _answer(carrier, given.order)))
            self._latency += (max(time.monotonic() - began, 0.001) - self._latency) * LATEST_COUNTS

    def _wait(self, span: Span) -> bool:
        """Wait for a place of the span, and wake in it; False once there can be none."""
        while time.monotonic() <= span.latest:
            place = self._places.take(span.latest)
            if place is None:
                time.sleep(LOOK_SECONDS)
                continue
            time.sleep(max(0.0, max(place, span.earliest) - time.monotonic()))
            late = time.monotonic() - place
            if late <= self._places.patience and place + late <= span.latest:
                self.late.append(late)
                return True
            self._places.miss()
        return False


def _answer(carrier: Carrier, order: PlaceCall) -> Receipt:
    """The carrier's answer; one that nobody can read is none, and must not cost us the hand."""
    try:
        return carrier.do(order)
    except Exception as error:
        log.error("an answer of the carrier cannot be read", reason=type(error).__name__)
        return Unknown(type(error).__name__)
