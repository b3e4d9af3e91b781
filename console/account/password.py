"""A new password: chosen by oneself, shown to be known before, and all other sessions end."""

from flask import flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.account.room import blueprint
from console.filters import moment
from console.forms import Faults, read_form
from console.guard import NEW_PASSWORD
from console.office import office
from console.visitor import ANYBODY, allowed, visitor, wording
from ivr.accounts.keeping import Hand, set_password
from ivr.accounts.locking import Attempt, forgive
from ivr.accounts.rows import Account
from ivr.accounts.signing_in import begin_try
from ivr.base import ROW_LOCK


class PasswordForm(BaseModel):
    """The password as it was and as it shall be, typed twice."""

    present: str = Field(default="", max_length=1000)
    wanted: str = Field(max_length=1000)
    again: str = Field(max_length=1000)


@blueprint.get("/password")
@allowed(*ANYBODY)
def password() -> str:
    """The form; a temporary password leads here first."""
    return _shown(None)


@blueprint.post("/password")
@allowed(*ANYBODY)
def set_new() -> Response | tuple[str, int]:
    """Take the new password where it is good enough and the present one was right."""
    form = read_form(PasswordForm)
    if isinstance(form, Faults):
        return _shown(form), 422
    fault = _fault_of_wanted(form) or _fault_of_present(form)
    if fault is not None:
        name, text = fault
        return _shown(Faults({}, {name: text})), 422
    person, here = visitor(), office()
    hashed = here.passwords.hashed(form.wanted)
    with here.store.transaction() as writing:
        account = writing.get_one(Account, person.account_id, with_for_update=ROW_LOCK)
        set_password(writing, account, hashed, hand=Hand(account.id, here.clock()), keeps=person.session_id)
    flash(wording().say("account.password.set"), "good")
    return redirect(url_for("home.page" if person.owes == NEW_PASSWORD else "account.page"), 303)


def _fault_of_wanted(form: PasswordForm) -> tuple[str, str] | None:
    person, say = visitor(), wording().say
    if form.wanted != form.again:
        return "again", say("account.password.differs")
    if form.wanted == form.present:
        return "wanted", say("account.password.same")
    weak = office().passwords.weakness(form.wanted, account_id=person.account_id, name=person.name)
    return ("wanted", say(f"account.password.weak.{weak.value}")) if weak else None


def _fault_of_present(form: PasswordForm) -> tuple[str, str] | None:
    """Whoever finds an open browser must not take the account; tries are counted as at the sign-in."""
    person, here, at = visitor(), office(), office().clock()
    attempt = Attempt(person.account_id, request.remote_addr or "")
    with here.store.transaction() as writing:
        tried = begin_try(writing, attempt, at=at)
    if tried.waits_until is not None:
        return "present", wording().say("sign_in.locked", time=moment(tried.waits_until))
    if not here.passwords.fits(tried.kept, form.present):
        return "present", wording().say("account.password.wrong")
    with here.store.transaction() as writing:
        account = writing.get_one(Account, person.account_id, with_for_update=ROW_LOCK)
        forgive(writing, account, attempt.address, at=at)
    return None


def _shown(faults: Faults | None) -> str:
    return render_template("account/password.html", faults=faults, must=visitor().owes == NEW_PASSWORD)
