"""The moves a campaign can make."""

#     DRAFT --check--> CHECKED --approve--> APPROVED --launch--> RUNNING <--pause, resume--> PAUSED
#       ^                 |                    |                    |                          |
#       '-----change------'--------------------'                    '----------.---------------'
#                                                                            close
#
# A campaign that never ran can be closed, too; a closed one stays closed.

from enum import StrEnum

from ivr.base import Moves, moved
from ivr.campaigns.rows import Campaign, CampaignState


class CampaignEvent(StrEnum):
    """What can happen to a campaign."""

    CHANGE = "change"
    CHECK = "check"
    APPROVE = "approve"
    LAUNCH = "launch"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"


CAMPAIGN_MOVES: Moves[CampaignState, CampaignEvent] = {
    (CampaignState.DRAFT, CampaignEvent.CHANGE): CampaignState.DRAFT,
    (CampaignState.CHECKED, CampaignEvent.CHANGE): CampaignState.DRAFT,
    (CampaignState.APPROVED, CampaignEvent.CHANGE): CampaignState.DRAFT,
    (CampaignState.DRAFT, CampaignEvent.CHECK): CampaignState.CHECKED,
    (CampaignState.CHECKED, CampaignEvent.CHECK): CampaignState.CHECKED,
    (CampaignState.CHECKED, CampaignEvent.APPROVE): CampaignState.APPROVED,
    (CampaignState.APPROVED, CampaignEvent.LAUNCH): CampaignState.RUNNING,
    (CampaignState.RUNNING, CampaignEvent.PAUSE): CampaignState.PAUSED,
    (CampaignState.PAUSED, CampaignEvent.RESUME): CampaignState.RUNNING,
    (CampaignState.DRAFT, CampaignEvent.CLOSE): CampaignState.CLOSED,
    (CampaignState.CHECKED, CampaignEvent.CLOSE): CampaignState.CLOSED,
    (CampaignState.APPROVED, CampaignEvent.CLOSE): CampaignState.CLOSED,
    (CampaignState.RUNNING, CampaignEvent.CLOSE): CampaignState.CLOSED,
    (CampaignState.PAUSED, CampaignEvent.CLOSE): CampaignState.CLOSED,
}


def move_campaign(campaign: Campaign, event: CampaignEvent) -> None:
    """Move a campaign; raises `Refused` when the table does not allow it."""
    campaign.state = moved(CAMPAIGN_MOVES, campaign.state, event)
