"""Death by seed: when a process is killed where it stands, and how long it takes until it is started again."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random


class Death(BaseException):
    """A process is killed here. No `except Exception` sees it, as none sees a SIGKILL."""


class Place(StrEnum):
    """Where a process can be killed, by what is done and not yet done there."""

    RELAY_CLAIMED = "relay: claimed, not handed out"
    WORKER_TAKEN = "worker: taken off the queue, not prepared"
    WORKER_COMMITTING = "worker: everything written, not committed"
    WORKER_PREPARED = "worker: prepared, not ordered"
    WORKER_ORDERED = "worker: ordered, not settled"
    WORKER_DONE = "worker: settled"
    WEB_COMMITTING = "web: everything written, not committed"
    WEB_COMMITTED = "web: committed, not answered"
    WORKER_WRITING = "worker: between two statements"
    WEB_WRITING = "web: between two statements"
    WEB_DOWN = "web: connections refused"
    REDIS_FLUSHED = "Redis: flushed"
    REDIS_DOWN = "Redis: away"


# The chance of a kill each time that a process passes the place.
RARELY: Mapping[Place, float] = {
    Place.RELAY_CLAIMED: 0.02,
    Place.WORKER_TAKEN: 0.02,
    Place.WORKER_COMMITTING: 0.01,
    Place.WORKER_PREPARED: 0.02,
    Place.WORKER_ORDERED: 0.02,
    Place.WORKER_DONE: 0.02,
    Place.WEB_COMMITTING: 0.01,
    Place.WEB_COMMITTED: 0.01,
    Place.WORKER_WRITING: 0.001,
    Place.WEB_WRITING: 0.001,
}
# A supervisor starts a process again within these seconds; outages of web and Redis last as long.
ABSENCE = (0.2, 2.0)
OUTAGES = (Place.WEB_DOWN, Place.REDIS_FLUSHED, Place.REDIS_DOWN)


@dataclass(slots=True)
class Fate:
    """What strikes whom, drawn from a seed; `deaths` counts what struck.

    `strength` multiplies every chance, `calm` is the mean of seconds between outages of web or Redis.
    """

    seed: int
    strength: float = 1.0
    calm: float = 300.0
    deaths: Counter[Place] = field(default_factory=Counter)
    _dice: Random = field(init=False)

    def __post_init__(self) -> None:
        self._dice = Random(f"fate {self.seed}")  # noqa: S311 - a world can be lived through again

    def strike(self, place: Place) -> None:
        """Raise `Death` here, or let the process pass."""
        if self._dice.random() < RARELY[place] * self.strength:
            self.deaths[place] += 1
            raise Death(place)

    def absence(self) -> float:
        """Seconds until what was killed is there again."""
        return self._dice.uniform(*ABSENCE)

    def outage(self) -> Place:
        """The next outage of web or Redis."""
        place = self._dice.choice(OUTAGES)
        self.deaths[place] += 1
        return place

    def pause(self) -> float:
        """Seconds until the next outage."""
        return self._dice.expovariate(1.0 / self.calm)
