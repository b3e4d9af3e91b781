"""What is owed to a customer as judges see it: what came in when, what was told, and what may excuse; frozen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from ivr.calls.facts import Told
from ivr.deadlines import WorkingTime
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.states import MISSED, MessageState

ARRIVED = frozenset({MessageState.SENT, MessageState.DELIVERED, MessageState.READ_OUT})
PHONE = "phone"
# A text that was promised with a fact is written by a worker soon after it.
WRITTEN_WITHIN = timedelta(minutes=5)


class Standing(StrEnum):
    """Whether a telling reached the customer; a text on its way is open until its time is over."""

    REACHED = "reached"
    OPEN = "open"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Text:
    """How far a text message is; `read_at` is when it was read out by telephone instead."""

    state: MessageState
    worth_until: datetime
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """Something that the customer was told, at which moment and by which way (`sms`, `phone`, `post` ...).

    `look_again_at` is when more will be known of a text that is on its way.
    """

    fact: Told
    at: datetime
    by: str
    standing: Standing = Standing.REACHED
    look_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """A time in which papers or words asked of the customer were outstanding; None while they still are."""

    began: Told
    ended: Told | None


def moment(fact: Told) -> datetime:
    """When it happened: as said where somebody entered it later, else when it was told."""
    return fact.said_at or fact.received_at


def in_order(facts: Iterable[Told]) -> tuple[Told, ...]:
    """Each event once, as first told, in the order in which they happened."""
    first: dict[str, Told] = {}
    for fact in sorted(facts, key=lambda fact: (fact.received_at, fact.key)):
        first.setdefault(fact.key, fact)
    return tuple(sorted(first.values(), key=lambda fact: (moment(fact), fact.key)))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedView:
    """What all of them have: when the matter came in, its facts in order, its texts by id, and when it was over."""

    id: str
    time: WorkingTime
    came_at: datetime
    facts: tuple[Told, ...]
    texts: Mapping[str, Text] = field(default_factory=dict)
    is_test: bool = False
    over_at: datetime | None = None

    @property
    def line(self) -> Line:
        """The line to whose institution the matter came."""
        return self.time.line

    @property
    def day(self) -> date:
        """The local day on which the matter came in: it decides which version of the charter holds."""
        return self.came_at.astimezone(SEOUL).date()

    @property
    def horizon(self) -> datetime:
        """Up to when the record tells; what comes after it is open."""
        return max((fact.received_at for fact in self.facts), default=self.came_at)

    @property
    def is_over(self) -> bool:
        """Nothing more will be done."""
        return self.over_at is not None

    @property
    def withdrawn(self) -> Told | None:
        """The customer does not wish it any more."""
        return self.first("withdrawn")

    @property
    def no_contact(self) -> Told | None:
        """The customer left no number or address that can be used."""
        return self.first("no-contact")

    @property
    def unreached(self) -> tuple[Told, ...]:
        """Attempts that reached the customer's telephone or door, but not the customer."""
        return self.told("unreachable")

    @property
    def failed(self) -> tuple[Told, ...]:
        """Attempts that the carrier failed to connect."""
        return ()

    @property
    def pauses(self) -> tuple[Pause, ...]:
        """The times in which something was outstanding that had been asked of the customer."""
        begun, found = None, []
        for fact in self.facts:
            if fact.kind == "awaiting" and begun is None:
                begun = fact
            elif fact.kind == "resumed" and begun is not None:
                found.append(Pause(begun, fact))
                begun = None
        return (*found, Pause(begun, None)) if begun else tuple(found)

    def chosen_later(self, due: datetime) -> tuple[Told, datetime] | None:
        """The wish of the customer, told before `due`, for a later time, with that time."""
        wishes = [fact for fact in self.told("later-chosen") if moment(fact) < due]
        return (wishes[-1], datetime.fromisoformat(str(wishes[-1].detail["until"]))) if wishes else None

    def told(self, *kinds: str) -> tuple[Told, ...]:
        """The facts of these kinds, in the order in which they happened."""
        return tuple(fact for fact in self.facts if fact.kind in kinds)

    def first(self, *kinds: str) -> Told | None:
        """The first fact of these kinds."""
        return next(iter(self.told(*kinds)), None)

    def tellings(self, *kinds: str) -> tuple[Telling, ...]:
        """What the customer was told by facts of these kinds, and whether it arrived."""
        return tuple(self.telling(fact, message=fact.detail.get("message")) for fact in self.told(*kinds))

    def telling(self, fact: Told, *, message: str | None, by: str | None = None) -> Telling:
        """What a fact says was told, by the text with this id where there is one."""
        way = by or str(fact.detail.get("by", ""))
        if message is None:
            return Telling(fact, moment(fact), way)
        text = self.texts.get(message)
        if text is None:
            return Telling(fact, moment(fact), way, Standing.OPEN, moment(fact) + WRITTEN_WITHIN)
        if text.state is MessageState.READ_OUT:
            return Telling(fact, text.read_at or moment(fact), PHONE)
        if text.state in ARRIVED:
            return Telling(fact, moment(fact), way)
        standing = Standing.LOST if text.state in MISSED else Standing.OPEN
        return Telling(fact, moment(fact), way, standing, text.worth_until)
