"""The list of accounts, one account with its history, and new ones."""

from typing import Annotated

from flask import render_template, request
from pydantic import BaseModel, Field, field_validator

from console.accounts import acts
from console.accounts.room import account_here, blueprint, keeps_whole
from console.finding import own
from console.forms import Faults, faults_in, read_form
from console.office import office
from console.officers import choice_of
from console.paging import asked_after, cut
from console.visitor import allowed, visitor, wording
from ivr.accounts.history import history_of
from ivr.accounts.keeping import NAME, BadAccount, Hand, NewAccount, grant, make_account
from ivr.accounts.listing import Listed, Wanted, last_sign_ins, lines_kept_by, listed, standing_of
from ivr.accounts.passwords import temporary_password
from ivr.accounts.rows import Role
from ivr.accounts.sessions import sessions_of
from ivr.directory.rows import Officer

# Their views are of the same blueprint.
__all__ = ["acts", "blueprint"]
SIZE = 50


class AccountForm(BaseModel):
    """A new account with its first role on this line; who comes by single sign-on only gets no password.

    `firm` is the client firm of who is of one.
    """

    id: str
    name: Annotated[str, Field(max_length=40)]
    role: Role
    firm: str = ""
    officer: str = ""
    by: str = "password"

    @field_validator("id")
    @classmethod
    def _is_name(cls, value: str) -> str:
        if not NAME.fullmatch(value.lower()):
            raise ValueError("accounts.bad.name")
        return value.lower()


@blueprint.get("")
@allowed(Role.ADMINISTRATOR)
def page() -> str:
    """The accounts with a role on this line, found by name."""
    here, line, text = office(), visitor().line.id, " ".join(request.args.get("q", "")[:40].split())
    with here.store.reading() as reading:
        wanted = Wanted([line], text, asked_after(2), SIZE + 1)
        people = cut(listed(reading, wanted, at=here.clock()), SIZE, _mark)
        return render_template("accounts/page.html", people=people, text=text)


@blueprint.get("/new")
@allowed(Role.ADMINISTRATOR)
def new() -> str:
    """The form for a new account."""
    return _new(None)


@blueprint.post("/new")
@allowed(Role.ADMINISTRATOR)
def make() -> str | tuple[str, int]:
    """Make the account; its temporary password is shown on the answer and nowhere else."""
    form, here, person = read_form(AccountForm), office(), visitor()
    if isinstance(form, Faults):
        return _new(form), 422
    password = temporary_password() if form.by == "password" else ""
    hashed = here.passwords.hashed(password) if password else None
    try:
        with here.store.transaction() as writing:
            if form.officer:
                own(writing, Officer, form.officer)
            hand = Hand(person.account_id, here.clock())
            account = make_account(writing, NewAccount(form.id, form.name, hashed, form.officer or None), hand)
            grant(writing, account, (person.line.id, form.role), hand=hand, firm=_firm(form))
    except BadAccount as error:
        field = error.fault if error.fault in {"officer", "firm"} else "id"
        return _new(faults_in(form, {field: wording().say(f"accounts.bad.{error.fault}")})), 422
    return render_template("accounts/password.html", account=account, password=password, is_new=True)


@blueprint.get("/of/<id>")
@allowed(Role.ADMINISTRATOR)
def one(id: str) -> str:
    """One account: its roles, how it stands, where it is signed in, its history."""
    here, at = office(), office().clock()
    with here.store.reading() as reading:
        account = account_here(reading, id)
        kept = lines_kept_by(reading, visitor().account_id)
        officer = reading.get(Officer, account.officer_id) if account.officer_id else None
        return render_template(
            "accounts/one.html",
            account=account,
            standing=standing_of(account, at),
            signed_in_at=last_sign_ins(reading, [account.id]).get(account.id),
            is_self=account.id == visitor().account_id,
            is_whole=keeps_whole(reading, account),
            grants=sorted((one for one in account.grants if one.line in kept), key=lambda one: (one.line, one.role)),
            lines=[line for line in here.lines if line.id in kept],
            names={line.id: line.institution for line in here.lines},
            sessions=sessions_of(reading, account.id, at=at),
            history=history_of(reading, account.id, lines=kept),
            officer=officer,
            choice=choice_of(reading),
        )


def _mark(one: Listed) -> tuple[str, str]:
    return one.account.name, one.account.id


def _firm(form: AccountForm) -> str:
    """The firm that counts: one of this line, for who is of a firm; another one is as if it were not there."""
    return form.firm if form.role is Role.FIRM and form.firm in visitor().line.firms else ""


def _new(faults: Faults | None) -> str:
    here, line = office(), visitor().line
    with here.store.reading() as reading:
        return render_template(
            "accounts/new.html",
            faults=faults,
            choice=choice_of(reading),
            has_provider=here.single_sign_on is not None,
            roles=[role for role in Role if role is not Role.FIRM or line.firms],
            firms=[(firm.id, firm.name) for firm in line.firms.values()],
        )
