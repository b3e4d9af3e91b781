"""The door: whether a new call can be taken on, or those that are here need all there is (docs/decisions/0015)."""

import threading
from collections.abc import Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError

from config.clock import Clock
from config.waited import waited_seconds
from ivr.health.crowd import IN_TIME, TOO_LATE, behind
from ivr.store import Store

# Who asks for a document in the middle of a call hears nothing meanwhile: beyond this, nobody new is let in.
LONGEST_WAIT_SECONDS = 0.5
LOOK_EVERY_SECONDS = 1.0

log = structlog.get_logger(__name__)


class Door:
    """Shut while requests wait too long for a thread of this process, or promises for a worker.

    After `begin_when_asked`, a thread of its own asks the database about the promises from the first call on: no
    request asks for it, and nothing is connected or started before a server has forked.
    """

    def __init__(self, store: Store, clock: Clock, *, waited: Callable[[], float] = waited_seconds) -> None:
        self._store, self._clock, self._waited = store, clock, waited
        self._is_behind = self._watching = False
        self._thread: threading.Thread | None = None
        self._beginning = threading.Lock()

    def begin_when_asked(self) -> None:
        """Begin to look once the first call comes."""
        self._watching = True

    def is_shut(self) -> bool:
        """Whether the call that is just arriving cannot be taken on; asks nobody."""
        if self._watching:
            self._watch()
        return self._is_behind or self._waited() > LONGEST_WAIT_SECONDS

    def look(self) -> None:
        """See whether workers keep up; a database that does not answer changes nothing."""
        try:
            with self._store.reading() as session:
                late = behind(session, self._clock())
        except SQLAlchemyError:
            return
        was_behind = self._is_behind
        self._is_behind = late > (IN_TIME if was_behind else TOO_LATE)
        if self._is_behind != was_behind:
            log.warning("new calls are turned away" if self._is_behind else "new calls are let in", late=str(late))

    def _watch(self) -> None:
        with self._beginning:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._keep_looking, name="door", daemon=True)
                self._thread.start()

    def _keep_looking(self) -> None:
        pause = threading.Event()
        while not pause.wait(LOOK_EVERY_SECONDS):
            self.look()
