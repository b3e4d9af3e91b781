"""Usage of a month counted again from what it rests on: normally nothing comes out otherwise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.billing.months import begin_of, end_of
from ivr.billing.noting import differences, note
from ivr.billing.rows import UsageKind
from ivr.billing.sources import Source, answers_of, calls_of, texts_of
from ivr.campaigns.rows import Charge
from ivr.figures.rows import CallFigure
from ivr.lines.model import Line
from ivr.messages.rows import Message, MessageAttempt
from ivr.messages.states import AttemptOutcome
from ivr.reports.quarters import Month

PIECE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """What a source counts for beside what it came to: `quantity` is missing, or too much where it is below 0."""

    kind: UsageKind
    source: str
    firm: str
    month: str
    quantity: int


def recounted(session: Session, line: Line, month: Month) -> Iterator[Difference]:
    """What differs in a month, source by source; sources that are gone by now stay as they were counted."""
    for piece in pieces(session, line, month):
        for row in differences(session, line.id, piece):
            yield Difference(
                UsageKind(str(row["kind"])),
                str(row["source"]),
                str(row["firm"]),
                str(row["month"]),
                int(str(row["quantity"])),
            )


def recount(session: Session, line: Line, month: Month, *, at: datetime) -> int:
    """Note what differs in a month; how many rows it took. Of a closed month it goes on the next statement."""
    return sum(note(session, line.id, piece, at=at) for piece in pieces(session, line, month))


def pieces(session: Session, line: Line, month: Month) -> Iterator[Sequence[Source]]:
    """Every source of a month of a line, some hundred at a time."""
    day = month.first
    while day <= month.last:
        ids = session.scalars(select(CallFigure.call_id).where(CallFigure.line == line.id, CallFigure.day == day)).all()
        for piece in _cut(sorted(ids)):
            yield calls_of(session, line.id, piece)
        day += timedelta(days=1)
    dials = select(Charge.dial_id).where(Charge.line == line.id, Charge.month == str(month), Charge.firm != "")
    for piece in _cut(sorted(session.scalars(dials))):
        yield answers_of(session, piece)
    for piece in _cut(sorted(_taken(session, line, month))):
        messages = session.scalars(select(Message).where(Message.id.in_(piece))).all()
        yield texts_of(session, line, messages)


def _taken(session: Session, line: Line, month: Month) -> set[str]:
    """The texts of a line that a provider took in a month."""
    asked = (
        select(MessageAttempt.message_id)
        .join(Message, Message.id == MessageAttempt.message_id)
        .where(Message.line == line.id, MessageAttempt.outcome == AttemptOutcome.ACCEPTED)
        .where(MessageAttempt.closed_at >= begin_of(month), MessageAttempt.closed_at < end_of(month))
    )
    return set(session.scalars(asked))


def _cut(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for begin in range(0, len(ids), PIECE):
        yield ids[begin : begin + PIECE]
