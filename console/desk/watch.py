"""The watch over the desks that are open in this process: one thread asks what has changed, and wakes the streams.

The threads of the streams themselves never ask the database: a hundred of them would fill it with one question.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from config.clock import Clock
from ivr.desks.changing import marks_of
from ivr.desks.sessions import sessions_over
from ivr.store import Store

EXTENSION: Final = "desk_watch"
LOOK_EVERY_SECONDS: Final = 0.1
PAUSE_AFTER_TROUBLE_SECONDS: Final = 1.0
SESSIONS_EVERY_SECONDS: Final = 5.0
# Tabs of one session: a browser opens six connections to one address, and some must be left for everything else.
# A further tab asks by itself.
MOST_STREAMS: Final = 4

log = structlog.get_logger(__name__)


class Stream:
    """One desk that is told of changes; `wake` is set when something has changed or the stream is to end.

    `is_over` tells that the session has ended, `is_ended` that the console stops.
    """

    def __init__(self, agent_id: str, session_id: str) -> None:
        self.agent_id = agent_id
        self.session_id = session_id
        self.wake = threading.Event()
        self.is_over = self.is_ended = False

    @property
    def goes_on(self) -> bool:
        """There may be more to tell."""
        return not (self.is_over or self.is_ended)

    def end(self) -> None:
        """Nothing more is told, because the console stops."""
        self.is_ended = True
        self.wake.set()

    def be_over(self) -> None:
        """Nothing more is told, because the session has ended."""
        self.is_over = True
        self.wake.set()

    def changed(self, seconds: float) -> bool:
        """Wait for a change, so many seconds at the most; whether there was one."""
        woken = self.wake.wait(seconds)
        self.wake.clear()
        return woken


class Watch:
    """Asks the database for all open desks at once; the thread begins with the first and ends after the last.

    It begins with a request and so after the server has forked; nothing is asked while no desk is open.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._streams: set[Stream] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()

    @contextmanager
    def over(self, agent_id: str, session_id: str) -> Iterator[Stream | None]:
        """A stream for as long as the block lasts; None where the session has too many already."""
        stream = Stream(agent_id, session_id)
        is_kept = self._add(stream)
        try:
            yield stream if is_kept else None
        finally:
            with self._lock:
                self._streams.discard(stream)

    def end(self) -> None:
        """End all streams and the thread, and wait for it."""
        self._ended.set()
        with self._lock:
            thread = self._thread
            for stream in self._streams:
                stream.end()
        if thread is not None:
            thread.join()

    def _add(self, stream: Stream) -> bool:
        with self._lock:
            same = sum(other.session_id == stream.session_id for other in self._streams)
            if self._ended.is_set() or same >= MOST_STREAMS:
                return False
            self._streams.add(stream)
            if self._thread is None:
                self._thread = threading.Thread(target=self._look_on, name="desk-watch", daemon=True)
                self._thread.start()
            return True

    def _look_on(self) -> None:
        known: dict[str, str] = {}
        pause, asked_at = LOOK_EVERY_SECONDS, time.monotonic()
        while not self._ended.wait(pause) and self._is_needed():
            try:
                known = self._look(known)
                if time.monotonic() - asked_at > SESSIONS_EVERY_SECONDS:
                    self._end_sessions()
                    asked_at = time.monotonic()
                pause = LOOK_EVERY_SECONDS
            except SQLAlchemyError as error:
                # Desks also ask by themselves, and everybody is told once the database answers again.
                log.warning("desks not watched", reason=type(error).__name__)
                known, pause = {}, PAUSE_AFTER_TROUBLE_SECONDS

    def _is_needed(self) -> bool:
        """Whether anybody is to be told; under the lock, so that a stream added now finds a thread."""
        with self._lock:
            if not self._streams:
                self._thread = None
            return bool(self._streams)

    def _end_sessions(self) -> None:
        with self._lock:
            streams = tuple(self._streams)
        with self._store.reading() as session:
            over = sessions_over(session, {stream.session_id for stream in streams}, at=self._clock())
        for stream in streams:
            if stream.session_id in over:
                stream.be_over()

    def _look(self, known: dict[str, str]) -> dict[str, str]:
        with self._lock:
            streams = tuple(self._streams)
        with self._store.reading() as session:
            marks = dict(marks_of(session, {stream.agent_id for stream in streams}))
        for stream in streams:
            if marks.get(stream.agent_id) != known.get(stream.agent_id):
                stream.wake.set()
        return marks


def watch_of(app: Flask, store: Store, clock: Clock) -> Watch:
    """The watch of this process, made with its first desk."""
    watch: Watch = app.extensions.setdefault(EXTENSION, Watch(store, clock))
    return watch
