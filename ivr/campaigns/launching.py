"""The launch: a second person approved it, targets are chosen chunk by chunk, and only then anybody is dialled.

One that was broken off is begun again in the same way and goes on where it came to; `close` ends it.
"""

from datetime import datetime

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from ivr.audiences.rows import Audience, AudienceState, Member
from ivr.base import Refused
from ivr.campaigns.choosing import ALL_AT_ONCE, Course, choose
from ivr.campaigns.guarding import wish_of
from ivr.campaigns.hours import dial_from
from ivr.campaigns.lifecycle import Deed, is_rehearsed, locked, note, same_name
from ivr.campaigns.many import tune_for_many
from ivr.campaigns.moves import CampaignEvent, move_campaign
from ivr.campaigns.plan import stored_plan
from ivr.campaigns.quotas import open_quotas
from ivr.campaigns.rows import Campaign, CampaignState
from ivr.consents.contact import Occasion, eligible
from ivr.lines.calendar import Calendar
from ivr.store import Store

REFUSALS = {
    CampaignState.DRAFT: "is a draft: check it, rehearse it, and have it approved by a second person",
    CampaignState.CHECKED: "has not been approved: a second person has to approve it",
    CampaignState.RUNNING: "runs already",
    CampaignState.PAUSED: "is paused: resume it",
    CampaignState.CLOSED: "is closed: make another one",
}


def launch(
    store: Store,
    campaign_id: int,
    calendar: Calendar,
    *,
    deed: Deed,
    course: Course = ALL_AT_ONCE,
) -> bool:
    """Launch a campaign, or go on with a launch that was broken off; False where the course broke it off.

    Raises `Refused` where it is not approved, its plan is over, or nobody of its audience may be contacted; then
    nothing has been changed.
    """
    with store.transaction() as session:
        begin_launch(session, campaign_id, calendar, deed=deed)
    is_whole = choose(store, campaign_id, at=deed.at, course=course)
    if is_whole:
        with store.transaction() as session:
            finish_launch(session, campaign_id, deed)
    return is_whole


def begin_launch(session: Session, campaign_id: int, calendar: Calendar, *, deed: Deed) -> Campaign:
    """Lock the sample and open the quotas; choosing follows. Begun before, it stays as it is. Raises `Refused`."""
    campaign = locked(session, campaign_id)
    if campaign.state is not CampaignState.APPROVED:
        raise Refused(f"campaign {campaign_id} {REFUSALS[campaign.state]}")
    refuse_unready(session, campaign, calendar, at=deed.at)
    if campaign.launched_at is None:
        _refuse_nobody(session, campaign, deed.at)
        campaign.launched_by, campaign.launched_at = deed.by, deed.at
        open_quotas(session, campaign_id, stored_plan(campaign.plan))
        note(session, campaign, "begin-launch", deed=deed)
    return campaign


def finish_launch(session: Session, campaign_id: int, deed: Deed) -> Campaign:
    """Let a campaign run whose targets are chosen. Raises `Refused` where its choice was ended meanwhile."""
    campaign = locked(session, campaign_id)
    if campaign.state is CampaignState.RUNNING:
        return campaign
    if campaign.chosen_at is None:
        raise Refused(f"not all targets of campaign {campaign_id} are chosen: launch it again to go on")
    move_campaign(campaign, CampaignEvent.LAUNCH)
    note(session, campaign, CampaignEvent.LAUNCH.value, deed=deed)
    return campaign


def refuse_unready(session: Session, campaign: Campaign, calendar: Calendar, *, at: datetime) -> None:
    """Raise `Refused` where the approval does not hold as it should, the plan is over, or the list is not there."""
    authors = {same_name(name) for name in (campaign.made_by, campaign.changed_by, campaign.checked_by) if name}
    if campaign.approved_by is None or same_name(campaign.approved_by) in authors:
        raise Refused(f"campaign {campaign.id} was approved by nobody but its own authors: somebody else has to")
    if campaign.launched_at is None and not is_rehearsed(campaign, at):
        raise Refused(f"campaign {campaign.id} was rehearsed too long ago: change, check and rehearse it anew")
    if dial_from(stored_plan(campaign.plan), calendar, at, line=campaign.line) is None:
        raise Refused(
            f"the plan of campaign {campaign.id} leaves no hour in which anybody may be rung any more: "
            "look at ends_on and hours, and change them"
        )
    audience = session.get(Audience, campaign.audience_id)
    if audience is None or audience.state is not AudienceState.READY:
        raise Refused(f"the audience of campaign {campaign.id} is not ready: charterline audiences list")


def _refuse_nobody(session: Session, campaign: Campaign, at: datetime) -> None:
    tune_for_many(session)
    if session.execute(_anybody(campaign, at)).first() is None:
        raise Refused(
            f"nobody of the audience of campaign {campaign.id} may be contacted: "
            f"charterline campaigns report {campaign.id} says why"
        )


def _anybody(campaign: Campaign, at: datetime) -> Select[int]:
    asked = eligible(wish_of(campaign), at, occasion=Occasion.CHOOSING)
    source = asked.joined_to(Member.__table__, Member.person_id)
    return (
        select(literal(1))
        .select_from(source)
        .where(Member.audience_id == campaign.audience_id, *asked.conditions)
        .limit(1)
    )


def is_broken_off(campaign: Campaign) -> bool:
    """Whether a launch was begun and is not whole: whoever launches it again goes on."""
    return campaign.state is CampaignState.APPROVED and campaign.launched_at is not None
