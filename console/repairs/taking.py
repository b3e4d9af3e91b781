"""Handing a repair over on a page of its own, by hand or for a call that is over."""

import secrets

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.centre import centre_line
from console.finding import own
from console.forms import Faults, read_form
from console.office import office
from console.repairs.asking import AskForm, ask
from console.repairs.room import ACTING, blueprint, choices
from console.visitor import STAFF, allowed, visitor, wording
from ivr.calls.rows import Call, Offer

Answer = Response | str | tuple[str, int]


@blueprint.get("/new")
@allowed(*ACTING)
def new() -> str:
    """The form of a new repair; `?call=` takes it from a call."""
    centre_line()
    with office().store.reading() as session:
        id = request.args.get("call", "")
        call = _call(session, id) if id else None
    return _form(call, {"repair_mark": secrets.token_hex(12), "repair_firm": call.firm if call else ""})


@blueprint.post("/new")
@allowed(*ACTING)
def take() -> Answer:
    """Hand it over."""
    centre_line()
    form, id = read_form(AskForm), request.form.get("call", "")
    with office().store.transaction() as session:
        call = _call(session, id) if id else None
        made = form if isinstance(form, Faults) else ask(session, form, call, typed=request.form)
    if isinstance(made, Faults):
        return _form(call, {}, faults=made), 422
    flash(wording().say("repairs.done.ask"), "good")
    return redirect(url_for("repairs.one", id=made.id), 303)


def _call(session: Session, id: str) -> Call:
    """A call of the line: any by who looks after all of them, by an agent one in which that agent talked."""
    call, person = own(session, Call, id), visitor()
    spoken = select(Offer.id).where(Offer.call_id == id, Offer.agent_id == person.agent_id)
    if not person.may(*STAFF) and session.scalar(spoken.limit(1)) is None:
        abort(404)
    return call


def _form(call: Call | None, values: dict[str, str], *, faults: Faults | None = None) -> str:
    typed = faults.typed if faults else values
    parts = {"call": call, "values": typed, "faults": faults, "number": call.caller if call else None}
    return render_template("repairs/new.html", **parts, choices=choices("talk.choose"))
