"""What an administrator does to an account: roles, a new password, the second factor, its state, its officer."""

from collections.abc import Callable
from typing import Literal

from flask import abort, flash, redirect, render_template, url_for
from pydantic import BaseModel
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.accounts.room import account_here, blueprint, keeps_whole
from console.finding import own
from console.forms import Faults, read_form
from console.office import office
from console.visitor import allowed, visitor, wording
from ivr.accounts.keeping import (
    BadAccount,
    Hand,
    LastAdministrator,
    disable,
    enable,
    end_sessions,
    grant,
    known_account,
    link_officer,
    revoke,
    set_password,
    take_factor,
    unlock,
)
from ivr.accounts.listing import lines_kept_by
from ivr.accounts.passwords import temporary_password
from ivr.accounts.rows import Account, Role
from ivr.directory.rows import Officer


class RoleForm(BaseModel):
    """A role on a line, given or taken."""

    line: str
    role: Role


class ActForm(BaseModel):
    """What is done to the whole account."""

    act: Literal["disable", "enable", "unlock", "end", "factor"]


class OfficerForm(BaseModel):
    """Who of the directory an account belongs to; nobody where it is empty."""

    officer: str = ""


@blueprint.post("/of/<id>/roles")
@allowed(Role.ADMINISTRATOR)
def give_role(id: str) -> Response:
    """Give a role on a line that the visitor keeps."""
    given = _role()
    return _done(id, lambda session, account, hand: grant(session, account, given, hand=hand), "accounts.done.granted")


@blueprint.post("/of/<id>/roles/end")
@allowed(Role.ADMINISTRATOR)
def take_role(id: str) -> Response:
    """Take a role away on a line that the visitor keeps."""
    taken = _role()
    return _done(id, lambda session, account, hand: revoke(session, account, taken, hand=hand), "accounts.done.revoked")


@blueprint.post("/of/<id>/act")
@allowed(Role.ADMINISTRATOR)
def act(id: str) -> Response:
    """Disable, enable, unlock, end the sessions, or take the second factor away."""
    form = read_form(ActForm)
    if isinstance(form, Faults) or (id == visitor().account_id and form.act == "disable"):
        abort(400)
    acts: dict[str, Callable[[Session, Account, Hand], object]] = {
        "disable": disable,
        "enable": enable,
        "unlock": unlock,
        "end": end_sessions,
        "factor": take_factor,
    }
    return _done(id, acts[form.act], f"accounts.done.{form.act}", is_whole=True)


@blueprint.post("/of/<id>/password")
@allowed(Role.ADMINISTRATOR)
def password(id: str) -> str | Response:
    """Give a temporary password, which is shown on the answer and nowhere else."""
    here, person = office(), visitor()
    if id == person.account_id:
        return redirect(url_for("account.password"), 303)
    fresh = temporary_password()
    hashed = here.passwords.hashed(fresh)
    with here.store.transaction() as writing:
        account = _account(writing, id, is_whole=True)
        set_password(writing, account, hashed, hand=Hand(person.account_id, here.clock()))
    return render_template("accounts/password.html", account=account, password=fresh, is_new=False)


@blueprint.post("/of/<id>/officer")
@allowed(Role.ADMINISTRATOR)
def officer(id: str) -> Response:
    """Say who of the directory of this line the account belongs to."""
    form = read_form(OfficerForm)
    if isinstance(form, Faults):
        abort(400)

    def link(session: Session, account: Account, hand: Hand) -> None:
        if form.officer:
            own(session, Officer, form.officer)
        link_officer(session, account, form.officer or None, hand=hand)

    return _done(id, link, "accounts.done.linked", is_whole=True)


def _role() -> tuple[str, Role]:
    """The role that the form names, on a line that the visitor keeps; another line is as if it were not there."""
    form = read_form(RoleForm)
    if isinstance(form, Faults):
        abort(400)
    with office().store.reading() as reading:
        if form.line not in lines_kept_by(reading, visitor().account_id):
            abort(404)
    return form.line, form.role


def _done(id: str, doing: Callable[[Session, Account, Hand], object], said: str, *, is_whole: bool = False) -> Response:
    """Do it in one transaction and go back to the account; what cannot be is told there."""
    here, person = office(), visitor()
    try:
        with here.store.transaction() as writing:
            doing(writing, _account(writing, id, is_whole=is_whole), Hand(person.account_id, here.clock()))
            is_left = any(one.line == person.line.id for one in known_account(writing, id).grants)
    except LastAdministrator:
        flash(wording().say("accounts.bad.last"), "error")
        return redirect(url_for("accounts.one", id=id), 303)
    except BadAccount as error:
        flash(wording().say(f"accounts.bad.{error.fault}"), "error")
        return redirect(url_for("accounts.one", id=id), 303)
    flash(wording().say(said), "good")
    return redirect(url_for("accounts.one", id=id) if is_left else url_for("accounts.page"), 303)


def _account(session: Session, id: str, *, is_whole: bool) -> Account:
    account_here(session, id)
    account = known_account(session, id)
    if is_whole and not keeps_whole(session, account):
        abort(403)
    return account
