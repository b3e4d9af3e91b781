"""What every way of signing in shares: where somebody came from, the cookie that is set, and where to go on."""

import secrets
from typing import Final
from urllib.parse import urlsplit

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from console.guard import COOKIE_ENTRY
from console.office import office
from ivr.accounts.sessions import From
from ivr.accounts.signing_in import admit

NEXT: Final = "next"


def came_from(*, line: str = "", is_confirmed: bool = False) -> From:
    """The address and the browser of this request, the line that is wanted, and whether all was shown elsewhere."""
    return From(request.remote_addr or "", request.user_agent.string, line, is_confirmed)


def enter(account_id: str, came: From) -> None:
    """Begin a session of the account and put its new secret into the cookie; raises `NotAdmitted`, `NoRole`."""
    here, secret = office(), new_secret()
    with here.store.transaction() as writing:
        admit(writing, account_id, secret=secret, came=came, at=here.clock())
    keep(secret)


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def keep(secret: str) -> None:
    """Put the secret of a session into the cookie; nothing of what was there before stays."""
    session.clear()
    session.permanent = True
    session[COOKIE_ENTRY] = secret


def go_on(wanted: str) -> Response:
    """Lead to the page that was asked for before the sign-in, where it is one of ours and not the sign-in itself."""
    is_good = is_own(wanted) and not wanted.startswith("/sign-in")
    return redirect(wanted if is_good else url_for("home.page"), 303)


def is_own(address: str) -> bool:
    """Is this a path of this very site? Browsers read a backslash as a slash, and skip signs that nobody sees."""
    is_path = address.startswith("/") and not address.startswith("//")
    return is_path and "\\" not in address and address.isprintable() and not urlsplit(address).netloc
