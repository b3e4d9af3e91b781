"""The end of a dial: its outcome, its place on the bill and in the quotas, and the person's next turn."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ivr.base import ROW_LOCK
from ivr.campaigns import money, quotas
from ivr.campaigns.plan import stored_plan
from ivr.campaigns.retrying import at_last, further, next_turn, pause_after, retry_after
from ivr.campaigns.rows import Campaign, CampaignState, Dial, DialOutcome, DialState, Target, TargetState
from ivr.lines.calendar import Calendar
from ivr.surveys.rows import Disposition


@dataclass(frozen=True, slots=True)
class End:
    """What a dial came to, and how far the person came with it."""

    outcome: DialOutcome
    disposition: Disposition


def close(session: Session, dial: Dial, end: End, *, at: datetime, calendar: Calendar | None = None) -> None:
    """End an open, locked dial. With a calendar the person may have another turn, by the plan's retries."""
    disposition = end.disposition
    _end(session, dial, end, at)
    target = _target(session, dial)
    if target is None or target.state is not TargetState.DIALLING:
        return
    target.disposition = further(target.disposition, disposition)
    target.next_at = _next_at(session, dial, disposition, at, calendar) if calendar else None
    target.state = TargetState.PENDING if target.next_at else TargetState.DONE
    if target.state is TargetState.DONE:
        target.disposition = at_last(target.disposition)
        target.why = end.outcome.value


def turn_given_back(session: Session, dial: Dial, *, at: datetime) -> None:
    """End an open, locked dial that never rang: the person's turn comes again after a pause, and nothing is counted."""
    _end(session, dial, End(DialOutcome.NOT_PLACED, Disposition.QUEUED), at)
    target = _target(session, dial)
    if target is None or target.state is not TargetState.DIALLING:
        return
    failures = _dials(session, dial, DialOutcome.NOT_PLACED)
    is_over = session.get_one(Campaign, dial.campaign_id).state is CampaignState.CLOSED
    target.state = TargetState.DONE if is_over else TargetState.PENDING
    target.next_at = None if is_over else at + pause_after(failures)
    target.why = DialOutcome.NOT_PLACED.value


def _end(session: Session, dial: Dial, end: End, at: datetime) -> None:
    dial.state, dial.outcome, dial.ended_at = DialState.OVER, end.outcome, at
    session.flush()
    money.settle(session, dial.id, end.disposition, at=at)
    if end.disposition is not Disposition.COMPLETED:
        target = _target(session, dial)
        quotas.give_back(session, dial.campaign_id, target.group if target else quotas.WHOLE)


def _target(session: Session, dial: Dial) -> Target | None:
    return session.get(Target, (dial.campaign_id, dial.person_id), with_for_update=ROW_LOCK)


def _next_at(
    session: Session, dial: Dial, disposition: Disposition, at: datetime, calendar: Calendar
) -> datetime | None:
    campaign = session.get_one(Campaign, dial.campaign_id)
    plan = stored_plan(campaign.plan)
    if dial.outcome is None or campaign.state is CampaignState.CLOSED:
        return None
    retry = retry_after(plan.retries, dial.outcome, disposition)
    rung = _dials(session, dial, None)
    if retry is None or rung >= plan.limits.life or _dials(session, dial, dial.outcome) > retry.tries:
        return None
    return next_turn(plan, retry, calendar=calendar, line=dial.line, at=at)


def _dials(session: Session, dial: Dial, outcome: DialOutcome | None) -> int:
    """How many dials to the same person came to this outcome; None counts all that were placed."""
    same = select(func.count()).where(Dial.campaign_id == dial.campaign_id, Dial.person_id == dial.person_id)
    rung = (
        same.where(Dial.outcome != DialOutcome.NOT_PLACED) if outcome is None else same.where(Dial.outcome == outcome)
    )
    return session.scalar(rung) or 0
