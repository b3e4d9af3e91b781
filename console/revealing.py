"""Personal data in full, once and for a reason: who saw them, when and why is kept in the log of access."""

from collections.abc import Callable

from flask import make_response, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.doing import again
from console.finding import OfLine
from console.forms import Faults, Reason, read_form
from console.office import office
from console.visitor import visitor
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import Act


def reveal(subject: str, find: Callable[[Session], OfLine], *, template: str, named: str) -> Response:
    """The piece of a page about what is found, which its template knows as `named`: whole, or without a reason masked.

    `subject` is what the log calls it, `case:c1`.
    """
    form = read_form(Reason)
    with office().store.transaction() as session:
        found = find(session)
        if isinstance(form, Faults):
            return again(render_template(template, **{named: found}, faults=form))
        access = Access(visitor().account_id, found.line, Act.UNMASK, subject, form.reason)
        log_access(session, access, at=office().clock())
        return make_response(render_template(template, **{named: found}, whole=True))
