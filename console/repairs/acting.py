"""The views of what is done about a repair, and of seeing the customer in full for a reason that is kept."""

from functools import partial

from flask import abort, url_for
from werkzeug.wrappers import Response

from console.doing import doing, done, on_page, read_or_again
from console.office import office
from console.repairs.acts import ACTS
from console.repairs.opening import show
from console.repairs.room import ACTING, acting, blueprint, seen, taken
from console.revealing import reveal
from console.told import told_or
from console.visitor import allowed, wording


@blueprint.post("/<id>/do/<name>")
@allowed(*ACTING)
def act(id: str, name: str) -> Response:
    """Do one of the acts."""
    chosen = ACTS.get(name)
    if chosen is None:
        abort(404)
    form, to = read_or_again(chosen.form, partial(show, id, act=name)), url_for("repairs.one", id=id)
    with doing(on_page(partial(told_or, id="repairs.refused"), to)) as session:
        chosen.do(session, taken(session, id, form.version), form, acting())
    office().ring_bell()
    return done(wording().say(f"repairs.done.{name}"), to)


@blueprint.post("/<id>/customer")
@allowed(*ACTING)
def customer(id: str) -> Response:
    """Show name, number and place in full, for a reason that is kept."""
    return reveal(f"repair:{id}", partial(seen, id=id), template="repairs/customer.html", named="repair")
