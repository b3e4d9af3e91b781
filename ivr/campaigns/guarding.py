"""What the people of a campaign are to be contacted for: the question that the consent ledger answers."""

from ivr.campaigns.plan import stored_plan
from ivr.campaigns.rows import Campaign
from ivr.campaigns.terms import terms_of
from ivr.consents.wishes import Limits, Wish


def wish_of(campaign: Campaign) -> Wish:
    """The wish by which `may_contact` is asked, when targets are chosen and at the second of dialling."""
    limits = stored_plan(campaign.plan).limits
    return Wish(
        line=campaign.line,
        purposes=terms_of(campaign).purposes,
        campaign_id=campaign.id,
        limits=Limits(**limits.model_dump()),
    )
