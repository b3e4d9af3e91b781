"""A list made of everybody whom the line served: by calls, callbacks, cases or papers of some days."""

from datetime import date, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.forms import Faults, read_form
from console.office import office
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.audiences.choosing import PAST
from ivr.audiences.rows import Origin
from ivr.errands.doing import Task, ask
from ivr.errands.rows import ErrandKind
from ivr.lines.hours import SEOUL

blueprint = Blueprint("served", __name__, url_prefix="/campaigns/audiences/served")


class ServedForm(BaseModel):
    """Whom the list is made of; the days are local, both included."""

    name: str = Field(default="", max_length=80)
    origin: Origin
    first: date
    last: date


@blueprint.get("")
@allowed(Role.SUPERVISOR)
def page() -> str:
    """The form."""
    return _form(None)


@blueprint.post("")
@allowed(Role.SUPERVISOR)
def choose() -> Response | tuple[str, int]:
    """Ask for the list. The same days of the same origin are one errand as long as it is under way."""
    wanted = read_form(ServedForm)
    if isinstance(wanted, Faults):
        return _form(wanted), 422
    if wanted.last < wanted.first or wanted.origin not in PAST:
        flash(wording().say("audiences.days_turned"), "error")
        return _form(None), 422
    person, days = visitor(), f"{wanted.first}/{wanted.last}"
    name = wanted.name.strip() or f"{wording().say(f'audiences.origin.{wanted.origin.value}')} {days}"
    args = {"name": name[:80], "origin": wanted.origin.value, "first": str(wanted.first), "last": str(wanted.last)}
    with office().store.transaction() as session:
        subject = f"{person.line.id}:{wanted.origin.value}:{days}"
        task = Task(ErrandKind.SERVED, person.line.id, subject[:60], person.account_id, args)
        errand = ask(session, task, at=office().clock()).id
    office().ring_bell()
    return redirect(url_for("audiences.errand", id=errand), 303)


def _form(faults: Faults | None) -> str:
    yesterday = office().clock().astimezone(SEOUL).date() - timedelta(days=1)
    return render_template("audiences/served.html", origins=PAST, yesterday=yesterday, faults=faults)
