"""People's findings about openings: whoever listened says what was heard, and every word said on it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.listening.rows import Opening, OpeningReview, ReviewFinding
from ivr.promises import Promise, promise_all

LONGEST_NOTE = 500


class CannotReview(ValueError):
    """A review that is not taken; says why and what to do."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one person says who listened; `by` is the person's name, the note may be empty."""

    finding: ReviewFinding
    by: str
    note: str = ""


def review(session: Session, offer: str, statement: Statement, *, at: datetime) -> OpeningReview:
    """Keep a person's finding and promise to judge the call again; raises `CannotReview`.

    A finding may be changed by a new one; the older ones stay.
    """
    opening = session.get(Opening, offer)
    if opening is None:
        raise CannotReview(f"nothing of an opening {offer} was kept: `charterline openings list` shows what was")
    if not statement.by.strip():
        raise CannotReview("give the name of the person who listened: --by NAME")
    if len(statement.note) > LONGEST_NOTE:
        raise CannotReview(f"the note has {len(statement.note)} letters: {LONGEST_NOTE} are the most")
    by, note = statement.by.strip()[:60], statement.note.strip()
    row = OpeningReview(offer_id=offer, finding=statement.finding, by=by, note=note, at=at)
    session.add(row)
    session.flush()
    judge = Promise("judge", f"judge:{opening.call_id}:review:{row.id}", at, {"call": opening.call_id})
    promise_all(session, [judge])
    return row


def reviews_of(session: Session, offers: Sequence[str]) -> dict[str, list[OpeningReview]]:
    """Every review of these openings, the last one last."""
    found: dict[str, list[OpeningReview]] = {}
    rows = select(OpeningReview).where(OpeningReview.offer_id.in_(offers)).order_by(OpeningReview.id)
    for row in session.scalars(rows):
        found.setdefault(row.offer_id, []).append(row)
    return found
