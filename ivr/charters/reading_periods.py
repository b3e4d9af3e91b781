"""From the database to the view of a period: rounds, campaigns, sums of days and where the record begins."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.campaigns.plan import stored_plan
from ivr.campaigns.rows import Campaign, CampaignState
from ivr.charters.periods import HeldSurvey, Part, PeriodView, Span
from ivr.charters.reading_centre import centre_view
from ivr.courtesy.rows import CourtesyRound, RoundState
from ivr.figures.asking import LineDay, Period, days_of
from ivr.figures.rows import DayFigure, Dimension
from ivr.lines.hours import SEOUL, moment_of
from ivr.surveys.rows import Disposition, Interview

SATISFACTION = ("consult_service", "as_service")
"""The kinds of surveys that ask how satisfied somebody is with the service."""


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
        satisfaction=_campaigns(session, institution, span),
        centre=centre_view(
            session, institution, days=(first_day, last_day), before=(span.before.first, span.before.last)
        ),
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


def _campaigns(session: Session, institution: str, span: Span) -> tuple[HeldSurvey, ...]:
    """The closed surveys of satisfaction whose last complete answer was begun in a year that the span touches."""
    years = moment_of(date(span.first.year, 1, 1), 0), moment_of(date(span.last.year + 1, 1, 1), 0)
    last = func.max(Interview.began_at)
    rows = session.execute(
        select(Campaign.id, Campaign.plan, last)
        .join(Interview, Interview.campaign_id == Campaign.id)
        .where(Campaign.line == institution, Campaign.kind.in_(SATISFACTION), Campaign.state == CampaignState.CLOSED)
        .where(Interview.disposition == Disposition.COMPLETED)
        .group_by(Campaign.id)
        .having(last >= years[0], last < years[1])
        .order_by(last, Campaign.id)
    )
    return tuple(
        HeldSurvey(f"campaign-{id}", ended.astimezone(SEOUL).date(), stored_plan(plan).held_by)
        for id, plan, ended in rows
    )


def _answered(days: Iterable[LineDay], span: Span) -> Part:
    inside = [day for day in days if span.covers(day.day)]
    return Part(sum(day.answered for day in inside), sum(day.asked for day in inside))
