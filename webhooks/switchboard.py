"""What every webhook is given: the lines, the words, the store, the clock and the bell that wakes the relay."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from config.clock import Clock
from ivr.editions.current import Current
from ivr.lines.calendar import Calendar
from ivr.lines.model import Line, Lines
from ivr.listening.transcriber import NO_TRANSCRIBER, Transcriber
from ivr.messages.texts import Texts
from ivr.store import Store
from ivr.surveys.model import Questionnaires
from webhooks.outage import Outage


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Switchboard:
    """The parts of one web process; `ring_bell` may fail silently, the relay looks by itself as well.

    With `current`, lines, texts and calendar are those of the moment at which `fresh` was asked: a request asks once,
    and keeps to them to its end. `wait` lets so many seconds pass before a lost database is asked again.
    `is_shut` says whether a call that is arriving cannot be taken on, because too much is waiting.
    `outage` is what its requests know together of a database that is away.
    `proxies` is how many stand before us and name whoever asks.
    """

    lines: Lines
    texts: Texts
    calendar: Calendar
    store: Store
    clock: Clock
    ring_bell: Callable[[], None]
    public_base_url: str
    auth_tokens: tuple[str, ...]
    transcriber: Transcriber = NO_TRANSCRIBER
    surveys: Questionnaires = field(default_factory=Questionnaires)
    current: Current | None = None
    proxies: int = 0
    wait: Callable[[float], None] = time.sleep
    is_shut: Callable[[], bool] = _never
    outage: Outage = field(default_factory=Outage)

    def fresh(self) -> "Switchboard":
        """The same parts with lines, texts and calendar as they are now."""
        if self.current is None:
            return self
        now = self.current.installed
        return replace(self, lines=now.lines, texts=now.texts, calendar=now.calendar)

    def line(self, line_id: str) -> Line:
        """The line of an address that we emitted; raises `UnknownLine` when it is gone from the files."""
        return self.lines.by_id(line_id)
