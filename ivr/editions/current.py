"""The state of the installation that a process works with, made anew when editions come, begin or are withdrawn."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ivr.editions.installed import Installed, install
from ivr.editions.merging import Files
from ivr.editions.publishing import all_editions
from ivr.editions.rows import Edition
from ivr.editions.schedule import span_around
from ivr.store import Store

LOOK_EVERY_SECONDS = 2.0

Tell: TypeAlias = Callable[[str], None]
Clock: TypeAlias = Callable[[], datetime]
Mark: TypeAlias = tuple[int | None, int, int]


class Current:
    """Holds one `Installed` for a process. Until the first look, and where none succeeds, the files alone count.

    `begin` looks once and then goes on looking in a thread of its own, so that no request and no job asks the
    database for it. A thread does not live on in a forked process: whoever asks for the state there starts another.
    `tell` is given, in words, what somebody should see to.
    """

    def __init__(self, files: Files, store: Store, *, clock: Clock, tell: Tell) -> None:
        self.files = files
        self._store, self._clock, self._tell = store, clock, tell
        self._installed = install(files, (), clock())
        self._editions: list[Edition] = []
        self._mark: Mark | None = None
        self._span: tuple[datetime | None, datetime | None] = (None, None)
        self._told: set[str] = set()
        self._thread: threading.Thread | None = None
        self._watching = False
        self._ended = threading.Event()
        self._looking = threading.Lock()

    @property
    def installed(self) -> Installed:
        """The state as last looked at; asks nobody."""
        if self._watching and (self._thread is None or not self._thread.is_alive()):
            self._watch()
        return self._installed

    def begin(self) -> None:
        """Look now, and from then on every 2 s, for as long as the process lives."""
        self.look()
        self._watching = True
        self._watch()

    def begin_when_asked(self) -> None:
        """Begin once somebody asks for the state: nothing is connected or started before a server has forked."""
        self._watching = True

    def end(self) -> None:
        """Look no more; the state stays as it is."""
        self._watching = False
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> Installed:
        """Make the state anew if anything has changed; a database that does not answer changes nothing."""
        # One after the other: who read earlier must not put an older state over a newer one.
        with self._looking:
            return self._look()

    def _look(self) -> Installed:
        at, known = self._clock(), self._editions
        try:
            changed = self._read()
        except SQLAlchemyError as error:
            self._once(f"editions cannot be read ({type(error).__name__}): what was known holds")
            return self._installed
        if changed or not self._is_within(at):
            self._span = span_around(self._editions, at)
            if self._editions or known:  # the files alone say the same at every moment
                self._installed = install(self.files, self._editions, at)
            for edition, why in self._installed.left_out:
                self._once(f"edition {edition.id} is left out, it does not fit the files any more: {why}")
        return self._installed

    def _read(self) -> bool:
        """Read the editions if there are others than were known; whether there are."""
        with self._store.reading() as session:
            counted = select(func.max(Edition.id), func.count(), func.count(Edition.withdrawn_at))
            newest, made, withdrawn = session.execute(counted).one()
            mark = (newest, made, withdrawn)
            if mark == self._mark:
                return False
            self._editions = all_editions(session)
            session.expunge_all()
        self._mark = mark
        self._told = {told for told in self._told if "cannot be read" not in told}
        return True

    def _is_within(self, at: datetime) -> bool:
        """Whether nothing has begun or ended since; a clock that is set back may undo a beginning."""
        since, until = self._span
        return (since is None or since <= at) and (until is None or at < until)

    def _once(self, words: str) -> None:
        if words not in self._told:
            self._told.add(words)
            self._tell(words)

    def _watch(self) -> None:
        self._thread = threading.Thread(target=self._keep_looking, name="editions", daemon=True)
        self._thread.start()

    def _keep_looking(self) -> None:
        while not self._ended.wait(LOOK_EVERY_SECONDS):
            self.look()
