"""Which intakes are to be marked: drawn by a seed from the answered calls of a period, so that nobody picks them."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from ivr.calls.record import Outcome
from ivr.calls.rows import Call
from ivr.courtesy.sample import lot
from ivr.figures.rows import CallFigure
from ivr.intake.rows import IntakeReview

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Draw:
    """What is drawn: `size` calls of the local days, both included, of one firm where it is given."""

    first: date
    last: date
    seed: int
    size: int = 20
    firm: str | None = None


def sample(session: Session, line_id: str, draw: Draw) -> Sequence[Call]:
    """Answered calls without a mark, drawn by the lot: the same seed draws the same ones until they are marked."""
    query = select(CallFigure.call_id).where(
        CallFigure.line == line_id,
        CallFigure.day.between(draw.first, draw.last),
        CallFigure.outcome == Outcome.ANSWERED,
        ~exists().where(IntakeReview.call_id == CallFigure.call_id),
    )
    if draw.firm is not None:
        query = query.where(CallFigure.firm == draw.firm)
    size = min(draw.size, MOST)
    drawn = heapq.nsmallest(size, session.scalars(query), key=lambda call: lot(draw.seed, "intake", call))
    calls = {call.id: call for call in session.scalars(select(Call).where(Call.id.in_(drawn)))}
    return [calls[id] for id in drawn if id in calls]
