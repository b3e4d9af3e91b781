"""The second factor: set up with an authenticator, its recovery codes, and taken away again."""

from io import BytesIO
from typing import Final

import segno
from flask import flash, redirect, render_template, request, url_for
from markupsafe import Markup
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.account.room import blueprint
from console.filters import moment
from console.forms import Faults, read_form
from console.guard import NEW_FACTOR
from console.office import office
from console.visitor import ANYBODY, allowed, visitor, wording
from ivr.accounts.history import AccountNote, note_account
from ivr.accounts.keeping import Hand, take_factor
from ivr.accounts.locking import Attempt, count_attempt, forgive
from ivr.accounts.rows import Account, AccountChange
from ivr.accounts.second_factor import (
    address_of,
    confirm_factor,
    new_recovery_codes,
    new_secret,
    recovery_codes_left,
    shows_factor,
)
from ivr.base import ROW_LOCK

PICTURE_SCALE: Final = 5


class CodeForm(BaseModel):
    """A code of the authenticator, or a recovery code."""

    code: str = Field(max_length=40)


@blueprint.get("/factor")
@allowed(*ANYBODY)
def factor() -> str:
    """How things stand: none, being set up (with the picture to scan), or on."""
    return _shown(None)


@blueprint.post("/factor/begin")
@allowed(*ANYBODY)
def begin_factor() -> Response:
    """Make a secret for a telephone; nothing is asked for it before it has shown a right code."""
    with office().store.transaction() as writing:
        account = writing.get_one(Account, visitor().account_id, with_for_update=ROW_LOCK)
        if account.second_factor is None:
            account.next_factor = new_secret()
    return redirect(url_for("account.factor"), 303)


@blueprint.post("/factor")
@allowed(*ANYBODY)
def set_factor() -> str | tuple[str, int]:
    """Turn the second factor on with a first right code; the recovery codes are shown this once."""
    form, person, here = read_form(CodeForm), visitor(), office()
    if isinstance(form, Faults):
        return _shown(form), 422
    with here.store.transaction() as writing:
        account = writing.get_one(Account, person.account_id, with_for_update=ROW_LOCK)
        codes = confirm_factor(writing, account, form.code, at=here.clock())
        if codes:
            noted = AccountNote(account.id, AccountChange.FACTOR, account.id)
            note_account(writing, noted, at=here.clock())
    if not codes:
        return _shown(Faults({}, {"code": wording().say("sign_in.wrong_code")})), 422
    return render_template("account/codes.html", codes=codes)


@blueprint.post("/factor/codes")
@allowed(*ANYBODY)
def make_codes() -> str | tuple[str, int]:
    """Make new recovery codes, the old ones ending; a code of the authenticator is asked for."""
    refusal = _refusal("code")
    if refusal is not None:
        return _shown(refusal), 422
    here = office()
    with here.store.transaction() as writing:
        account = writing.get_one(Account, visitor().account_id)
        codes = new_recovery_codes(writing, account)
        note_account(writing, AccountNote(account.id, AccountChange.RECOVERED, account.id), at=here.clock())
    return render_template("account/codes.html", codes=codes)


@blueprint.post("/factor/off")
@allowed(*ANYBODY)
def drop() -> Response | tuple[str, int]:
    """Take the second factor away; a code of it is asked for."""
    refusal = _refusal("off_code")
    if refusal is not None:
        return _shown(refusal), 422
    here = office()
    with here.store.transaction() as writing:
        account = writing.get_one(Account, visitor().account_id, with_for_update=ROW_LOCK)
        take_factor(writing, account, Hand(account.id, here.clock()))
    flash(wording().say("account.factor.dropped"), "good")
    return redirect(url_for("account.factor"), 303)


def _refusal(name: str) -> Faults | None:
    """Why a code does not count; tries are counted as at the sign-in."""
    person, here, at = visitor(), office(), office().clock()
    attempt = Attempt(person.account_id, request.remote_addr or "")
    with here.store.transaction() as writing:
        waits_until = count_attempt(writing, attempt, at=at)
        account = writing.get_one(Account, person.account_id, with_for_update=ROW_LOCK)
        if waits_until is None and shows_factor(writing, account, request.form.get(name, "")[:40], at=at):
            forgive(writing, account, attempt.address, at=at)
            return None
    say = wording().say
    return Faults(
        {}, {name: say("sign_in.locked", time=moment(waits_until)) if waits_until else say("sign_in.wrong_code")}
    )


def _shown(faults: Faults | None) -> str:
    with office().store.reading() as reading:
        account = reading.get_one(Account, visitor().account_id)
        return render_template(
            "account/factor.html",
            faults=faults,
            is_on=account.second_factor is not None,
            secret=account.next_factor,
            picture=_picture(address_of(account, account.next_factor)) if account.next_factor else "",
            codes_left=recovery_codes_left(reading, account.id),
            must=visitor().owes == NEW_FACTOR,
        )


def _picture(address: str) -> Markup:
    """The picture to scan as SVG within the page: the secret goes to no other host, and into no file."""
    drawn = BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", scale=PICTURE_SCALE, xmldecl=False, svgclass="factor-picture", lineclass=None, omitsize=False
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn here, of squares only
