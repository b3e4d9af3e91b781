"""How long what a dead process had in hand stays in hand: looked at every second, as long as a run lasts."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from config.clock import system_clock
from ivr.campaigns.claiming import LEASE
from ivr.campaigns.rows import Dial, DialState, Target
from ivr.promises import PromiseRow
from ivr.store import Store

LOOK_SECONDS = 1.0


@dataclass
class Recovery:
    """The longest, in seconds: a target claimed, a dial written down of which nothing is known, a promise in work."""

    store: Store
    longest: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("claimed", "dialling", "in_work"), 0.0))

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Look every second, as long as the block lasts."""
        over = threading.Event()
        thread = threading.Thread(target=self._watch, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(LOOK_SECONDS):
            try:
                self._look(system_clock())
            except SQLAlchemyError:
                # The database may be what is away.
                self.store.engine.dispose()

    def _look(self, at: datetime) -> None:
        in_work = PromiseRow.done_at.is_(None) & (PromiseRow.started_at == PromiseRow.handed_at)
        with self.store.reading() as session:
            lease = session.scalar(select(func.min(Target.lease_until)))
            dialled = session.scalar(select(func.min(Dial.dialled_at)).where(Dial.state == DialState.DIALLING))
            started = session.scalar(select(func.min(PromiseRow.started_at)).where(in_work))
        since = {"claimed": lease and lease - LEASE, "dialling": dialled, "in_work": started}
        for name, moment in since.items():
            if moment is not None:
                self.longest[name] = max(self.longest[name], round((at - moment).total_seconds(), 1))
