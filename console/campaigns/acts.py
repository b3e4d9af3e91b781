"""What supervisors do to a campaign: check, rehearse, approve, launch, pause, resume, close."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.campaigns.room import blueprint
from console.campaigns.seeing import deed, unchanged
from console.finding import own
from console.office import office
from console.told import told
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.base import Refused
from ivr.campaigns import lifecycle
from ivr.campaigns.checking import Installed, Unfit, check
from ivr.campaigns.lifecycle import Deed
from ivr.campaigns.rows import Campaign, CampaignState
from ivr.errands.doing import Task, ask, open_errand, stop
from ivr.errands.rows import ErrandKind

PEOPLE, MOST_PEOPLE = 30, 500
Step = Callable[[Session, int, Deed], Campaign]


@blueprint.post("/<int:id>/check")
@allowed(Role.SUPERVISOR)
def check_plan(id: int) -> Response:
    """Check the draft and freeze what it was checked by."""
    here = office()
    installed = Installed(here.lines, here.surveys, here.questionnaire_files, here.calendar)
    return _stepped(id, lambda session, id, doing: check(session, id, installed, deed=doing), "checked")


@blueprint.post("/<int:id>/approve")
@allowed(Role.SUPERVISOR)
def approve(id: int) -> Response:
    """Approve it, as somebody who did not make, change or check it."""
    return _stepped(id, lifecycle.approve, "approved")


@blueprint.post("/<int:id>/pause")
@allowed(Role.SUPERVISOR)
def pause(id: int) -> Response:
    """Nobody is dialled any more from now on; calls that go on are finished."""
    return _stepped(id, lifecycle.pause, "paused", found=_whatever_version)


@blueprint.post("/<int:id>/resume")
@allowed(Role.SUPERVISOR)
def resume(id: int) -> Response:
    """Go on."""
    return _stepped(id, lifecycle.resume, "resumed", found=_whatever_version)


@blueprint.post("/<int:id>/close")
@allowed(Role.SUPERVISOR)
def close(id: int) -> Response:
    """Close it for good."""
    why = request.form.get("why", "").strip() or wording().say("campaigns.closed_by_hand")

    def closing(session: Session, id: int, doing: Deed) -> Campaign:
        for kind in (ErrandKind.LAUNCH, ErrandKind.REHEARSE):
            errand = open_errand(session, kind, str(id))
            if errand is not None:
                stop(session, errand.id, at=doing.at)
        return lifecycle.close(session, id, doing, why=why)

    return _stepped(id, closing, "closed", found=_whatever_version)


@blueprint.post("/<int:id>/rehearse")
@allowed(Role.SUPERVISOR)
def rehearse(id: int) -> Response:
    """Ask for a rehearsal: it takes some seconds, and the page shows how far it is."""
    asked = request.form.get("people", "")
    people = min(max(int(asked), 1), MOST_PEOPLE) if asked.isdecimal() and len(asked) < 5 else PEOPLE
    return _asked(id, ErrandKind.REHEARSE, CampaignState.CHECKED, args={"people": people})


@blueprint.post("/<int:id>/launch")
@allowed(Role.SUPERVISOR)
def launch(id: int) -> Response:
    """Ask for the launch: everybody who may be rung is chosen, and then it runs."""
    return _asked(id, ErrandKind.LAUNCH, CampaignState.APPROVED, args={})


@blueprint.post("/<int:id>/stop")
@allowed(Role.SUPERVISOR)
def stop_errand(id: int) -> Response:
    """Break off the rehearsal or the choice that is under way."""
    with office().store.transaction() as session:
        own(session, Campaign, id)
        for kind in (ErrandKind.LAUNCH, ErrandKind.REHEARSE):
            errand = open_errand(session, kind, str(id))
            if errand is not None:
                stop(session, errand.id, at=office().clock())
    return _back(id)


# Any: the arguments of an errand, as JSON has them.
def _asked(id: int, kind: ErrandKind, state: CampaignState, *, args: dict[str, Any]) -> Response:
    person = visitor()
    with office().store.transaction() as session:
        campaign = unchanged(session, id)
        if campaign.state is state:
            task = Task(kind, person.line.id, str(id), person.account_id, args)
            ask(session, task, at=office().clock())
        else:
            flash(wording().say("campaigns.not_now"), "error")
    office().ring_bell()
    return _back(id)


def _stepped(id: int, step: Step, done: str, *, found: Callable[[Session, int], Campaign] = unchanged) -> Response:
    try:
        with office().store.transaction() as session:
            found(session, id)
            step(session, id, deed())
    except Unfit as unfit:
        for problem in unfit.problems:
            flash(told(problem), "error")
    except Refused as refused:
        flash(told(refused), "error")
    else:
        flash(wording().say(f"campaigns.did.{done}"), "good")
        office().ring_bell()
    return _back(id)


def _whatever_version(session: Session, id: int) -> Campaign:
    """Stopping must not fail because something else was changed: the table of moves decides."""
    return own(session, Campaign, id)


def _back(id: int) -> Response:
    return redirect(url_for("campaigns.one", id=id), 303)
