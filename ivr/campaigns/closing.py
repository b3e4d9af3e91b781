"""A campaign closes by itself once nothing is left to do: everybody done, enough answered, or its last day over."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from ivr.campaigns.hours import is_over
from ivr.campaigns.lifecycle import ITSELF, Deed, close, locked
from ivr.campaigns.plan import stored_plan
from ivr.campaigns.quotas import WHOLE, full_groups, quotas_of
from ivr.campaigns.rows import Campaign, CampaignState, Dial, Target, TargetState
from ivr.lines.hours import SEOUL

ALL_DONE = "everybody on the list is done with"
ENOUGH = "as many answers as wanted are complete"
OVER = "the last day of its plan is over"


def close_finished(session: Session, at: datetime) -> list[int]:
    """Close the running campaigns that are finished at this moment; returns their ids.

    Cheap enough to be asked every second: somebody never rung, due again or taken by a dialler is found by an index.
    """
    running = select(Campaign).where(Campaign.state == CampaignState.RUNNING).order_by(Campaign.id)
    closed: list[int] = []
    for campaign in session.scalars(running).all():
        if why_finished(session, campaign, at) is None:
            continue
        # Somebody may have closed or paused it meanwhile, and another dialler begun a dial: asked again, locked.
        session.expunge(campaign)
        campaign = locked(session, campaign.id)
        why = why_finished(session, campaign, at) if campaign.state is CampaignState.RUNNING else None
        if why is not None:
            close(session, campaign.id, Deed(ITSELF, at), why=why)
            closed.append(campaign.id)
    return closed


def why_finished(session: Session, campaign: Campaign, at: datetime) -> str | None:
    """Why nothing is left to do; None while a call is under way or somebody is still to be rung."""
    if campaign.chosen_at is None or _is_there(session, _under_way(campaign.id)):
        return None
    if is_over(stored_plan(campaign.plan), at.astimezone(SEOUL).date()):
        return OVER
    if _has_enough(session, campaign):
        return ENOUGH
    if _is_there(session, _waiting(campaign)):
        return None
    left = exists().where(Target.campaign_id == campaign.id, Target.state != TargetState.DONE)
    return None if _is_there(session, left) else ALL_DONE


def _under_way(campaign_id: int) -> ColumnElement[bool]:
    open_dial = exists().where(Dial.campaign_id == campaign_id, Dial.ended_at.is_(None))
    taken = exists().where(Target.campaign_id == campaign_id, Target.lease_until.is_not(None))
    return or_(open_dial, taken)


def _waiting(campaign: Campaign) -> ColumnElement[bool]:
    again = exists().where(Target.campaign_id == campaign.id, Target.next_at.is_not(None))
    never = exists().where(
        Target.campaign_id == campaign.id,
        Target.person_id > campaign.claimed_up_to,
        Target.state == TargetState.PENDING,
    )
    return or_(again, never)


def _has_enough(session: Session, campaign: Campaign) -> bool:
    """No dial is open: what is taken of a quota is complete. Groups suffice where nobody of another one waits."""
    full = full_groups(session, campaign.id)
    if WHOLE in full:
        return True
    groups = set(quotas_of(session, campaign.id)) - {WHOLE}
    if not groups or not groups <= full:
        return False
    others = exists().where(
        Target.campaign_id == campaign.id, Target.state != TargetState.DONE, Target.group.not_in(groups)
    )
    return not _is_there(session, others)


def _is_there(session: Session, condition: ColumnElement[bool]) -> bool:
    return bool(session.scalar(select(condition)))
