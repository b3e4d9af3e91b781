"""Finding callbacks of one line page by page along an index, and the whole story of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from ivr.callbacks.rows import Callback, CallbackOutcome
from ivr.calls.facts import Told, facts_of
from ivr.calls.rows import Call
from ivr.charters.rows import Verdict
from ivr.charters.verdicts import verdicts_of
from ivr.dialling.rows import Attempt
from ivr.directory.sight import Sight
from ivr.lines.firms import Firm
from ivr.lines.model import Line
from ivr.messages.rows import Message

SOON = timedelta(minutes=15)
PAGE = 50
NOBODY = "-"


@dataclass(frozen=True, slots=True)
class Sought:
    """Which callbacks of a line: the open ones, or those that are over; what is None does not matter.

    `officer` is an officer's id, or NOBODY. `sight` narrows to what an agent may see.
    """

    line: str
    is_over: bool = False
    team: str | None = None
    officer: str | None = None
    outcome: CallbackOutcome | None = None
    has_slipped: bool = False
    receipt: str | None = None
    sight: Sight | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many callbacks are open, of these late, due soon, given to nobody, and put off at least once."""

    open: int
    late: int
    soon: int
    free: int
    slipped: int


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happened to one callback: its facts, attempts, texts and verdicts, each in order."""

    facts: Sequence[Told]
    attempts: Sequence[Attempt]
    messages: Sequence[Message]
    verdicts: Sequence[Verdict]


def find_callbacks(
    session: Session, sought: Sought, *, after: tuple[datetime, str] | None = None, limit: int = PAGE
) -> Sequence[Callback]:
    """Open callbacks, due first before others, or those that are over, the last one first; `after` is exclusive."""
    query = select(Callback).where(*_conditions(sought))
    if sought.is_over:
        place = tuple_(Callback.closed_at, Callback.id)
        query = query.where(Callback.closed_at.is_not(None)).order_by(Callback.closed_at.desc(), Callback.id.desc())
        query = query if after is None else query.where(place < after)
    else:
        place = tuple_(Callback.due_at, Callback.id)
        query = query.where(Callback.closed_at.is_(None)).order_by(Callback.due_at, Callback.id)
        query = query if after is None else query.where(place > after)
    return session.scalars(query.limit(limit)).all()


def standing_of(session: Session, line: str, *, sight: Sight | None, at: datetime) -> Standing:
    """Count the open callbacks of a line."""
    counts = (
        func.count(),
        func.count().filter(Callback.due_at <= at),
        func.count().filter(Callback.due_at > at, Callback.due_at <= at + SOON),
        func.count().filter(Callback.officer_id.is_(None)),
        func.count().filter(Callback.slips > 0),
    )
    query = select(*counts).where(Callback.line == line, Callback.closed_at.is_(None))
    return Standing(*session.execute(query if sight is None else query.where(sight.of(Callback))).one())


def story_of(session: Session, callback: Callback) -> Story:
    """Everything that happened to one callback."""
    attempts = select(Attempt).where(Attempt.callback_id == callback.id).order_by(Attempt.ordinal)
    about = Message.subject == f"callback:{callback.id}"
    messages = select(Message).where(about).order_by(Message.written_at, Message.id)
    return Story(
        facts=facts_of(session, callback.id),
        attempts=session.scalars(attempts).all(),
        messages=session.scalars(messages).all(),
        verdicts=verdicts_of(session, callback.id),
    )


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Callback.line == sought.line]
    if sought.sight is not None:
        conditions.append(sought.sight.of(Callback))
    if sought.team is not None:
        conditions.append(Callback.team == sought.team)
    if sought.officer == NOBODY:
        conditions.append(Callback.officer_id.is_(None))
    elif sought.officer is not None:
        conditions.append(Callback.officer_id == sought.officer)
    if sought.outcome is not None:
        conditions.append(Callback.outcome == sought.outcome)
    if sought.has_slipped:
        conditions.append(Callback.slips > 0)
    if sought.receipt is not None:
        conditions.append(Callback.receipt_number == sought.receipt)
    return conditions


def firm_of(session: Session, callback: Callback, line: Line) -> Firm | None:
    """The client firm whose customer asked for this in a call; None where it was the line's own."""
    told = session.scalar(select(Call.firm).where(Call.id == callback.call_id)) if callback.call_id else None
    return line.firms.get(told or "")
