"""The views of what is done about a case, of seeing a number in full, and of taking the list away."""

from flask import abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from console.cases.acts import ACTS, faults_of
from console.cases.opening import show
from console.cases.room import ACTING, blueprint, seen, taken, work
from console.finding import sight
from console.forms import Faults, Reason, read_form
from console.office import office
from console.told import told_or
from console.visitor import allowed, visitor, wording
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import Act
from ivr.base import Refused
from ivr.cases.rows import Case
from ivr.deadlines import NoDeadline

Answer = Response | str | tuple[str, int]


@blueprint.post("/<id>/do/<name>")
@allowed(*ACTING)
def act(id: str, name: str) -> Answer:
    """Do one of the acts."""
    chosen = ACTS.get(name)
    if chosen is None:
        abort(404)
    if not visitor().may(*chosen.roles):
        abort(403)
    form = read_form(chosen.form)
    if isinstance(form, Faults):
        return show(id, act=name, faults=form), 422
    try:
        with office().store.transaction() as session:
            case, own = taken(session, id, form.version), work(session)
            faults = faults_of(case, form, own.at)
            if faults is None:
                chosen.do(own, case, form)
    except (Refused, NoDeadline) as refused:
        flash(told_or(refused, "cases.refused"), "error")
        return _back(id)
    if faults is not None:
        return show(id, act=name, faults=faults), 422
    office().ring_bell()
    flash(wording().say(f"cases.done.{name}"), "good")
    return _back(id)


@blueprint.post("/<id>/number")
@allowed(*ACTING)
def number(id: str) -> Answer:
    """Show number and address in full, for a reason that is kept."""
    form = read_form(Reason)
    with office().store.transaction() as session:
        case = seen(session, id)
        if isinstance(form, Faults):
            return render_template("cases/number.html", case=case, faults=form), 422
        access = Access(visitor().account_id, case.line, Act.UNMASK, f"case:{id}", form.reason)
        log_access(session, access, at=office().clock())
        return render_template("cases/number.html", case=case, whole=True)


def _back(id: str) -> Answer:
    """To the case, or to the list where it is no longer the visitor's to see."""
    with office().store.reading() as session:
        narrowed, case = sight(session), session.get(Case, id)
    visible = case is not None and (narrowed is None or narrowed.includes(case))
    return redirect(url_for("cases.one", id=id) if visible else url_for("cases.page"), 303)
