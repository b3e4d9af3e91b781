"""When a campaign will be done, by the rates of the line's own campaigns where there were enough, else by priors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from ivr.campaigns.hours import dialling_times
from ivr.campaigns.plan import Plan, stored_plan
from ivr.campaigns.rows import Campaign, Dial, DialOutcome
from ivr.lines.calendar import Calendar
from ivr.surveys.rows import Disposition, Interview

# What an institution without campaigns of its own is told, and how it is named in the report.
PRIOR = "prior"
HISTORY = "history"
FEWEST_DIALS = 200
LOOK_BACK = timedelta(days=365)
RING_SECONDS = 20.0
PRIOR_TALK_SECONDS = 90.0
MOST_TALKS = 500


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of dials answered and of answered ones completed, seconds of a talk, and where the figures come from."""

    answered: float = 0.35
    completed: float = 0.5
    talk_seconds: float = PRIOR_TALK_SECONDS
    basis: str = PRIOR


@dataclass(frozen=True, slots=True)
class Forecast:
    """How much is expected. `ends_at` is None where the calling hours of the plan do not suffice."""

    rates: Rates
    dials: int
    completed: int
    hours: float
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a forecast is made from: so many people, at most so many complete answers, from `at` on."""

    eligible: int
    answers: int
    at: datetime


def forecast(session: Session, campaign: Campaign, calendar: Calendar, *, expected: Expected) -> Forecast:
    """How many dials and answers are to be expected, and when they will be done."""
    plan, at = stored_plan(campaign.plan), expected.at
    rates = rates_of(session, campaign, at)
    dials, completed = expected_dials(plan, rates, eligible=expected.eligible, answers=expected.answers)
    # The last of those who did not pick up are rung again only so much later.
    waits = timedelta(minutes=plan.retries.no_answer.gap_minutes) * (_tries(plan) - 1)
    times = dialling_times(plan, calendar, at, line=campaign.line)
    ends_at = end_of(plan, rates, times, dials=dials, not_before=at + waits)
    hours = dials / dials_a_second(plan, rates) / 3600
    return Forecast(rates, round(dials), round(completed), round(hours, 2), ends_at)


def rates_of(session: Session, campaign: Campaign, at: datetime) -> Rates:
    """The rates of the line's campaigns of the same kind in the last year; the priors where there were few dials."""
    dials, answered = session.execute(_history(campaign, at)).one()
    if dials < FEWEST_DIALS or not answered:
        return Rates()
    completed = session.scalar(_completed(campaign, at)) or 0
    talks = [(ended - began).total_seconds() for began, ended in session.execute(_talks(campaign, at)) if ended]
    return Rates(answered / dials, completed / answered, fmean(talks) if talks else PRIOR_TALK_SECONDS, HISTORY)


def expected_dials(plan: Plan, rates: Rates, *, eligible: int, answers: int) -> tuple[float, float]:
    """Dials and completed answers that are to be expected, retries included; fewer where enough have answered."""
    tries = _tries(plan)
    missed = 1 - rates.answered
    dials_each = sum(missed**number for number in range(tries))
    reached = 1 - missed**tries
    completed = eligible * reached * rates.completed
    if completed <= answers or completed == 0:
        return eligible * dials_each, completed
    return eligible * dials_each * answers / completed, float(answers)


def dials_a_second(plan: Plan, rates: Rates) -> float:
    """How many dials a second the plan allows: its pace, or what its open dials allow where that is less."""
    seconds = RING_SECONDS + rates.answered * rates.talk_seconds
    return min(plan.cps, plan.concurrency / seconds)


def _tries(plan: Plan) -> int:
    """How often somebody who never picks up is rung."""
    return min(1 + plan.retries.no_answer.tries, plan.limits.life)


def end_of(
    plan: Plan,
    rates: Rates,
    times: Iterable[tuple[datetime, datetime]],
    *,
    dials: float,
    not_before: datetime | None = None,
) -> datetime | None:
    """When so many dials are over that are made in these stretches of time; None where they do not suffice."""
    left = timedelta(seconds=dials / dials_a_second(plan, rates))
    for opens, closes in times:
        earliest = not_before or opens
        if left <= closes - opens and earliest <= closes:
            return max(opens + left, earliest)
        left = max(timedelta(0), left - (closes - opens))
    return None


def _history(campaign: Campaign, at: datetime) -> Select[int, int]:
    answered: ColumnElement[int] = func.coalesce(func.sum(case((Dial.outcome == DialOutcome.ANSWERED, 1), else_=0)), 0)
    return (
        select(func.count(), answered)
        .select_from(Dial)
        .join(Campaign, Campaign.id == Dial.campaign_id)
        .where(*_alike(campaign), Dial.dialled_at > at - LOOK_BACK, Dial.ended_at.is_not(None))
    )


def _completed(campaign: Campaign, at: datetime) -> Select[int]:
    return (
        select(func.count())
        .select_from(Interview)
        .join(Campaign, Campaign.id == Interview.campaign_id)
        .where(*_alike(campaign), Interview.began_at > at - LOOK_BACK, Interview.disposition == Disposition.COMPLETED)
    )


def _talks(campaign: Campaign, at: datetime) -> Select[datetime, datetime | None]:
    """The newest talks: their mean says enough."""
    return (
        select(Interview.began_at, Interview.ended_at)
        .join(Campaign, Campaign.id == Interview.campaign_id)
        .where(*_alike(campaign), Interview.began_at > at - LOOK_BACK, Interview.ended_at.is_not(None))
        .order_by(Interview.began_at.desc())
        .limit(MOST_TALKS)
    )


def _alike(campaign: Campaign) -> tuple[ColumnElement[bool], ...]:
    return (Campaign.line == campaign.line, Campaign.kind == campaign.kind)
