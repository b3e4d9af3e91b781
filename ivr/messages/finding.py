"""Finding text messages of one line, the newest first, and counting what did not arrive, by state and provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal_column, select, tuple_
from sqlalchemy.orm import Session

from ivr.messages.rows import MISSED_ONES, Message, MessageAttempt
from ivr.messages.states import MISSED, AttemptOutcome, MessageState
from ivr.optouts.rows import OptOut

PAGE = 50
# Without a type: as a boolean it is written with "= 1" for SQLite, and the index is not found.
_MISSED: ColumnElement[bool] = literal_column(MISSED_ONES.text)
# An order of which it is known that it did not carry the text.
FAILED = (AttemptOutcome.REFUSED, AttemptOutcome.BUSY, AttemptOutcome.NOT_SENT)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which texts of a line; what is None does not matter."""

    line: str
    state: MessageState | None = None
    is_missed: bool = False
    template: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """How many orders of a line a provider was given in a time, and how many of them it did not carry."""

    provider: str
    orders: int
    failures: int

    @property
    def share(self) -> float | None:
        """Failures of orders, None without any."""
        return self.failures / self.orders if self.orders else None


@dataclass(frozen=True, slots=True)
class Tally:
    """Texts of a time by state; the share that did not arrive counts only what is known to have ended."""

    states: Mapping[MessageState, int]

    @property
    def all(self) -> int:
        """Every text."""
        return sum(self.states.values())

    @property
    def missed(self) -> int:
        """Those that nobody received and nobody will."""
        return sum(number for state, number in self.states.items() if state in MISSED)

    @property
    def arrived(self) -> int:
        """Those that were delivered or read out."""
        return self.states.get(MessageState.DELIVERED, 0) + self.states.get(MessageState.READ_OUT, 0)

    @property
    def share(self) -> float | None:
        """Missed of missed and arrived; None without any."""
        ended = self.missed + self.arrived
        return self.missed / ended if ended else None


def find_messages(
    session: Session, sought: Sought, *, after: tuple[datetime, str] | None = None, limit: int = PAGE
) -> Sequence[Message]:
    """The newest first; `after` is exclusive."""
    query = select(Message).where(*_conditions(sought))
    if after is not None:
        query = query.where(tuple_(Message.written_at, Message.id) < after)
    return session.scalars(query.order_by(Message.written_at.desc(), Message.id.desc()).limit(limit)).all()


def tally_of(session: Session, line: str, *, since: datetime) -> Tally:
    """The texts of a line that were written since a moment."""
    query = select(Message.state, func.count()).where(Message.line == line, Message.written_at >= since)
    return Tally({state: number for state, number in session.execute(query.group_by(Message.state))})


def carried_since(session: Session, line: str, *, since: datetime) -> list[Carried]:
    """What providers made of the texts of a line that were written since a moment."""
    failed = func.count().filter(MessageAttempt.outcome.in_(FAILED))
    query = (
        select(MessageAttempt.provider, func.count(), failed)
        .join(Message, Message.id == MessageAttempt.message_id)
        .where(Message.line == line, Message.written_at >= since)
        .group_by(MessageAttempt.provider)
        .order_by(MessageAttempt.provider)
    )
    return [Carried(*row) for row in session.execute(query)]


def find_optouts(
    session: Session, line: str, *, after: tuple[datetime, str] | None = None, limit: int = PAGE
) -> Sequence[OptOut]:
    """Refusals of texts, the newest first, those taken back too; `after` is exclusive."""
    query = select(OptOut).where(OptOut.line == line)
    if after is not None:
        query = query.where(tuple_(OptOut.asked_at, OptOut.id) < after)
    return session.scalars(query.order_by(OptOut.asked_at.desc(), OptOut.id.desc()).limit(limit)).all()


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Message.line == sought.line]
    if sought.is_missed or sought.state in MISSED:
        conditions.append(_MISSED)
    if sought.state is not None:
        conditions.append(Message.state == sought.state)
    if sought.template is not None:
        conditions.append(Message.template.startswith(f"{sought.template}/", autoescape=True))
    if sought.since is not None:
        conditions.append(Message.written_at >= sought.since)
    return conditions if sought.until is None else [*conditions, Message.written_at < sought.until]
