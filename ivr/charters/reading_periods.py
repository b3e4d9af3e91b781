"""From the database to the view of a period: rounds, sums of days and where the record begins, in three queries."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.charters.periods import HeldSurvey, Part, PeriodView, Span
from ivr.courtesy.rows import CourtesyRound, RoundState
from ivr.figures.asking import LineDay, Period, days_of
from ivr.figures.rows import DayFigure, Dimension


def last_day_on_record(session: Session, institution: str) -> date | None:
    """The last local day with a call on the institution's line, None where there is none: `today` of a view.

    It is not cut to any report's days, so that the year of a quarter is known to be over once a day after it has data.
    """
    return session.scalar(
        select(func.max(DayFigure.day)).where(DayFigure.dimension == Dimension.LINE, DayFigure.line == institution)
    )


def period_view(
    session: Session, institution: str, *, first_day: date, last_day: date, today: date | None
) -> PeriodView:
    """Read what judges of a period see; days are local, both included."""
    span = Span(first_day, last_day)
    days = days_of(session, [institution], Period(span.before.first, last_day))
    return PeriodView(
        first_day=first_day,
        last_day=last_day,
        today=today,
        record_from=_first_day_on_record(session, institution),
        courtesy_rounds=_rounds(session, institution, span),
        answered=_answered(days, span),
        answered_before=_answered(days, span.before),
    )


def _first_day_on_record(session: Session, institution: str) -> date | None:
    return session.scalar(
        select(func.min(DayFigure.day)).where(DayFigure.dimension == Dimension.LINE, DayFigure.line == institution)
    )


def _rounds(session: Session, institution: str, span: Span) -> tuple[HeldSurvey, ...]:
    """The published rounds of every year that the span touches: no promise counts by a longer period."""
    years = date(span.first.year, 1, 1), date(span.last.year, 12, 31)
    rows = session.execute(
        select(CourtesyRound.id, CourtesyRound.last_day, CourtesyRound.held_by)
        .where(CourtesyRound.institution == institution, CourtesyRound.state == RoundState.PUBLISHED)
        .where(CourtesyRound.last_day.between(*years))
        .order_by(CourtesyRound.last_day, CourtesyRound.id)
    )
    return tuple(HeldSurvey(*row) for row in rows)


def _answered(days: Iterable[LineDay], span: Span) -> Part:
    inside = [day for day in days if span.covers(day.day)]
    return Part(sum(day.answered for day in inside), sum(day.asked for day in inside))
