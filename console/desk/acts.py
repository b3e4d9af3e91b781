"""What an agent does at the desk: come and leave, finish, reject, hold and bring back, hang up."""

from collections.abc import Callable
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.desk.presence import sit_down
from console.desk.room import REASONS, REJECTIONS, blueprint, shown
from console.desk.showing import look, own_agent
from console.forms import Faults, read_form
from console.office import office
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.agents import presence
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK, Refused
from ivr.calls.holding import HOLD, RESUME
from ivr.desks import acting
from ivr.desks.acting import NotTheirs, find_work

Act = Callable[[Session, Agent, datetime], None]
Answer = Response | tuple[str, int] | str


class Leaving(BaseModel):
    """Why somebody is away; nothing takes a wish back."""

    reason: str = Field(default="", max_length=30)


class Concerning(BaseModel):
    """The offer or attempt that the page showed when the button was pressed."""

    subject: str = Field(max_length=40)
    reason: str = Field(default="other", max_length=30)


@blueprint.post("/come")
@allowed(Role.AGENT)
def come() -> Answer:
    """Take calls from now on."""

    def act(session: Session, agent: Agent, at: datetime) -> None:
        sit_down(session, agent, at)
        presence.come(session, _locked(session, agent), at=at)

    return _done(act)


@blueprint.post("/leave")
@allowed(Role.AGENT)
def leave() -> Answer:
    """Be away, for one of the reasons."""
    reason = _reason(REASONS)
    return _done(lambda session, agent, at: presence.leave(session, _locked(session, agent), reason=reason, at=at))


@blueprint.post("/wish")
@allowed(Role.AGENT)
def wish() -> Answer:
    """Be away once the present work is over; without a reason the wish is taken back."""
    reason = _reason((*REASONS, "")) or None
    return _done(lambda session, agent, _at: presence.wish_to_leave(_locked(session, agent), reason))


@blueprint.post("/finish")
@allowed(Role.AGENT)
def finish() -> Answer:
    """End the wrap-up."""
    line = visitor().line
    return _done(lambda session, agent, at: presence.finish(session, _locked(session, agent), line=line, at=at))


@blueprint.post("/reject")
@allowed(Role.AGENT)
def reject() -> Answer:
    """Leave what rings to somebody else."""
    subject, reason = _concerning().subject, _reason(REJECTIONS)
    line = visitor().line

    def act(session: Session, agent: Agent, at: datetime) -> None:
        work = find_work(session, subject, agent_id=agent.id)
        acting.reject(session, work, reason=reason, line=line, at=at)

    return _done(act)


@blueprint.post("/hold")
@allowed(Role.AGENT)
def hold() -> Answer:
    """Let the caller hear music."""
    return _hold(HOLD)


@blueprint.post("/resume")
@allowed(Role.AGENT)
def resume() -> Answer:
    """Bring the caller back."""
    return _hold(RESUME)


@blueprint.post("/hang-up")
@allowed(Role.AGENT)
def hang_up() -> Answer:
    """End the talk."""
    subject = _concerning().subject

    def act(session: Session, agent: Agent, at: datetime) -> None:
        acting.hang_up(session, find_work(session, subject, agent_id=agent.id), at=at)

    return _done(act)


def _hold(wish: str) -> Answer:
    subject = _concerning().subject

    def act(session: Session, agent: Agent, at: datetime) -> None:
        acting.hold(session, find_work(session, subject, agent_id=agent.id), wish, at=at)

    return _done(act)


def _concerning() -> Concerning:
    read = read_form(Concerning)
    if isinstance(read, Faults):
        abort(400)
    return read


def _reason(known: tuple[str, ...]) -> str:
    read = read_form(Leaving)
    if isinstance(read, Faults) or read.reason not in known:
        abort(400)
    return read.reason


def _locked(session: Session, agent: Agent) -> Agent:
    """The agent's row, locked. Where a call is locked too, that comes first: only who touches no call locks here."""
    return session.get_one(Agent, agent.id, with_for_update=ROW_LOCK, populate_existing=True)


def _done(act: Act) -> Answer:
    """Do it, and show the desk as it is then; what cannot be done now is told there, and nothing has changed."""
    here, notice = office(), ""
    try:
        with here.store.transaction() as session:
            act(session, own_agent(session), here.clock())
    except Refused:
        notice = wording().say("desk.too_late")
    except NotTheirs:
        abort(404)
    else:
        here.ring_bell()
    if "HX-Request" not in request.headers:
        return redirect(url_for("desk.page"), 303)
    with here.store.reading() as session:
        sight = look(session)
    page = render_template("desk/live.html", **shown(sight, notice))
    return (page, 409) if notice else page
