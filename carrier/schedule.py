"""The agenda of the engine: what happens when, in engine time. It neither sleeps nor reads a clock."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeAlias

Action: TypeAlias = Callable[[], None]


class Timer:
    """One thing that will happen at `at`, unless it is cancelled before."""

    __slots__ = ("action", "at")

    def __init__(self, at: datetime, action: Action) -> None:
        self.at = at
        self.action: Action | None = action

    def cancel(self) -> None:
        """Make the thing not happen; harmless when it already has."""
        self.action = None


class Agenda:
    """A heap of timers and the engine's present time, an aware datetime."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("the engine's start must be an aware datetime, for instance datetime(..., tzinfo=UTC)")
        self.now = start
        self._heap: list[tuple[datetime, int, Timer]] = []
        self._order = itertools.count()

    def at(self, moment: datetime, action: Action) -> Timer:
        """Let `action` happen at `moment`, or at once if that is past; equal times keep their order."""
        timer = Timer(max(moment, self.now), action)
        heapq.heappush(self._heap, (timer.at, next(self._order), timer))
        return timer

    def after(self, seconds: float, action: Action) -> Timer:
        """Let `action` happen `seconds` from now."""
        return self.at(self.now + timedelta(seconds=seconds), action)

    def next_time(self) -> datetime | None:
        """Return when the next event is due, or None when the agenda is empty."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def step(self) -> bool:
        """Let the next event happen, moving time to it; returns False when there is none."""
        if self.next_time() is None:
            return False
        moment, _, timer = heapq.heappop(self._heap)
        self.now = max(self.now, moment)
        action, timer.action = timer.action, None
        if action is not None:
            action()
        return True

    def run_until(self, moment: datetime) -> None:
        """Let everything due up to `moment` happen, then stand at `moment`."""
        while (due := self.next_time()) is not None and due <= moment:
            self.step()
        self.now = max(self.now, moment)
