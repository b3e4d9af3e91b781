"""What the pages of campaigns share: the campaign of a page, its steps, the words of its states."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import abort, request
from sqlalchemy.orm import Session

from console.finding import own
from console.office import office
from console.problems import Stale
from console.visitor import visitor
from ivr.campaigns.launching import is_broken_off
from ivr.campaigns.lifecycle import Deed, is_rehearsed, same_name
from ivr.campaigns.rows import Campaign, CampaignState
from ivr.errands.doing import newest_errand
from ivr.errands.rows import Errand, ErrandKind, ErrandState
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.model import UnknownQuestionnaire

BEFORE: Final = (CampaignState.DRAFT, CampaignState.CHECKED, CampaignState.APPROVED)
LIVE: Final = (CampaignState.RUNNING, CampaignState.PAUSED)
TONES: Final = {
    CampaignState.DRAFT: "plain",
    CampaignState.CHECKED: "calm",
    CampaignState.APPROVED: "calm",
    CampaignState.RUNNING: "good",
    CampaignState.PAUSED: "warn",
    CampaignState.CLOSED: "plain",
}
STEPS: Final = ("draft", "checked", "rehearsed", "approved", "running", "closed")
# Sets of more people are counted less often: each look costs the database.
MANY_TARGETS: Final = 200_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a campaign stands for who looks at it."""

    step: int
    is_rehearsed: bool
    is_broken_off: bool
    is_author: bool
    rehearsal: Errand | None
    launch: Errand | None

    @property
    def rehearsing(self) -> bool:
        """Is a rehearsal under way?"""
        return self.rehearsal is not None and self.rehearsal.over_at is None

    @property
    def launching(self) -> bool:
        """Is the choice of its people under way?"""
        return self.launch is not None and self.launch.over_at is None


def standing_of(session: Session, campaign: Campaign, *, at: datetime) -> Standing:
    """Where the campaign stands."""
    rehearsed = is_rehearsed(campaign, at)
    authors = {same_name(name) for name in (campaign.made_by, campaign.changed_by, campaign.checked_by) if name}
    return Standing(
        step=_step(campaign, rehearsed),
        is_rehearsed=rehearsed,
        is_broken_off=is_broken_off(campaign),
        is_author=same_name(visitor().account_id) in authors,
        rehearsal=_since_checked(newest_errand(session, ErrandKind.REHEARSE, str(campaign.id)), campaign),
        launch=newest_errand(session, ErrandKind.LAUNCH, str(campaign.id)),
    )


def deed() -> Deed:
    """What the visitor does now."""
    return Deed(visitor().account_id, office().clock())


def unchanged(session: Session, campaign_id: int) -> Campaign:
    """The campaign of the visitor's line, as it stood when the form was made; raises `Stale` where it changed since."""
    campaign = own(session, Campaign, campaign_id)
    if str(campaign.version) != request.form.get("version", ""):
        raise Stale
    return campaign


def title_of(session: Session, id: str, version: int | None) -> str:
    """The title of a questionnaire; its id where it is no longer there."""
    try:
        return questionnaire_of(session, id, version, installed=office().surveys).title
    except UnknownQuestionnaire:
        return id


def kind_name(kind: str) -> str:
    """The name of a kind of survey; its id where it is no longer there."""
    kinds = office().surveys.kinds
    return kinds[kind].name if kind in kinds else kind


def id_of(text: str) -> int:
    """A number in a query; anything else is not there."""
    if not text.isdecimal() or len(text) > 18:
        abort(404)
    return int(text)


def _step(campaign: Campaign, rehearsed: bool) -> int:
    match campaign.state:
        case CampaignState.DRAFT:
            return 0
        case CampaignState.CHECKED:
            return 3 if rehearsed else 2
        case CampaignState.APPROVED | CampaignState.RUNNING | CampaignState.PAUSED:
            return 4
        case CampaignState.CLOSED:
            return 5


def _since_checked(errand: Errand | None, campaign: Campaign) -> Errand | None:
    if errand is None or campaign.checked_at is None or errand.made_at < campaign.checked_at:
        return None
    return None if errand.state is ErrandState.DONE else errand
