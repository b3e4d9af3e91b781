"""Marking how a call's matter was taken in (A2): rightly, or what was wrong; the newest mark of a call counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.calls.record import Outcome
from ivr.calls.rows import Call, Offer
from ivr.figures.rows import CallFigure, OfferFigure
from ivr.intake.rows import IntakeMark, IntakeReview

LONGEST_NOTE: Final = 300


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody found; something wrong needs a note of what."""

    mark: IntakeMark
    note: str = ""


def mark_intake(session: Session, call: Call, finding: Finding, *, by: str, at: datetime) -> IntakeReview:
    """Keep what somebody found about a call's intake; the first agent who talked took it in.

    Raises `Refused` where no agent talked, and where something wrong is not told.
    """
    note = finding.note.strip()
    if finding.mark is not IntakeMark.RIGHT and not note:
        raise Refused("something was wrong: write a note of what")
    if len(note) > LONGEST_NOTE:
        raise Refused(f"the note has {len(note)} characters, more than {LONGEST_NOTE}: shorten it")
    figure = session.get(CallFigure, call.id)
    if figure is None:
        raise Refused(f"call {call.id} has not ended, or its figures are not reckoned yet: try again in a minute")
    if figure.outcome is not Outcome.ANSWERED:
        raise Refused(f"call {call.id} was answered by nobody: nothing was taken in")
    review = IntakeReview(
        call_id=call.id,
        line=call.line,
        firm=call.firm,
        agent_id=_agent_of(session, call.id),
        mark=finding.mark,
        note=note,
        marked_at=at,
        marked_by=by[:60],
    )
    session.add(review)
    session.flush()
    return review


def marks_of(session: Session, call_id: str) -> list[IntakeReview]:
    """Every mark of a call, the newest, which counts, first."""
    query = select(IntakeReview).where(IntakeReview.call_id == call_id)
    return list(session.scalars(query.order_by(IntakeReview.id.desc())))


def _agent_of(session: Session, call_id: str) -> str | None:
    query = select(OfferFigure.agent).join(Offer, Offer.id == OfferFigure.offer_id)
    query = query.where(OfferFigure.call_id == call_id, OfferFigure.is_talk).order_by(Offer.ordinal).limit(1)
    return session.scalar(query)
