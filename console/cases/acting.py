"""The views of what is done about a case, of seeing a number in full, and of taking the list away."""

from functools import partial

from flask import abort, url_for
from werkzeug.wrappers import Response

from console.cases.acts import ACTS, faults_of
from console.cases.opening import show
from console.cases.room import ACTING, blueprint, seen, taken, work
from console.doing import again, doing, done, on_page, read_or_again
from console.finding import sight
from console.office import office
from console.revealing import reveal
from console.told import told_or
from console.visitor import allowed, visitor, wording
from ivr.cases.rows import Case


@blueprint.post("/<id>/do/<name>")
@allowed(*ACTING)
def act(id: str, name: str) -> Response:
    """Do one of the acts."""
    chosen = ACTS.get(name)
    if chosen is None:
        abort(404)
    if not visitor().may(*chosen.roles):
        abort(403)
    page = partial(show, id, act=name)
    form = read_or_again(chosen.form, page)
    with doing(on_page(partial(told_or, id="cases.refused"), url_for("cases.one", id=id))) as session:
        case, own = taken(session, id, form.version), work(session)
        faults = faults_of(case, form, own.at)
        if faults is None:
            chosen.do(own, case, form)
    if faults is not None:
        return again(page(faults=faults))
    office().ring_bell()
    return done(wording().say(f"cases.done.{name}"), _address(id))


@blueprint.post("/<id>/number")
@allowed(*ACTING)
def number(id: str) -> Response:
    """Show number and address in full, for a reason that is kept."""
    return reveal(f"case:{id}", partial(seen, id=id), template="cases/number.html", named="case")


def _address(id: str) -> str:
    """That of the case, or of the list where it is no longer the visitor's to see."""
    with office().store.reading() as session:
        narrowed, case = sight(session), session.get(Case, id)
    visible = case is not None and (narrowed is None or narrowed.includes(case))
    return url_for("cases.one", id=id) if visible else url_for("cases.page")
