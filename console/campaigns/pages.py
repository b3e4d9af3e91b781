"""The list of campaigns, one of them, and the form in which it is planned."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.campaigns import acts, results, tasks, watching
from console.campaigns.plan_form import DAYS, LIMITS, OUTCOMES, firm_choices, read_asked, typed_of
from console.campaigns.room import SIZE, blueprint
from console.campaigns.seeing import (
    BEFORE,
    LIVE,
    STEPS,
    TONES,
    deed,
    id_of,
    kind_name,
    standing_of,
    title_of,
    unchanged,
)
from console.finding import own
from console.forms import Faults
from console.office import office
from console.paging import asked_after, cut
from console.stories import accounts_of
from console.told import told
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.audiences.rows import Audience, AudienceState
from ivr.base import Refused
from ivr.campaigns import lifecycle
from ivr.campaigns.drafting import Asked, UnknownFirm, drafted
from ivr.campaigns.lifecycle import draft_of
from ivr.campaigns.plan import Plan, stored_plan
from ivr.campaigns.rows import Campaign, CampaignDeed, CampaignState
from ivr.surveys.copies import known_questionnaires
from ivr.surveys.kinds import UnknownKind
from ivr.surveys.model import UnknownQuestionnaire

# Their views are of the same blueprint.
__all__ = ["acts", "blueprint", "results", "tasks", "watching"]


@blueprint.get("")
@allowed(*STAFF)
def page() -> str:
    """The campaigns of the line, the newest first."""
    state, after = request.args.get("state", ""), asked_after(1)
    query = select(Campaign).where(Campaign.line == visitor().line.id).order_by(Campaign.id.desc()).limit(SIZE + 1)
    if state in set(CampaignState):
        query = query.where(Campaign.state == CampaignState(state))
    if after is not None:
        query = query.where(Campaign.id < id_of(after[0]))
    with office().store.reading() as session:
        found = cut(session.scalars(query).all(), SIZE, lambda campaign: (str(campaign.id),))
        asked = {(one.questionnaire, one.questionnaire_version) for one in found.rows}
        titles = {key: title_of(session, *key) for key in asked}
        names = accounts_of(session, (one.made_by for one in found.rows))
    shown = {"found": found, "titles": titles, "names": names, "tones": TONES}
    return render_template("campaigns/page.html", state=state, states=list(CampaignState), **shown)


@blueprint.get("/<int:id>")
@allowed(*STAFF)
def one(id: int) -> str:
    """One campaign: where it stands, what comes next, what was done to it."""
    at = office().clock()
    with office().store.reading() as session:
        campaign = own(session, Campaign, id)
        shown = {
            "campaign": campaign,
            "standing": standing_of(session, campaign, at=at),
            "audience": session.get(Audience, campaign.audience_id),
            "deeds": (deeds := _deeds(session, id)),
            "names": accounts_of(session, (deed.by for deed in deeds)),
            "title": title_of(session, campaign.questionnaire, campaign.questionnaire_version),
            "kind": kind_name(campaign.kind),
        }
    plan = stored_plan(campaign.plan)
    hours = {day: getattr(plan.hours, day) for day in DAYS}
    fixed = {"steps": STEPS, "tones": TONES, "before": BEFORE, "live": LIVE}
    return render_template("campaigns/one.html", plan=plan, hours=hours, **shown, **fixed)


@blueprint.get("/new")
@allowed(Role.SUPERVISOR)
def new() -> str:
    """The empty form; a list that was just made is chosen already."""
    chosen = {"audience": request.args.get("audience", ""), "questionnaire": request.args.get("questionnaire", "")}
    return _form(typed_of(Plan(), chosen), None)


@blueprint.post("/new")
@allowed(Role.SUPERVISOR)
def create() -> Response | tuple[str, int]:
    """Make a draft."""
    asked = read_asked()
    if isinstance(asked, Faults):
        return _form(dict(asked.typed), None, faults=asked), 422
    try:
        with office().store.transaction() as session:
            made = lifecycle.create(session, _drafted(session, asked), deed()).id
    except (Refused, UnknownFirm, UnknownKind, UnknownQuestionnaire) as error:
        flash(told(error), "error")
        return _form(dict(request.form), None), 422
    return _go(made, "campaigns.did.made")


@blueprint.get("/<int:id>/change")
@allowed(Role.SUPERVISOR)
def change(id: int) -> str:
    """The form with what the campaign has."""
    with office().store.reading() as session:
        campaign = own(session, Campaign, id)
        draft = draft_of(campaign)
    more = {
        "name": draft.name,
        "questionnaire": draft.questionnaire,
        "audience": draft.audience_id,
        "firm": draft.firm,
        "version": campaign.version,
    }
    return _form(typed_of(draft.plan, more), id)


@blueprint.post("/<int:id>/change")
@allowed(Role.SUPERVISOR)
def put(id: int) -> Response | tuple[str, int]:
    """Put the changed plan in the place of the one before: it has to be checked anew."""
    asked = read_asked()
    if isinstance(asked, Faults):
        return _form(dict(asked.typed), id, faults=asked), 422
    try:
        with office().store.transaction() as session:
            unchanged(session, id)
            lifecycle.change(session, id, _drafted(session, asked), deed=deed())
    except (Refused, UnknownFirm, UnknownKind, UnknownQuestionnaire) as error:
        flash(told(error), "error")
        return _form(dict(request.form), id), 422
    return _go(id, "campaigns.did.changed")


def _go(id: int, said: str) -> Response:
    flash(wording().say(said), "good")
    return redirect(url_for("campaigns.one", id=id), 303)


def _drafted(session: Session, asked: Asked) -> lifecycle.Draft:
    return drafted(session, asked, visitor().line, surveys=office().surveys)


def _form(typed: dict[str, str], id: int | None, *, faults: Faults | None = None) -> str:
    line = visitor().line.id
    with office().store.reading() as session:
        known = [one.questionnaire for one in known_questionnaires(session, office().surveys)]
        lists = session.execute(
            select(Audience.id, Audience.name, Audience.made_at)
            .where(Audience.line == line, Audience.state == AudienceState.READY)
            .order_by(Audience.id.desc())
            .limit(500)
        ).all()
    questionnaires = [(one.id, one.title) for one in known if one.fits(line)]
    choices = {"questionnaires": questionnaires, "lists": lists, "firms": firm_choices()}
    names = {"days": DAYS, "limits": LIMITS, "outcomes": OUTCOMES}
    return render_template("campaigns/form.html", typed=typed, id=id, faults=faults, **choices, **names)


def _deeds(session: Session, id: int) -> list[CampaignDeed]:
    query = select(CampaignDeed).where(CampaignDeed.campaign_id == id).order_by(CampaignDeed.id.desc()).limit(100)
    return list(session.scalars(query))
