"""Signing in at the institution's own provider: out to it, and back with a proof of who somebody is."""

from typing import Final

import structlog
from flask import abort, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from console.office import SingleSignOn, office
from console.sign_in.entering import NEXT, came_from, enter, go_on
from console.sign_in.room import blueprint
from console.visitor import open_to_all, wording
from ivr.accounts.linking import account_of
from ivr.accounts.sessions import NoRole
from ivr.accounts.signing_in import NotAdmitted

log = structlog.get_logger(__name__)
UNDER_WAY: Final = "provider"


@blueprint.get("/provider")
@open_to_all
def provider() -> Response:
    """Send the browser to the provider; only the browser's own cookie is written."""
    # Clients of HTTP take as much memory as the rest of the console: only who has a provider needs them.
    from console.sign_in.single_sign_on import ProviderSilent, begin

    known = _provider()
    try:
        begun = begin(known, _own_address())
    except ProviderSilent as error:
        log.warning("single sign-on does not answer", reason=str(error))
        return _sorry("silent")
    session[UNDER_WAY] = {
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        NEXT: request.args.get(NEXT, "")[:500],
    }
    return redirect(begun.address, 303)


@blueprint.get("/provider/back")
@open_to_all
def come_back() -> Response:
    """The provider sent the browser back: check the proof, and begin a session of the account that it is for."""
    from console.sign_in.single_sign_on import Back, NotProven, ProviderSilent, finish

    known, kept, here = _provider(), session.pop(UNDER_WAY, None), office()
    if not isinstance(kept, dict) or not kept["state"] or request.args.get("state") != kept["state"]:
        return _sorry("refused")
    if "code" not in request.args:
        log.warning("single sign-on refused", reason=request.args.get("error", "")[:80])
        return _sorry("refused")
    address = _own_address()
    back = Back(kept["nonce"], kept["verifier"], kept["state"], f"{address}?{request.query_string.decode()}", address)
    try:
        identity = finish(known, back, at=here.clock())
    except ProviderSilent as error:
        log.warning("single sign-on does not answer", reason=str(error))
        return _sorry("silent")
    except NotProven as error:
        log.warning("single sign-on not proven", reason=str(error))
        return _sorry("refused")
    with here.store.transaction() as writing:
        account = account_of(writing, identity, at=here.clock())
    if account is None:
        return _sorry("unknown")
    try:
        enter(account.id, came_from(is_confirmed=True))
    except (NotAdmitted, NoRole):
        return _sorry("unknown")
    return go_on(kept[NEXT])


def _provider() -> SingleSignOn:
    return office().single_sign_on or abort(404)


def _own_address() -> str:
    return office().console_url + url_for("sign_in.come_back")


def _sorry(name: str) -> Response:
    flash(wording().say(f"sign_in.provider.{name}"), "error")
    return redirect(url_for("sign_in.page"), 303)
