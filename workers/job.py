"""One kept promise: what preparing and settling are given, and how a kind of promise is described."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeAlias

from sqlalchemy.orm import Session

from config.uploads import Uploads
from ivr.addresses import Address, address
from ivr.calls.known import Followed, load
from ivr.calls.rows import Offer
from ivr.deadlines import WorkingTime
from ivr.editions.current import Current
from ivr.keeping.rules import Retention
from ivr.lines.calendar import Calendar
from ivr.lines.model import Line, Lines
from ivr.listening.recordings import Sounds
from ivr.listening.transcriber import NO_TRANSCRIBER, Transcriber
from ivr.messages.providers import CARRIER_ALONE, Providers
from ivr.messages.texts import Texts
from ivr.orders import Order, Receipt
from ivr.sealing import Keyring
from ivr.surveys.model import Questionnaires


@dataclass(frozen=True, slots=True)
class House:
    """What every promise may need to know of the installation.

    With `current`, lines, texts and calendar are those of the moment at which `fresh` was asked: each step of a
    promise asks once.
    """

    lines: Lines
    texts: Texts
    calendar: Calendar
    keyring: Keyring
    public_base_url: str
    transcriber: Transcriber = NO_TRANSCRIBER
    providers: Providers = CARRIER_ALONE
    surveys: Questionnaires = field(default_factory=Questionnaires)
    recordings: Sounds | None = None
    current: Current | None = None
    uploads: Uploads | None = None
    retention: Retention = field(default_factory=Retention)
    begin_errand: Callable[[int], None] | None = None

    def fresh(self) -> "House":
        """The same house with lines, texts and calendar as they are now."""
        if self.current is None:
            return self
        now = self.current.installed
        return replace(self, lines=now.lines, texts=now.texts, calendar=now.calendar)

    def url(self, entry: Address, /, **query: str | int | None) -> str:
        """The absolute address of an entry, for orders to the carrier."""
        return self.public_base_url + address(entry, **query)


@dataclass(frozen=True, slots=True)
class Job:
    """One promise in work. `in_doubt` tells that an earlier order may have been carried out unheard."""

    session: Session
    args: dict[str, str | int]
    at: datetime
    house: House
    attempts: int
    in_doubt: bool

    def text(self, name: str) -> str:
        """An argument of the promise."""
        return str(self.args[name])

    def line(self, line_id: str) -> Line:
        """A line by its id."""
        return self.house.lines.by_id(line_id)

    def working_time(self, line_id: str) -> WorkingTime:
        """When the institution of a line works, to count limits in."""
        return WorkingTime(self.line(line_id), self.house.calendar)


@dataclass(frozen=True, slots=True)
class Later:
    """Keep the promise open and try again at `due_at`; `in_doubt` stays set for an order that may have happened."""

    due_at: datetime
    in_doubt: bool = False


Prepare: TypeAlias = Callable[[Job], Order | Later | None]
Settle: TypeAlias = Callable[[Job, Receipt], Later | None]


def nothing_to_settle(_job: Job, _receipt: Receipt) -> None:
    """For promises whose order may fail without consequence."""
    return None


@dataclass(frozen=True, slots=True)
class Kind:
    """How promises of one kind are kept: on which queue, what to do, and what its receipt means."""

    queue: str
    prepare: Prepare
    settle: Settle = nothing_to_settle


def back_off(job: Job) -> timedelta:
    """The pause before another try: 1 s, doubled each time, at most 5 minutes."""
    return min(timedelta(seconds=2 ** min(job.attempts, 9)), timedelta(minutes=5))


def soon(job: Job) -> timedelta:
    """The pause before another try of an order for which people hold the line: as `back_off`, at most 5 s."""
    return min(back_off(job), timedelta(seconds=5))


def known_offer(job: Job) -> tuple[Followed, Offer]:
    """The call and the offer that a promise is about, locked."""
    known = load(job.session, job.text("call"))
    return known, next(offer for offer in known.offers if offer.id == job.text("offer"))
