"""What people do about a callback: take it, give it, put it off, ring, close it, and see the number in full."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

from flask import abort, flash, redirect, render_template, url_for
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.callbacks.opening import show
from console.callbacks.room import ACTING, blueprint, seen, taken
from console.finding import sight
from console.forms import Faults, Reason, read_form
from console.office import office
from console.told import told_or
from console.visitor import allowed, visitor, wording
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import Act, Role
from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK, Refused
from ivr.callbacks.assigning import give_to
from ivr.callbacks.closing import kept_otherwise, withdraw
from ivr.callbacks.rows import Callback
from ivr.callbacks.slipping import LateReason, Slip, slip
from ivr.deadlines import NoDeadline, WorkingTime
from ivr.dialling.starting import start_attempt
from ivr.lines.hours import SEOUL
from ivr.numbers import mask_numbers

Answer = Response | str | tuple[str, int]


class Versioned(BaseModel):
    """A form made from a callback as it stood at this version."""

    version: int


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


@contextmanager
def _acting() -> Iterator[Session]:
    """A transaction after which the relay is woken; what cannot be done is told, and nothing is changed."""
    try:
        with office().store.transaction() as session:
            yield session
    except (Refused, NoDeadline) as refused:
        flash(told_or(refused, "callbacks.refused"), "error")
    else:
        office().ring_bell()


@blueprint.post("/<id>/assign")
@allowed(Role.SUPERVISOR)
def assign(id: str) -> Answer:
    """Give it to an officer."""
    form = read_form(Assignment)
    if isinstance(form, Faults):
        return _again(id, "assign", form)
    with _acting() as session:
        give_to(session, taken(session, id, form.version), form.officer, why=form.why, at=office().clock())
        flash(wording().say("callbacks.done.assigned"), "good")
    return _back(id)


@blueprint.post("/<id>/take")
@allowed(*ACTING)
def take(id: str) -> Answer:
    """Take it oneself."""
    form, officer = read_form(Versioned), visitor().officer_id
    if isinstance(form, Faults) or officer is None:
        abort(400)
    with _acting() as session:
        give_to(session, taken(session, id, form.version), officer, why="taken", at=office().clock())
        flash(wording().say("callbacks.done.taken"), "good")
    return _back(id)


@blueprint.post("/<id>/late")
@allowed(*ACTING)
def late(id: str) -> Answer:
    """Tell the customer before the time is over that it will be later, why, and until when."""
    form, at = read_form(Lateness), office().clock()
    if isinstance(form, Faults):
        return _again(id, "late", form)
    until = form.until.replace(tzinfo=SEOUL) if form.until else None
    with _acting() as session:
        callback = taken(session, id, form.version)
        if until is not None and until <= max(callback.due_at, at):
            typed = {"reason": form.reason.value, "until": f"{form.until:%Y-%m-%dT%H:%M}"}
            return _again(id, "late", Faults(typed, {"until": wording().say("callbacks.late_too_early")}))
        slip(session, callback, Slip(form.reason, visitor().account_id, until), working_time=_working(), at=at)
        flash(wording().say("callbacks.done.late"), "good")
    return _back(id)


@blueprint.post("/<id>/dial")
@allowed(*ACTING)
def dial(id: str) -> Answer:
    """Ring the own telephone, then the customer."""
    form, agent_id = read_form(Versioned), visitor().agent_id
    if isinstance(form, Faults) or agent_id is None:
        abort(400)
    with _acting() as session:
        callback = taken(session, id, form.version)
        agent = session.get_one(Agent, agent_id, with_for_update=ROW_LOCK)
        start_attempt(session, callback, agent, working=_working(), at=office().clock())
        flash(wording().say("callbacks.done.dial"), "good")
    return _back(id)


@blueprint.post("/<id>/done")
@allowed(*ACTING)
def done(id: str) -> Answer:
    """The customer had the answer in another way; the note says which."""
    form = read_form(Answered)
    if isinstance(form, Faults):
        return _again(id, "done", form)
    with _acting() as session:
        note = mask_numbers(" ".join(form.note.split()))
        kept_otherwise(session, taken(session, id, form.version), note, at=office().clock())
        flash(wording().say("callbacks.done.done"), "good")
    return _back(id)


@blueprint.post("/<id>/withdraw")
@allowed(*ACTING)
def withdraw_wish(id: str) -> Answer:
    """The customer does not wish to be called any more."""
    form = read_form(Versioned)
    if isinstance(form, Faults):
        abort(400)
    with _acting() as session:
        withdraw(session, taken(session, id, form.version), visitor().account_id, at=office().clock())
        flash(wording().say("callbacks.done.withdrawn"), "good")
    return _back(id)


@blueprint.post("/<id>/number")
@allowed(*ACTING)
def number(id: str) -> Answer:
    """Show the number in full, for a reason that is kept."""
    form = read_form(Reason)
    with office().store.transaction() as session:
        callback = seen(session, id)
        if isinstance(form, Faults):
            return render_template("callbacks/number.html", callback=callback, faults=form), 422
        access = Access(visitor().account_id, callback.line, Act.UNMASK, f"callback:{id}", form.reason)
        log_access(session, access, at=office().clock())
        return render_template("callbacks/number.html", callback=callback, whole=callback.number.national)


def _working() -> WorkingTime:
    return WorkingTime(visitor().line, office().calendar)


def _again(id: str, act: str, faults: Faults) -> Answer:
    return show(id, act=act, faults=faults), 422


def _back(id: str) -> Answer:
    """To the callback, or to the list where it is no longer the visitor's to see."""
    with office().store.reading() as session:
        narrowed, callback = sight(session), session.get_one(Callback, id)
    visible = narrowed is None or narrowed.includes(callback)
    return redirect(url_for("callbacks.one", id=id) if visible else url_for("callbacks.page"), 303)
