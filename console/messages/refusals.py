"""Who wants no texts: the list, refusing for a customer who asks for it, and taking a refusal back."""

import secrets
from typing import Annotated

from flask import flash, redirect, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.finding import own
from console.forms import Faults, read_form
from console.messages.room import blueprint
from console.office import office
from console.paging import asked_after_moment, cut
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.messages.finding import PAGE, find_optouts
from ivr.numbers import BadNumber, PhoneNumber
from ivr.optouts.refusing import Refusal, refuse, withdraw
from ivr.optouts.rows import OptOut, Scope, Way

Answer = Response | str | tuple[str, int]


class Refused(BaseModel):
    """Whose texts are refused, and which. The same `occasion` is the same refusal."""

    number: Annotated[str, Field(max_length=30)]
    scope: Scope
    occasion: Annotated[str, Field(pattern=r"^[0-9a-f]{24}$")]


@blueprint.get("/refusals")
@allowed(*STAFF)
def refusals() -> str:
    """Refusals, the newest first."""
    return _page()


@blueprint.post("/refusals")
@allowed(Role.SUPERVISOR)
def add_refusal() -> Answer:
    """Refuse texts for a customer; effective at once, and confirmed by one text."""
    form = read_form(Refused)
    if isinstance(form, Faults):
        return _page(form), 422
    try:
        number = PhoneNumber.parse(form.number)
    except BadNumber:
        typed = {"number": form.number, "scope": form.scope.value}
        return _page(Faults(typed, {"number": wording().say("forms.number")})), 422
    asked = Refusal(visitor().line.id, number, form.scope, Way.AGENT, form.occasion)
    with office().store.transaction() as session:
        refuse(session, asked, at=office().clock())
    office().ring_bell()
    flash(wording().say("messages.refused", number=number.masked), "good")
    return redirect(url_for("messages.refusals"), 303)


@blueprint.post("/refusals/<id>/withdraw")
@allowed(Role.SUPERVISOR)
def withdraw_refusal(id: str) -> Answer:
    """The customer wants texts again: every refusal of the number is taken back, and confirmed by one text."""
    with office().store.transaction() as session:
        row = own(session, OptOut, id)
        undone = withdraw(session, row.line, row.number, at=office().clock())
    if undone:
        office().ring_bell()
        flash(wording().say("messages.wanted", number=row.number.masked), "good")
    else:
        flash(wording().say("messages.wanted_already", number=row.number.masked), "error")
    return redirect(url_for("messages.refusals"), 303)


def _page(faults: Faults | None = None) -> str:
    with office().store.reading() as session:
        found = find_optouts(session, visitor().line.id, after=asked_after_moment(), limit=PAGE + 1)
    return render_template(
        "messages/refusals.html",
        page=cut(found, PAGE, lambda row: (row.asked_at.isoformat(), row.id)),
        scopes=[(scope.value, wording().say(f"messages.scope.{scope.value}")) for scope in Scope],
        occasion=secrets.token_hex(12),
        faults=faults,
    )
