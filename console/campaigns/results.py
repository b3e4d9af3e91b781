"""What a campaign found out, its answers taken out of the house, and its bill."""

from typing import BinaryIO

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.campaigns.chart import reach_of_score, reach_of_share
from console.campaigns.room import blueprint
from console.downloads import download
from console.finding import own
from console.office import office
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.access_log import Access, NoReason, log_access
from ivr.accounts.rows import Act, Role
from ivr.campaigns.billing import bill_of_campaign, bill_of_month
from ivr.campaigns.money import month_of
from ivr.campaigns.rows import Campaign
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.exporting import columns, note_export, rows
from ivr.surveys.model import Questionnaire
from ivr.surveys.results import comments, results
from ivr.tables import CSV, XLSX, write_rows


@blueprint.get("/<int:id>/results")
@allowed(*STAFF)
def results_page(id: int) -> str:
    """The answers by question with their intervals, rates, groups and comments."""
    with office().store.reading() as session:
        campaign = own(session, Campaign, id)
        one = _questionnaire(session, campaign)
        found, said = results(session, id, one), comments(session, id)
        bill = bill_of_campaign(session, id)
    shown = {"campaign": campaign, "one": one, "found": found, "said": said, "bill": bill}
    return render_template(
        "campaigns/results.html", **shown, reach_of_share=reach_of_share, reach_of_score=reach_of_score
    )


@blueprint.post("/<int:id>/export")
@allowed(Role.SUPERVISOR, Role.AUDITOR)
def export(id: int) -> Response:
    """Every counted interview as a table: ids of people, no names and no numbers. It is kept who took it, and why."""
    ending, why = request.form.get("ending", ""), request.form.get("reason", "")
    if ending not in {CSV, XLSX}:
        abort(404)
    at, person = office().clock(), visitor()
    try:
        with office().store.transaction() as session:
            campaign = own(session, Campaign, id)
            note_export(session, id, by=person.account_id, why=why.strip()[:400], at=at)
            access = Access(person.account_id, person.line.id, Act.EXPORT, f"campaign:{id}", why, {"ending": ending})
            log_access(session, access, at=at)
    except NoReason:
        flash(wording().say("common.reason_missing"), "error")
        return redirect(url_for("campaigns.results_page", id=id), 303)

    def write(file: BinaryIO) -> None:
        with office().store.reading() as session:
            one = _questionnaire(session, campaign)
            write_rows(file, ending, head=columns(one), rows=rows(session, id, one))

    return download(f"campaign-{id}", ending, write)


@blueprint.get("/bill")
@allowed(*STAFF)
def bill_page() -> str:
    """What the line's campaigns cost in a month."""
    month = request.args.get("month") or month_of(office().clock())
    if not _is_month(month):
        abort(404)
    with office().store.reading() as session:
        lines = bill_of_month(session, visitor().line.id, month)
    return render_template("campaigns/bill.html", lines=lines, month=month, total=sum(line.won for line in lines))


def _questionnaire(session: Session, campaign: Campaign) -> Questionnaire:
    return questionnaire_of(session, campaign.questionnaire, campaign.questionnaire_version, installed=office().surveys)


def _is_month(written: str) -> bool:
    year, _, month = written.partition("-")
    return len(year) == 4 and year.isdecimal() and len(month) == 2 and month.isdecimal() and 1 <= int(month) <= 12
