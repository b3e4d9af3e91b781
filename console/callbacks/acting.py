"""What people do about a callback: take it, give it, put it off, ring, close it, and see the number in full."""

from datetime import datetime
from functools import partial
from typing import Annotated

from flask import abort, url_for
from pydantic import Field
from werkzeug.wrappers import Response

from console.callbacks.opening import show
from console.callbacks.room import ACTING, blueprint, seen, taken
from console.doing import Told, again, doing, done, on_page, read_or_again
from console.finding import sight
from console.forms import Faults, Versioned, faults_in, read_form
from console.office import office
from console.revealing import reveal
from console.told import told_or
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK
from ivr.callbacks.assigning import give_to
from ivr.callbacks.closing import kept_otherwise, withdraw
from ivr.callbacks.rows import Callback
from ivr.callbacks.slipping import LateReason, Slip, slip
from ivr.deadlines import WorkingTime
from ivr.dialling.starting import start_attempt
from ivr.lines.hours import SEOUL
from ivr.numbers import mask_numbers


class Assignment(Versioned):
    """To whom a callback is given."""

    officer: Annotated[str, Field(max_length=40)]
    why: Annotated[str, Field(max_length=60)] = "by hand"


class Lateness(Versioned):
    """Why it will be later; `until` is local time, None for the line's own extension."""

    reason: LateReason
    until: datetime | None = None


class Answered(Versioned):
    """How the customer had the answer instead."""

    note: Annotated[str, Field(min_length=2, max_length=200)]


@blueprint.post("/<id>/assign")
@allowed(Role.SUPERVISOR)
def assign(id: str) -> Response:
    """Give it to an officer."""
    form = read_or_again(Assignment, partial(show, id, act="assign"))
    with doing(_refused(id)) as session:
        give_to(session, taken(session, id, form.version), form.officer, why=form.why, at=office().clock())
    return _done(id, wording().say("callbacks.done.assigned"))


@blueprint.post("/<id>/take")
@allowed(*ACTING)
def take(id: str) -> Response:
    """Take it oneself."""
    form, officer = read_form(Versioned), visitor().officer_id
    if isinstance(form, Faults) or officer is None:
        abort(400)
    with doing(_refused(id)) as session:
        give_to(session, taken(session, id, form.version), officer, why="taken", at=office().clock())
    return _done(id, wording().say("callbacks.done.taken"))


@blueprint.post("/<id>/late")
@allowed(*ACTING)
def late(id: str) -> Response:
    """Tell the customer before the time is over that it will be later, why, and until when."""
    page, at = partial(show, id, act="late"), office().clock()
    form = read_or_again(Lateness, page)
    until = form.until.replace(tzinfo=SEOUL) if form.until else None
    with doing(_refused(id)) as session:
        callback = taken(session, id, form.version)
        too_early = until is not None and until <= max(callback.due_at, at)
        if not too_early:
            slip(session, callback, Slip(form.reason, visitor().account_id, until), working_time=_working(), at=at)
    if too_early:
        return again(page(faults=faults_in(form, {"until": wording().say("callbacks.late_too_early")})))
    return _done(id, wording().say("callbacks.done.late"))


@blueprint.post("/<id>/dial")
@allowed(*ACTING)
def dial(id: str) -> Response:
    """Ring the own telephone, then the customer."""
    form, agent_id = read_form(Versioned), visitor().agent_id
    if isinstance(form, Faults) or agent_id is None:
        abort(400)
    with doing(_refused(id)) as session:
        callback = taken(session, id, form.version)
        agent = session.get_one(Agent, agent_id, with_for_update=ROW_LOCK)
        start_attempt(session, callback, agent, working=_working(), at=office().clock())
    return _done(id, wording().say("callbacks.done.dial"))


@blueprint.post("/<id>/done")
@allowed(*ACTING)
def keep_otherwise(id: str) -> Response:
    """The customer had the answer in another way; the note says which."""
    form = read_or_again(Answered, partial(show, id, act="done"))
    with doing(_refused(id)) as session:
        note = mask_numbers(" ".join(form.note.split()))
        kept_otherwise(session, taken(session, id, form.version), note, at=office().clock())
    return _done(id, wording().say("callbacks.done.done"))


@blueprint.post("/<id>/withdraw")
@allowed(*ACTING)
def withdraw_wish(id: str) -> Response:
    """The customer does not wish to be called any more."""
    form = read_form(Versioned)
    if isinstance(form, Faults):
        abort(400)
    with doing(_refused(id)) as session:
        withdraw(session, taken(session, id, form.version), visitor().account_id, at=office().clock())
    return _done(id, wording().say("callbacks.done.withdrawn"))


@blueprint.post("/<id>/number")
@allowed(*ACTING)
def number(id: str) -> Response:
    """Show the number in full, for a reason that is kept."""
    return reveal(f"callback:{id}", partial(seen, id=id), template="callbacks/number.html", named="callback")


def _working() -> WorkingTime:
    return WorkingTime(visitor().line, office().calendar)


def _refused(id: str) -> Told:
    return on_page(partial(told_or, id="callbacks.refused"), url_for("callbacks.one", id=id))


def _done(id: str, said: str) -> Response:
    """Wakes the relay and leads to the callback, or to the list where it is no longer the visitor's to see."""
    office().ring_bell()
    with office().store.reading() as session:
        narrowed, callback = sight(session), session.get_one(Callback, id)
    visible = narrowed is None or narrowed.includes(callback)
    return done(said, url_for("callbacks.one", id=id) if visible else url_for("callbacks.page"))
