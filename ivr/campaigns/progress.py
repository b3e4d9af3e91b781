"""How far a campaign is: targets by state and disposition, dials, rate, and when it will be done."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.campaigns.forecast import end_of, expected_dials, rates_of
from ivr.campaigns.hours import dialling_times
from ivr.campaigns.plan import stored_plan
from ivr.campaigns.quotas import WHOLE, quotas_of
from ivr.campaigns.rows import (
    Campaign,
    CampaignState,
    Charge,
    ChargeState,
    Dial,
    DialOutcome,
    Target,
    TargetState,
)
from ivr.lines.calendar import Calendar
from ivr.surveys.rows import Disposition

RATE_OVER = timedelta(minutes=1)
NO_OUTCOME = "open"


@dataclass(frozen=True, slots=True)
class Progress:
    """Counts of one moment. `rate` is dials a second in the last minute; `quotas` are taken and wanted by group.

    `ends_at` is None where nothing is left, and where the plan's hours do not suffice.
    """

    at: datetime
    state: CampaignState
    targets: int
    by_state: Mapping[str, int]
    by_disposition: Mapping[str, int]
    dials: int
    open_dials: int
    by_outcome: Mapping[str, int]
    quotas: Mapping[str, tuple[int, int]]
    charges: Mapping[str, int]
    rate: float
    ends_at: datetime | None

    @property
    def done(self) -> int:
        """Targets that nothing more is done for."""
        return self.by_state.get(TargetState.DONE.value, 0)


def progress(session: Session, campaign: Campaign, calendar: Calendar, *, at: datetime) -> Progress:
    """How far the campaign is at this moment (aware)."""
    by_state, by_disposition = _targets(session, campaign.id)
    by_outcome = _outcomes(session, campaign.id)
    targets = sum(by_state.values())
    waiting = targets - by_state.get(TargetState.DONE.value, 0)
    return Progress(
        at=at,
        state=campaign.state,
        targets=targets,
        by_state=by_state,
        by_disposition=by_disposition,
        dials=sum(by_outcome.values()),
        open_dials=by_outcome.get(NO_OUTCOME, 0),
        by_outcome=by_outcome,
        quotas=quotas_of(session, campaign.id),
        charges=charges_of(session, campaign.id),
        rate=_rate(session, campaign.id, at),
        ends_at=_end(session, campaign, calendar, waiting=waiting, at=at),
    )


def charges_of(session: Session, campaign_id: int) -> Mapping[str, int]:
    """How many dials have each place on the bill."""
    counting = select(Charge.state, func.count()).where(Charge.campaign_id == campaign_id).group_by(Charge.state)
    found = {state.value: number for state, number in session.execute(counting)}
    return {state.value: found.get(state.value, 0) for state in ChargeState}


def _targets(session: Session, campaign_id: int) -> tuple[Mapping[str, int], Mapping[str, int]]:
    counting = (
        select(Target.state, Target.disposition, func.count())
        .where(Target.campaign_id == campaign_id)
        .group_by(Target.state, Target.disposition)
    )
    by_state: dict[str, int] = dict.fromkeys((state.value for state in TargetState), 0)
    by_disposition: dict[str, int] = {}
    for state, disposition, number in session.execute(counting):
        by_state[state.value] += number
        by_disposition[disposition.value] = by_disposition.get(disposition.value, 0) + number
    ordered: dict[str, int] = {
        word.value: by_disposition[word.value] for word in Disposition if word.value in by_disposition
    }
    return by_state, ordered


def _outcomes(session: Session, campaign_id: int) -> Mapping[str, int]:
    """Dials by outcome; one without is open where nothing ended it, and unknown else."""
    is_open = Dial.ended_at.is_(None)
    counting = (
        select(Dial.outcome, is_open, func.count())
        .where(Dial.campaign_id == campaign_id)
        .group_by(Dial.outcome, is_open)
    )
    found: dict[str, int] = {}
    for outcome, open_, number in session.execute(counting):
        word = NO_OUTCOME if open_ else (outcome or DialOutcome.UNKNOWN).value
        found[word] = found.get(word, 0) + number
    return found


def _rate(session: Session, campaign_id: int, at: datetime) -> float:
    lately = select(func.count()).where(
        Dial.campaign_id == campaign_id, Dial.dialled_at > at - RATE_OVER, Dial.dialled_at <= at
    )
    return (session.scalar(lately) or 0) / RATE_OVER.total_seconds()


def _end(session: Session, campaign: Campaign, calendar: Calendar, *, waiting: int, at: datetime) -> datetime | None:
    """When those who wait will have had their turn, by the rates that the forecast uses."""
    if not waiting or campaign.state is CampaignState.CLOSED:
        return None
    plan, rates = stored_plan(campaign.plan), rates_of(session, campaign, at)
    taken, wanted = quotas_of(session, campaign.id).get(WHOLE, (0, waiting))
    dials, _ = expected_dials(plan, rates, eligible=waiting, answers=max(0, wanted - taken))
    return end_of(plan, rates, dialling_times(plan, calendar, at, line=campaign.line), dials=dials)
