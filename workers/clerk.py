"""The clerk: works on errands beside the promises of its process, a thread each, so that no promise waits for one."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

import structlog

from config.clock import Clock
from config.uploads import Uploads
from ivr.errands.doing import Stopped, claim, fail, finish, stopped, touch
from ivr.errands.rows import Errand, ErrandKind
from ivr.lines.calendar import Calendar
from ivr.store import Store
from workers.waking import waking

log = structlog.get_logger(__name__)
TOUCHED_EVERY = timedelta(milliseconds=500)


class CannotBeDone(Exception):
    """An errand that fails for a reason that its asker can mend; the message says it in words."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What errands are carried out with; `calendar` gives the holidays as they are now."""

    store: Store
    uploads: Uploads
    clock: Clock
    ring_bell: Callable[[], None]
    calendar: Callable[[], Calendar]


@dataclass(slots=True)
class Touching:
    """Puts down how far an errand is, twice a second at most; raises `Stopped` where somebody asked to stop."""

    desk: Desk
    errand: Errand
    total: int = 1000
    _last: float = 0.0

    def __call__(self, done: int) -> None:
        now = self.desk.clock()
        if now.timestamp() - self._last < TOUCHED_EVERY.total_seconds() and done < self.total:
            return
        self._last = now.timestamp()
        with self.desk.store.transaction() as session:
            touch(session, self.errand, done=done, total=self.total, at=now)

    def phase(self, first: int, last: int) -> Callable[[int, int], None]:
        """Progress of one part of the errand, which goes from `first` to `last` of a thousand."""

        def told(done: int, of: int) -> None:
            self(first + int((last - first) * min(1.0, done / max(1, of))))

        return told


Do: TypeAlias = Callable[[Desk, Errand, Touching], Mapping[str, object]]


@dataclass
class Clerk:
    """Begins errands, each in a thread of its own; what is lost with the process is claimed again by another."""

    desk: Desk
    kinds: Mapping[ErrandKind, Do]
    _threads: dict[int, threading.Thread] = field(default_factory=dict)

    def begin(self, errand_id: int) -> None:
        """Begin an errand unless it is being worked on here already."""
        known = self._threads.get(errand_id)
        if known is not None and known.is_alive():
            return
        self._threads = {id: thread for id, thread in self._threads.items() if thread.is_alive()}
        thread = threading.Thread(target=self.carry_out, args=(errand_id,), daemon=True, name=f"errand-{errand_id}")
        self._threads[errand_id] = thread
        thread.start()

    def carry_out(self, errand_id: int) -> None:
        """Claim an errand, do it, and put down what came of it."""
        desk = self.desk
        with desk.store.transaction() as session:
            errand = claim(session, errand_id, at=desk.clock())
        if errand is None:
            return
        try:
            result = self.kinds[errand.kind](desk, errand, Touching(desk, errand))
        except Stopped:
            with desk.store.transaction() as session:
                stopped(session, errand, at=desk.clock())
        except CannotBeDone as why:
            self._fail(errand, str(why))
        except Exception as error:
            log.exception("errand failed", errand=errand_id)
            self._fail(errand, f"it failed unforeseen: {type(error).__name__}")
        else:
            with waking(desk.store, desk.ring_bell) as session:
                finish(session, errand, result, at=desk.clock())

    def _fail(self, errand: Errand, why: str) -> None:
        with self.desk.store.transaction() as session:
            fail(session, errand, why, at=self.desk.clock())
