"""What an agent does about the own callbacks without leaving the desk: dial, done otherwise, later, not reached."""

from datetime import datetime
from typing import Annotated

from flask import render_template
from pydantic import Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.callbacks.room import seen, taken
from console.forms import Faults, Versioned, read_form
from console.office import office
from console.talk.room import acting, blueprint, own_agent, refusal
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.agents.rows import Agent, AgentState
from ivr.base import ROW_LOCK, Refused
from ivr.callbacks.assigning import give_to
from ivr.callbacks.closing import kept_otherwise
from ivr.callbacks.reading import firm_of
from ivr.callbacks.rows import Callback, CallbackState
from ivr.callbacks.slipping import LateReason, Slip, slip
from ivr.deadlines import WorkingTime
from ivr.dialling.hours import may_dial
from ivr.dialling.starting import start_attempt
from ivr.lines.hours import SEOUL
from ivr.numbers import mask_numbers

Answer = Response | str | tuple[str, int]


class Done(Versioned):
    """How the customer had the answer."""

    done_note: Annotated[str, Field(min_length=2, max_length=200)]


class Later(Versioned):
    """Why it will be later; `later_until` is local time, None for the line's own extension."""

    later_reason: LateReason
    later_until: datetime | None = None


@blueprint.get("/callbacks/<id>")
@allowed(Role.AGENT)
def callback_one(id: str) -> str:
    """One callback in the dialog of the desk."""
    return _piece(id)


@blueprint.post("/callbacks/<id>/take")
@allowed(Role.AGENT)
def callback_take(id: str) -> Answer:
    """Take one that nobody has."""
    form, officer = read_form(Versioned), visitor().officer_id
    if isinstance(form, Faults) or officer is None:
        return _piece(id, said=wording().say("talk.callbacks.no_officer")), 422
    with acting() as session:
        give_to(session, taken(session, id, form.version), officer, why="taken", at=office().clock())
    return _told(id, "taken")


@blueprint.post("/callbacks/<id>/dial")
@allowed(Role.AGENT)
def callback_dial(id: str) -> Answer:
    """Ring the own telephone, then the customer's."""
    form, why = read_form(Versioned), ""
    if isinstance(form, Faults):
        return _piece(id, faults=form), 422
    with acting() as session:
        callback = taken(session, id, form.version)
        agent = session.get_one(Agent, own_agent(), with_for_update=ROW_LOCK)
        why = _why_not(session, callback, agent)
        start_attempt(session, callback, agent, working=_working(), at=office().clock())
    if refusal():
        return _piece(id, said=wording().say(f"talk.callbacks.not_dialled.{why or 'engaged'}")), 422
    return _told(id, "dialled")


def _why_not(session: Session, callback: Callback, agent: Agent) -> str:
    """Which of the reasons against dialling holds, by its name in the texts."""
    if callback.state is not CallbackState.WAITING:
        return "over"
    if agent.state not in {AgentState.READY, AgentState.AWAY}:
        return "busy"
    return "" if may_dial(_working(), office().clock()) else "closed"


@blueprint.post("/callbacks/<id>/done")
@allowed(Role.AGENT)
def callback_done(id: str) -> Answer:
    """The customer had the answer in another way; the note says which."""
    form = read_form(Done)
    if isinstance(form, Faults):
        return _piece(id, faults=form), 422
    with acting() as session:
        note = mask_numbers(" ".join(form.done_note.split()))
        kept_otherwise(session, taken(session, id, form.version), note, at=office().clock())
    return _told(id, "done")


@blueprint.post("/callbacks/<id>/later")
@allowed(Role.AGENT)
def callback_later(id: str) -> Answer:
    """Tell the customer before the time is over that it will be later: not reached, or for another reason."""
    form = read_form(Later)
    if isinstance(form, Faults):
        return _piece(id, faults=form), 422
    until = form.later_until.replace(tzinfo=SEOUL) if form.later_until else None
    with acting() as session:
        callback, at = taken(session, id, form.version), office().clock()
        if until is not None and until <= max(callback.due_at, at):
            raise Refused("the new time must be later than the time told")
        slip(session, callback, Slip(form.later_reason, visitor().account_id, until), working_time=_working(), at=at)
    if refusal():
        typed = {"later_reason": form.later_reason.value, "later_until": _typed(form.later_until)}
        return _piece(id, faults=Faults(typed, {"later_until": wording().say("talk.callbacks.too_early")})), 422
    return _told(id, "later")


def _typed(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M}" if moment else ""


def _told(id: str, what: str) -> Answer:
    """What was done, in the dialog; the panel behind it is drawn anew."""
    if refusal():
        return _piece(id, said=refusal()), 422
    answer = Response(render_template("talk/callback_told.html", what=what), mimetype="text/html")
    answer.headers["HX-Trigger"] = "mine"
    return answer


def _piece(id: str, *, said: str = "", faults: Faults | None = None) -> str:
    with office().store.reading() as session:
        callback = seen(session, id)
        agent = session.get_one(Agent, own_agent())
        firm = firm_of(session, callback, visitor().line)
    parts = {
        "callback": callback,
        "firm": firm,
        "agent": agent,
        "said": said,
        "faults": faults,
        "reasons": list(LateReason),
    }
    return render_template("talk/callback_one.html", **parts)


def _working() -> WorkingTime:
    return WorkingTime(visitor().line, office().calendar)
