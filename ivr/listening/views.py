"""Openings as judges see them: read for a batch of calls at a time."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.charters.view import Heard, OpeningView, Review
from ivr.listening.matching import Standing
from ivr.listening.reviews import reviews_of
from ivr.listening.rows import Opening, OpeningFinding

SAID = frozenset({Standing.HEARD, Standing.ALIAS})


def openings_of(session: Session, calls: Sequence[str]) -> Mapping[str, Heard]:
    """The openings of these calls that were kept, by offer, with the last review of each, and their closings."""
    rows = list(session.scalars(select(Opening).where(Opening.call_id.in_(calls))))
    reviews = reviews_of(session, [row.offer_id for row in rows]) if rows else {}
    last: dict[str, Review] = {offer: made[-1].finding.value for offer, made in reviews.items()}
    return {row.offer_id: _view(row, last.get(row.offer_id)) for row in rows}


def _view(row: Opening, review: Review | None) -> Heard:
    closing = None if row.closing is None else frozenset(row.closing)
    return OpeningView(frozenset(_said(row)), review), closing


def _said(row: Opening) -> list[str]:
    return [str(part["part"]) for part in row.parts if Standing(part["standing"]) in SAID]


def heard_in(session: Session, call: str) -> list[str] | None:
    """The parts heard in the opening of the last talk of a call; None where none was transcribed."""
    rows = session.scalars(select(Opening).where(Opening.call_id == call).order_by(Opening.joined_at.desc()).limit(1))
    row = rows.one_or_none()
    if row is None or row.finding is OpeningFinding.NOT_TRANSCRIBED:
        return None
    return _said(row)
