"""The views of what is done about a repair, and of seeing the customer in full for a reason that is kept."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from console.forms import Faults, Reason, read_form
from console.office import office
from console.repairs.acts import ACTS
from console.repairs.opening import show
from console.repairs.room import ACTING, acting, blueprint, seen, taken
from console.told import told_or
from console.visitor import allowed, visitor, wording
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import Act
from ivr.base import Refused

Answer = Response | str | tuple[str, int]


@blueprint.post("/<id>/do/<name>")
@allowed(*ACTING)
def act(id: str, name: str) -> Answer:
    """Do one of the acts."""
    chosen = ACTS.get(name)
    if chosen is None:
        abort(404)
    form = read_form(chosen.form)
    if isinstance(form, Faults):
        return show(id, act=name, faults=form), 422
    try:
        with office().store.transaction() as session:
            chosen.do(session, taken(session, id, form.version), form, acting())
    except Refused as refused:
        flash(told_or(refused, "repairs.refused"), "error")
    else:
        office().ring_bell()
        flash(wording().say(f"repairs.done.{name}"), "good")
    return redirect(url_for("repairs.one", id=id), 303)


@blueprint.post("/<id>/customer")
@allowed(*ACTING)
def customer(id: str) -> Answer:
    """Show name, number and place in full, for a reason that is kept."""
    form = read_form(Reason)
    with office().store.transaction() as session:
        repair = seen(session, id)
        if isinstance(form, Faults):
            return render_template("repairs/customer.html", repair=repair, faults=form, may_unmask=True), 422
        access = Access(visitor().account_id, repair.line, Act.UNMASK, f"repair:{id}", form.reason)
        log_access(session, access, at=office().clock())
        return render_template("repairs/customer.html", repair=repair, whole=True)
