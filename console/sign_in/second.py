"""The second factor at the sign-in: a code of the authenticator, or a recovery code."""

from flask import redirect, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.filters import moment
from console.forms import Faults, read_form
from console.guard import SECOND_FACTOR
from console.office import office
from console.sign_in.entering import keep, new_secret
from console.sign_in.room import blueprint
from console.visitor import ANYBODY, allowed, visitor, wording
from ivr.accounts.locking import Attempt, count_attempt
from ivr.accounts.rows import ConsoleSession
from ivr.accounts.signing_in import show_second


class CodeForm(BaseModel):
    """The code as typed."""

    code: str = Field(max_length=40)


@blueprint.get("/second")
@allowed(*ANYBODY)
def second() -> str | Response:
    """The form of the second factor."""
    if visitor().owes != SECOND_FACTOR:
        return redirect(url_for("home.page"))
    return render_template("sign_in/second.html", faults=None)


@blueprint.post("/second")
@allowed(*ANYBODY)
def give_second() -> Response | tuple[str, int]:
    """Look at the code; the session goes on under a new secret."""
    form, person = read_form(CodeForm), visitor()
    if person.owes != SECOND_FACTOR:
        return redirect(url_for("home.page"), 303)
    if isinstance(form, Faults):
        return render_template("sign_in/second.html", faults=form), 422
    here, at, secret = office(), office().clock(), new_secret()
    with here.store.transaction() as writing:
        address = writing.get_one(ConsoleSession, person.session_id).address
        waits_until = count_attempt(writing, Attempt(person.account_id, address), at=at)
        shown = None if waits_until else show_second(writing, person.session_id, form.code, secret=secret, at=at)
    if shown is not None:
        keep(secret)
        return redirect(url_for("home.page"), 303)
    said = wording().say("sign_in.wrong_code")
    if waits_until is not None:
        said = wording().say("sign_in.locked", time=moment(waits_until))
    return render_template("sign_in/second.html", faults=Faults({}, {"code": said})), 429 if waits_until else 422
