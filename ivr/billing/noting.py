"""Usage noted once: each source counts for as much as it came to, whatever is told twice, late or otherwise (A8)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.billing.closing import promise_closing
from ivr.billing.mark import noting_moment
from ivr.billing.months import month_at
from ivr.billing.rows import Usage, UsageKind
from ivr.billing.sources import Source, answers_of, calls_of, texts_of
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.rows import Message
from ivr.promises import insert_for

Named: TypeAlias = tuple[UsageKind, str]
Place: TypeAlias = tuple[str, str]
"""A firm and a month."""

PIECE = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """The rows that a source has: how many, and what they add up to by firm and month."""

    rows: int
    counts: Mapping[Place, int]


NOTHING = Stored(0, {})


def note_calls(session: Session, call_ids: Sequence[str], *, line: Line, at: datetime) -> int:
    """Note these calls of a centre and the minutes of their talk, as their rows of figures have them; how many rows.

    The calls are locked, and their rows of figures are as they stay.
    """
    if line.centre is None or not call_ids:
        return 0
    return note(session, line.id, calls_of(session, line.id, call_ids), at=at)


def note_answer(session: Session, dial_id: str, *, at: datetime) -> int:
    """Note a dial that is settled: a complete answer, one of a happy call, or nothing; its charge is locked."""
    found = answers_of(session, [dial_id])
    return note(session, found[0].line, found, at=at) if found else 0


def note_text(session: Session, message: Message, *, line: Line, at: datetime) -> int:
    """Note a text that its provider has taken, where it is about something of a firm's."""
    if line.centre is None:
        return 0
    session.flush()
    return note(session, line.id, texts_of(session, line, [message]), at=at)


def note(session: Session, line_id: str, found: Sequence[Source], *, at: datetime) -> int:
    """Bring what is stored of these sources of one line into line with what they came to; how many rows it took."""
    if not found:
        return 0
    rows = list(differences(session, line_id, found))
    if not rows:
        return 0
    noted_at = noting_moment(session, line_id, at=at)
    adding = insert_for(session.get_bind().dialect.name, Usage).on_conflict_do_nothing(index_elements=["key"])
    session.execute(adding, [{**row, "noted_at": noted_at} for row in rows])
    promise_closing(session, line_id, at=at)
    return len(rows)


def differences(session: Session, line_id: str, found: Sequence[Source]) -> Iterable[dict[str, object]]:
    """The rows that are missing so that each source counts for what it came to."""
    stored = _stored(session, line_id, found)
    for source in found:
        held = stored.get((source.kind, source.id), NOTHING)
        month = str(month_at(source.happened_at))
        wanted = {(source.firm, month): source.quantity} if source.firm else {}
        number = held.rows
        for place in sorted(held.counts.keys() | wanted.keys()):
            missing = wanted.get(place, 0) - held.counts.get(place, 0)
            if missing:
                number += 1
                yield _row(line_id, source, place, (number, missing))


def _row(line_id: str, source: Source, place: Place, counted: tuple[int, int]) -> dict[str, object]:
    (firm, month), (number, quantity) = place, counted
    key = f"{source.kind.value}/{source.id}"
    return {
        "key": key if number == 1 else f"{key}/{number}",
        "line": line_id,
        "firm": firm,
        "kind": source.kind,
        "source": source.id,
        "quantity": quantity,
        "day": source.happened_at.astimezone(SEOUL).date(),
        "month": month,
        "happened_at": source.happened_at,
    }


def _stored(session: Session, line_id: str, found: Sequence[Source]) -> Mapping[Named, Stored]:
    stored: dict[Named, Stored] = {}
    for kind in {source.kind for source in found}:
        ids = [source.id for source in found if source.kind is kind]
        for begin in range(0, len(ids), PIECE):
            asked = (
                select(Usage.source, Usage.firm, Usage.month, func.count(), func.sum(Usage.quantity))
                .where(Usage.kind == kind, Usage.source.in_(ids[begin : begin + PIECE]), Usage.line == line_id)
                .group_by(Usage.source, Usage.firm, Usage.month)
            )
            for source, firm, month, rows, quantity in session.execute(asked):
                held = stored.get((kind, source), NOTHING)
                counts = {**held.counts, (firm, month): int(quantity)}
                stored[kind, source] = Stored(held.rows + rows, counts)
    return stored
