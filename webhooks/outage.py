"""Since when the database fails whoever asks: a short absence is waited out, a long one keeps no thread waiting."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

# A database that restarts is back within this time, and a caller hears only a short silence. The last try
# may take as long as the store is patient; together they stay below the 5 s that the carrier waits.
LONGEST_RETRY_SECONDS = 3.0
# An event of which nothing else tells us is worth waiting for longer; of a process' four threads two are for callers.
MOST_EVENTS_WAITING = 2


class DatabaseAwayError(Exception):
    """The database is known to be away, and somebody else is asking it already."""


@dataclass(slots=True)
class Outage:
    """What the requests of one process know together; moments are seconds of a steady clock.

    Each on its own would wait its full time, and with all threads waiting the next caller would hear nothing.
    """

    _since: float | None = None
    _asking: threading.Lock = field(default_factory=threading.Lock)
    _places: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(MOST_EVENTS_WAITING))

    def noted(self, now: float) -> float:
        """The database has failed somebody; returns since when it has done so to everybody."""
        if self._since is None:
            self._since = now
        return self._since

    def is_over(self) -> None:
        """The database has answered."""
        self._since = None

    def is_known(self, now: float) -> bool:
        """Whether it has been away for longer than it is waited for."""
        since = self._since
        return since is not None and now >= since + LONGEST_RETRY_SECONDS

    @property
    def is_asked(self) -> bool:
        """Whether somebody asks the database in a known outage just now."""
        return self._asking.locked()

    @contextmanager
    def asking(self, now: float) -> Iterator[None]:
        """Around one try. In a known outage one request at a time asks for all; raises `DatabaseAwayError` for others.

        A locked SQLite file, or a host that is gone, keeps whoever asks for seconds.
        """
        if not self.is_known(now):
            yield
            return
        if not self._asking.acquire(blocking=False):
            raise DatabaseAwayError("the database is away")
        try:
            yield
        finally:
            self._asking.release()

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Gives whether an event may wait in a known outage; its place is free again after the block."""
        has_place = self._places.acquire(blocking=False)
        try:
            yield has_place
        finally:
            if has_place:
                self._places.release()
