"""One's own account at a glance, and the small things one sets: language, contrast, the line, open sessions."""

from datetime import timedelta
from typing import Final, Literal
from urllib.parse import urlsplit

from flask import abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from pydantic import BaseModel
from werkzeug.wrappers import Response

from console.account import factor, password
from console.account.browsers import browser_name
from console.account.room import blueprint
from console.forms import Faults, read_form
from console.office import office
from console.sign_in.entering import is_own
from console.visitor import ANYBODY, allowed, open_to_all, present_visitor, visitor, wording
from ivr.accounts.history import AccountNote, note_account
from ivr.accounts.rows import Account, AccountChange, ConsoleSession, SessionEnd
from ivr.accounts.second_factor import recovery_codes_left
from ivr.accounts.sessions import change_line, end_all, end_session, note_seen, remaining, sessions_of

# Their views are of the same blueprint.
__all__ = ["blueprint", "factor", "password"]
ONE_YEAR: Final = timedelta(days=365)


class LanguageForm(BaseModel):
    """A language, and the page to go back to."""

    language: Literal["ko", "en"]
    back: str = "/"


class ThemeForm(BaseModel):
    """How the pages look, and the page to go back to."""

    theme: Literal["light", "contrast"]
    back: str = "/"


@blueprint.get("")
@allowed(*ANYBODY)
def page() -> str:
    """Who one is here, and what can be set."""
    person, here, at = visitor(), office(), office().clock()
    with here.store.reading() as reading:
        account = reading.get_one(Account, person.account_id)
        return render_template(
            "account/page.html",
            account=account,
            sessions=sessions_of(reading, account.id, at=at),
            codes_left=recovery_codes_left(reading, account.id),
            browser_name=browser_name,
            names={line.id: line.institution for line in here.lines},
        )


@blueprint.get("/remaining")
@allowed(*ANYBODY)
def left() -> Response:
    """How many seconds the session holds if nobody touches it; a page asks this before it warns."""
    here = office()
    with here.store.reading() as reading:
        found = reading.get_one(ConsoleSession, visitor().session_id)
        return jsonify(seconds=int(remaining(found, here.clock()).total_seconds()))


@blueprint.post("/stay")
@allowed(*ANYBODY)
def stay() -> tuple[str, int]:
    """Somebody is there and goes on with the session."""
    here = office()
    with here.store.transaction() as writing:
        note_seen(writing, visitor().session_id, here.clock())
    return "", 204


@blueprint.post("/language")
@open_to_all
def set_language() -> Response:
    """Show pages in another language; kept with the account, and in the browser for the sign-in."""
    form = read_form(LanguageForm)
    if isinstance(form, Faults):
        abort(400)
    person, here = present_visitor(), office()
    if person is not None:
        with here.store.transaction() as writing:
            writing.get_one(Account, person.account_id).language = form.language
    return _back(form.back, "language", form.language)


@blueprint.post("/theme")
@open_to_all
def set_theme() -> Response:
    """Show pages in plain or in strong contrast, in this browser."""
    form = read_form(ThemeForm)
    if isinstance(form, Faults):
        abort(400)
    return _back(form.back, "theme", form.theme)


@blueprint.post("/line")
@allowed(*ANYBODY)
def set_line() -> Response:
    """Go on with another line on which the account has a role; any other is as if it were not there."""
    here, line = office(), request.form.get("line", "")
    with here.store.transaction() as writing:
        if all(one.id != line for one in here.lines) or not change_line(writing, visitor().session_id, line):
            abort(404)
    return redirect(url_for("home.page"), 303)


@blueprint.post("/sessions/end")
@allowed(*ANYBODY)
def end() -> Response:
    """End another session of one's own, or all the others where none is named."""
    person, here, at, id = visitor(), office(), office().clock(), request.form.get("session", "")
    with here.store.transaction() as writing:
        if id:
            found = writing.get(ConsoleSession, id)
            if found is None or found.account_id != person.account_id:
                abort(404)
            end_session(writing, id, SessionEnd.FORCED, at=at)
        else:
            end_all(writing, person.account_id, SessionEnd.FORCED, at=at, but=person.session_id)
        note_account(writing, AccountNote(person.account_id, AccountChange.ENDED, person.account_id), at=at)
    flash(wording().say("account.sessions.ended"), "good")
    return redirect(url_for("account.page"), 303)


def _back(address: str, name: str, value: str) -> Response:
    """Set a cookie and go back; a page that only answers a form cannot be gone back to."""
    pages = current_app.create_url_adapter(request)
    is_page = is_own(address) and pages is not None and pages.test(urlsplit(address).path, "GET")
    response = redirect(address.rstrip("?") if is_page else url_for("home.page"), 303)
    response.set_cookie(name, value, max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=_is_secure())
    return response


def _is_secure() -> bool:
    """As the cookie of the session: what stands before the console may take the TLS off."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
