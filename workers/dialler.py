"""The dialler in one thread, for a world in virtual time: what is due is booked, begun, ordered and settled in turn.

The process of the Procfile takes the same steps with many hands (`workers/dialler_process.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.clock import Clock
from ivr.campaigns.claiming import Booked, Speed
from ivr.orders import Carrier, PlaceCall
from ivr.store import Store
from workers.dialler_breaker import Breaker
from workers.dialler_steps import LATEST, Steps
from workers.job import House

SWEEP_EVERY = timedelta(seconds=5)
SPEED = Speed(cps=20.0, most=40)
SOON = timedelta(milliseconds=1)


@dataclass(slots=True)
class Dialler:
    """Dials what is due now. What it holds in memory may be lost at any moment: leases and sweeps find it again."""

    store: Store
    carrier: Carrier
    house: House
    clock: Clock
    ring_bell: Callable[[], None]
    speed: Speed = SPEED
    _breaker: Breaker = field(default_factory=Breaker)
    _booked: list[Booked] = field(default_factory=list)
    _sweep_at: datetime | None = None

    @property
    def _steps(self) -> Steps:
        return Steps(self.store, self.house, self.ring_bell)

    def work(self, now: datetime) -> datetime | None:
        """Dial what is due; returns when there is next something to do, None where nothing runs."""
        if self._sweep_at is None or self._sweep_at <= now or self._sweep_at > now + SWEEP_EVERY:
            self._steps.sweep(now)
            self._sweep_at = now + SWEEP_EVERY
        self._let_go_late(now)
        if self._may_go(now):
            self._book(now)
        while self._booked and self._booked[0].moment <= now and self._may_go(now):
            self._dial(self._booked.pop(0), now)
        if self._booked:
            return max(self._booked[0].moment, now + SOON)
        return self._steps.next_look(now)

    def _may_go(self, now: datetime) -> bool:
        return self._breaker.most(now.timestamp(), 0, 1) > 0

    def _book(self, now: datetime) -> None:
        if not self._booked:
            speed = Speed(self.speed.cps * self._breaker.share, self.speed.most)
            self._booked = self._steps.book(speed, now)

    def _let_go_late(self, now: datetime) -> None:
        late = [one for one in self._booked if one.moment + LATEST < now]
        self._booked = [one for one in self._booked if one not in late]
        self._steps.let_go(late, now)

    def _dial(self, booked: Booked, now: datetime) -> None:
        for _, dial, order in self._steps.begin([booked], now):
            self._give(dial, order, now)

    def _give(self, dial: str, order: PlaceCall, now: datetime) -> None:
        receipt = self.carrier.do(order)
        self._breaker.hear(receipt, now.timestamp())
        self._steps.settle({dial: receipt}, self.clock())
