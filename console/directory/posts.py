"""Where an officer takes calls, and in which teams and with which skills: changed by supervisors."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from pydantic import BaseModel
from werkzeug.wrappers import Response

from console.directory.reading import post_values
from console.finding import own
from console.forms import Faults, read_form
from console.office import office
from console.stale import refuse_stale
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.agents.posts import BadPost, Post, give_post, set_skills
from ivr.agents.rows import Agent
from ivr.directory.rows import Officer
from ivr.numbers import BadNumber

blueprint = Blueprint("posts", __name__, url_prefix="/directory")


class PostForm(BaseModel):
    """A softphone's identity, or a telephone; a telephone that is left empty stays as it is sealed."""

    softphone: str = ""
    phone: str = ""


@blueprint.post("/<id>/post")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def place(id: str) -> Response:
    """Let an officer take calls on a softphone or a telephone."""
    form, here = read_form(PostForm), office()
    with here.store.transaction() as session:
        officer = own(session, Officer, id)
        agent = session.get(Agent, officer.agent_id) if officer.agent_id else None
        refuse_stale(post_values(agent))
        if isinstance(form, Faults):
            abort(422)
        try:
            give_post(session, officer, Post(form.softphone, form.phone), at=here.clock())
        except BadNumber:
            flash(wording().say("forms.number"), "error")
        except BadPost:
            flash(wording().say("directory.bad_post"), "error")
        else:
            flash(wording().say("common.saved"), "good")
    return redirect(url_for("directory.one", id=id), 303)


@blueprint.post("/<id>/skills")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def skills(id: str) -> Response:
    """Let an agent be in the ticked teams, with the ticked skills; callers who wait for them are offered at once."""
    here, line = office(), visitor().line
    wanted = {(team, skill) for team, _, skill in (entry.partition("/") for entry in request.form.getlist("skills"))}
    with here.store.transaction() as session:
        officer = own(session, Officer, id)
        agent = session.get(Agent, officer.agent_id) if officer.agent_id else None
        refuse_stale(post_values(agent))
        if agent is None:
            abort(404)
        try:
            set_skills(session, agent, line, wanted=wanted, at=here.clock())
        except BadPost:
            abort(404)
    here.ring_bell()
    flash(wording().say("common.saved"), "good")
    return redirect(url_for("directory.one", id=id), 303)
