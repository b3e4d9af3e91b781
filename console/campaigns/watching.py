"""The parts of a campaign's page that renew themselves: the report, an errand under way, the live progress."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from console.campaigns.chart import columns_of
from console.campaigns.room import blueprint
from console.campaigns.seeing import LIVE, MANY_TARGETS, standing_of
from console.finding import own
from console.office import office
from console.visitor import STAFF, allowed
from ivr.campaigns.billing import bill_of_campaign
from ivr.campaigns.minutes import minutes_of
from ivr.campaigns.progress import progress
from ivr.campaigns.report import report
from ivr.campaigns.rows import Campaign
from ivr.campaigns.terms import terms_of

OFTEN, SELDOM = 2, 10


@blueprint.get("/<int:id>/report")
@allowed(*STAFF)
def report_piece(id: int) -> str:
    """Who may be rung and who not and why, what it costs at most, when it will be done."""
    here = office()
    with here.store.reading() as session:
        campaign = own(session, Campaign, id)
        found = report(session, campaign, here.calendar, at=here.clock())
    reasons = sorted(found.excluded.items(), key=lambda item: -item[1])
    return render_template(
        "campaigns/report.html", campaign=campaign, found=found, reasons=reasons, terms=terms_of(campaign)
    )


@blueprint.get("/<int:id>/errand")
@allowed(*STAFF)
def errand_piece(id: int) -> Response:
    """How far a rehearsal or a choice of people is; once it is over the whole page is renewed."""
    with office().store.reading() as session:
        campaign = own(session, Campaign, id)
        standing = standing_of(session, campaign, at=office().clock())
    if not (standing.rehearsing or standing.launching):
        return _renewed()
    errand = standing.rehearsal if standing.rehearsing else standing.launch
    return make_response(render_template("campaigns/errand.html", campaign=campaign, errand=errand))


@blueprint.get("/<int:id>/live")
@allowed(*STAFF)
def live_piece(id: int) -> Response:
    """How far the campaign is at this moment; where its state changed the whole page is renewed."""
    here = office()
    with here.store.reading() as session:
        campaign = own(session, Campaign, id)
        if request.args.get("was", campaign.state.value) != campaign.state.value:
            return _renewed()
        far = progress(session, campaign, here.calendar, at=here.clock())
        bill = bill_of_campaign(session, id)
    every = OFTEN if far.targets < MANY_TARGETS else SELDOM
    is_live = campaign.state in LIVE
    shown = {"campaign": campaign, "far": far, "bill": bill, "every": every, "is_live": is_live}
    return make_response(render_template("campaigns/live.html", **shown))


@blueprint.get("/<int:id>/minutes")
@allowed(*STAFF)
def minutes_piece(id: int) -> str:
    """The last hour of dialling, minute by minute."""
    with office().store.reading() as session:
        campaign = own(session, Campaign, id)
        found = minutes_of(session, id, at=office().clock())
    is_live = campaign.state in LIVE
    columns = columns_of(found)
    return render_template("campaigns/minutes.html", campaign=campaign, found=found, columns=columns, is_live=is_live)


def _renewed() -> Response:
    answer = make_response("", 200)
    answer.headers["HX-Refresh"] = "true"
    return answer
