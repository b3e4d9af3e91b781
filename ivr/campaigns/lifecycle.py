"""The life of a campaign: made, changed, approved by a second person, paused, resumed, closed. Each leaves a deed."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from ivr.audiences.rows import Audience
from ivr.base import ROW_LOCK, Refused
from ivr.campaigns.many import tune_for_many
from ivr.campaigns.moves import CampaignEvent, move_campaign
from ivr.campaigns.plan import Plan, stored_plan, written_plan
from ivr.campaigns.rows import Campaign, CampaignDeed, CampaignState, Target, TargetState
from ivr.campaigns.terms import Terms, terms_of

ITSELF = "charterline"
MOST_DETAIL = 400
LONGEST_NAME = 80
# A rehearsal says little about a plan that is to be carried out a month later.
REHEARSAL_LASTS = timedelta(days=30)


class UnknownCampaign(LookupError):
    """No campaign has that number."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does something, and when (aware UTC)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """What a campaign is made of; `terms` are those of this day (`checking.terms_by`), the check sets them anew."""

    line: str
    name: str
    kind: str
    questionnaire: str
    audience_id: int
    plan: Plan
    terms: Terms
    firm: str | None = None


def create(session: Session, draft: Draft, deed: Deed) -> Campaign:
    """Make a campaign; it is a draft until it has been checked. Raises `Refused` for an audience of another line."""
    _refuse_strangers(session, draft)
    campaign = Campaign(
        **_fields(draft),
        state=CampaignState.DRAFT,
        made_by=deed.by,
        made_at=deed.at,
        changed_by=deed.by,
        changed_at=deed.at,
        chosen_up_to=0,
        claimed_up_to=0,
    )
    session.add(campaign)
    session.flush()
    note(session, campaign, "create", deed=deed)
    return campaign


def change(session: Session, campaign_id: int, draft: Draft, *, deed: Deed) -> Campaign:
    """Put a changed draft in the place of what was planned: it has to be checked, rehearsed and approved anew.

    Raises `Refused` once its launch has begun: from then on its sample is locked.
    """
    campaign = locked(session, campaign_id)
    if campaign.launched_at is not None:
        raise Refused(
            f"the launch of campaign {campaign_id} has begun, its sample is locked: close it and make another"
        )
    if draft.line != campaign.line:
        raise Refused(f"campaign {campaign_id} belongs to {campaign.line}: make another one for {draft.line}")
    _refuse_strangers(session, draft)
    move_campaign(campaign, CampaignEvent.CHANGE)
    for name, value in _fields(draft).items():
        setattr(campaign, name, value)
    campaign.changed_by, campaign.changed_at = deed.by, deed.at
    campaign.questionnaire_version = None
    campaign.checked_by = campaign.checked_at = None
    campaign.rehearsed_at = campaign.rehearsal = None
    campaign.approved_by = campaign.approved_at = None
    note(session, campaign, "change", deed=deed)
    return campaign


def rehearsed(session: Session, campaign_id: int, counts: Mapping[str, object], *, deed: Deed) -> Campaign:
    """Put down what a rehearsal showed. Raises `Refused` unless the campaign is checked: what is not fixed yet could
    still become another one.
    """
    campaign = locked(session, campaign_id)
    if campaign.state is not CampaignState.CHECKED:
        raise Refused(f"campaign {campaign_id} is {campaign.state}: check it, then rehearse it")
    campaign.rehearsed_at, campaign.rehearsal = deed.at, dict(counts)
    note(session, campaign, "rehearse", deed=deed)
    return campaign


def approve(session: Session, campaign_id: int, deed: Deed) -> Campaign:
    """Approve a campaign that was checked and rehearsed. Raises `Refused` for whoever made, changed or checked it."""
    campaign = locked(session, campaign_id)
    authors = {same_name(name) for name in (campaign.made_by, campaign.changed_by, campaign.checked_by) if name}
    if campaign.state is CampaignState.CHECKED and same_name(deed.by) in authors:
        raise Refused(
            f"{deed.by} made, changed or checked campaign {campaign_id}: somebody else has to approve it (--by NAME)"
        )
    if campaign.state is CampaignState.CHECKED and not is_rehearsed(campaign, deed.at):
        raise Refused(
            f"campaign {campaign_id} was not rehearsed since it was checked, or more than "
            f"{REHEARSAL_LASTS.days} days ago: charterline campaigns rehearse {campaign_id}"
        )
    move_campaign(campaign, CampaignEvent.APPROVE)
    campaign.approved_by, campaign.approved_at = deed.by, deed.at
    note(session, campaign, "approve", deed=deed)
    return campaign


def pause(session: Session, campaign_id: int, deed: Deed) -> Campaign:
    """Pause a running campaign: nobody is dialled any more from this commit on; calls that go on are finished."""
    return _moved(session, campaign_id, CampaignEvent.PAUSE, deed)


def resume(session: Session, campaign_id: int, deed: Deed) -> Campaign:
    """Go on with a paused campaign."""
    return _moved(session, campaign_id, CampaignEvent.RESUME, deed)


def close(session: Session, campaign_id: int, deed: Deed, *, why: str) -> Campaign:
    """Close a campaign for good: whoever was not dialled yet is not dialled any more; calls that go on are finished.

    Targets that a call is under way with are settled as their calls end.
    """
    tune_for_many(session)
    campaign = locked(session, campaign_id)
    move_campaign(campaign, CampaignEvent.CLOSE)
    campaign.closed_at, campaign.close_reason = deed.at, why[:60]
    ending = update(Target).where(
        Target.campaign_id == campaign_id, Target.state.in_((TargetState.PENDING, TargetState.CLAIMED))
    )
    session.execute(
        ending.values(state=TargetState.DONE, why="campaign-closed", next_at=None, lease_until=None),
        execution_options={"synchronize_session": False},
    )
    note(session, campaign, "close", deed=deed, detail=why)
    return campaign


def locked(session: Session, campaign_id: int) -> Campaign:
    """The campaign, locked until the transaction ends; raises `UnknownCampaign`."""
    campaign = session.get(Campaign, campaign_id, with_for_update=ROW_LOCK, populate_existing=True)
    return campaign if campaign is not None else _unknown(campaign_id)


def campaign_of(session: Session, campaign_id: int) -> Campaign:
    """The campaign; raises `UnknownCampaign`."""
    campaign = session.get(Campaign, campaign_id)
    return campaign if campaign is not None else _unknown(campaign_id)


def draft_of(campaign: Campaign) -> Draft:
    """What the campaign is made of, to be changed."""
    return Draft(
        line=campaign.line,
        name=campaign.name,
        kind=campaign.kind,
        questionnaire=campaign.questionnaire,
        audience_id=campaign.audience_id or 0,
        plan=stored_plan(campaign.plan),
        terms=terms_of(campaign),
        firm=campaign.firm,
    )


def is_rehearsed(campaign: Campaign, at: datetime) -> bool:
    """Whether a rehearsal was held since the last check, and not too long ago."""
    rehearsed_at, checked_at = campaign.rehearsed_at, campaign.checked_at
    if rehearsed_at is None or checked_at is None:
        return False
    return rehearsed_at >= max(checked_at, campaign.changed_at) and at - rehearsed_at <= REHEARSAL_LASTS


def same_name(name: str) -> str:
    """A name by which one person is told from another, however it was typed."""
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()


def note(session: Session, campaign: Campaign, event: str, *, deed: Deed, detail: str = "") -> None:
    """Put down who did what."""
    session.add(CampaignDeed(campaign_id=campaign.id, event=event, by=deed.by, at=deed.at, detail=detail[:MOST_DETAIL]))
    session.flush()


def _moved(session: Session, campaign_id: int, event: CampaignEvent, deed: Deed) -> Campaign:
    campaign = locked(session, campaign_id)
    move_campaign(campaign, event)
    note(session, campaign, event.value, deed=deed)
    return campaign


def _fields(draft: Draft) -> dict[str, object]:
    return {
        "line": draft.line,
        "firm": draft.firm,
        "name": draft.name,
        "kind": draft.kind,
        "purpose": draft.terms.purposes[0],
        "terms": draft.terms.model_dump(mode="json"),
        "questionnaire": draft.questionnaire,
        "audience_id": draft.audience_id,
        "plan": written_plan(draft.plan),
    }


def _refuse_strangers(session: Session, draft: Draft) -> None:
    if not 0 < len(draft.name.strip()) <= LONGEST_NAME:
        raise Refused(f"a campaign has a name of 1 to {LONGEST_NAME} characters")
    audience = session.get(Audience, draft.audience_id)
    # Whom one institution knows, another must not ring, nor hear of.
    if audience is None or audience.line != draft.line:
        raise Refused(f"{draft.line} has no audience {draft.audience_id}: charterline audiences list")


def _unknown(campaign_id: int) -> Campaign:
    raise UnknownCampaign(f"there is no campaign {campaign_id}: charterline campaigns list")
