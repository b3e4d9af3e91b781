"""The surveys that a firm ordered (A17): how far each is, and what was found out."""

from flask import render_template
from sqlalchemy import select
from sqlalchemy.orm import Session

from console.campaigns.chart import reach_of_score, reach_of_share
from console.firm.room import blueprint, own_firm, own_of_firm
from console.office import office
from console.visitor import allowed
from ivr.accounts.rows import Role
from ivr.campaigns.billing import bill_of_campaign
from ivr.campaigns.progress import charges_of
from ivr.campaigns.rows import Campaign
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.model import Questionnaire
from ivr.surveys.results import comments, results

MOST = 200


@blueprint.get("/surveys")
@allowed(Role.FIRM)
def surveys() -> str:
    """Every survey of the firm, the newest first."""
    line, firm = own_firm()
    ordered = select(Campaign).where(Campaign.line == line.id, Campaign.firm == firm.id)
    with office().store.reading() as reading:
        rows = reading.scalars(ordered.order_by(Campaign.id.desc()).limit(MOST)).all()
        counts = {one.id: charges_of(reading, one.id) for one in rows}
        return render_template("firm/surveys.html", rows=rows, counts=counts)


@blueprint.get("/surveys/<int:id>")
@allowed(Role.FIRM)
def survey(id: int) -> str:
    """The answers by question with their intervals, and what they cost; nobody's number, nobody's name."""
    with office().store.reading() as reading:
        campaign = own_of_firm(reading, Campaign, id)
        one = _questionnaire(reading, campaign)
        return render_template(
            "firm/survey.html",
            campaign=campaign,
            one=one,
            found=results(reading, id, one),
            said=comments(reading, id),
            bill=bill_of_campaign(reading, id),
            reach_of_share=reach_of_share,
            reach_of_score=reach_of_score,
        )


def _questionnaire(session: Session, campaign: Campaign) -> Questionnaire:
    return questionnaire_of(session, campaign.questionnaire, campaign.questionnaire_version, installed=office().surveys)
