"""Before every page: who asks, may they, and is the session still good; after it: the headers of a careful site."""

from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from console.office import Office, office
from console.visitor import STAFF, Visitor, roles_of
from ivr.accounts.sessions import SEEN_EVERY, Visit, find_visit, note_seen

COOKIE_ENTRY: Final = "entry"
STATIC: Final = "static"
# Sent by the page itself, not by a hand: a desk that is only open is not at work.
BY_ITSELF: Final = "X-By-Itself"
EVENTS: Final = "text/event-stream"
SIGN_IN: Final = "sign_in.page"
# What somebody must do before anything else, and the views that serve it.
SECOND_FACTOR: Final = "sign_in.second"
NEW_PASSWORD: Final = "account.password"  # noqa: S105 - the name of a view
NEW_FACTOR: Final = "account.factor"
ALWAYS: Final = frozenset({"sign_in.out", "account.set_language", "account.set_theme"})
FIRST: Final = {
    SECOND_FACTOR: ALWAYS | {SECOND_FACTOR, "sign_in.give_second"},
    NEW_PASSWORD: ALWAYS | {NEW_PASSWORD, "account.set_new", "account.left", "account.stay"},
    NEW_FACTOR: ALWAYS | {NEW_FACTOR, "account.begin_factor", "account.set_factor", "account.left", "account.stay"},
}


def guard(app: Flask) -> None:
    """Put the guard before and the headers after every view of the app."""
    app.before_request(_let_in)
    app.after_request(_with_headers)


def _let_in() -> AnyResponse | None:
    """Serve nothing that names no roles, nothing closed to strangers, and to each only what the roles allow."""
    g.language = request.cookies.get("language", "ko")
    if request.endpoint is None or request.endpoint == STATIC:
        return None
    roles = roles_of(current_app.view_functions[request.endpoint])
    if roles is None:
        abort(404)
    g.visitor = _visitor()
    if g.visitor is None:
        # Files are for people who are signed in: nobody else fills our disk while a form is read.
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]
    if not roles:
        return None
    if g.visitor is None:
        return _to_sign_in()
    if g.visitor.owes and request.endpoint not in FIRST[g.visitor.owes]:
        return _lead(url_for(g.visitor.owes))
    if not g.visitor.may(*roles):
        abort(403)
    return None


def _visitor() -> Visitor | None:
    secret = session.get(COOKIE_ENTRY)
    if not isinstance(secret, str):
        return None
    here, at = office(), office().clock()
    with here.store.reading() as reading:
        visit = find_visit(reading, secret, at=at)
    if visit is None or not _is_there(here, visit):
        return None
    is_used = visit.is_at_work or not _comes_by_itself()
    if is_used and at - visit.session.seen_at > SEEN_EVERY:
        with here.store.transaction() as writing:
            note_seen(writing, visit.session.id, at)
    return _as_visitor(here, visit)


def _is_there(here: Office, visit: Visit) -> bool:
    """The line of a session, or the client firm of its account, may have gone since."""
    line = next((line for line in here.lines if line.id == visit.session.line), None)
    return line is not None and (not visit.firm or visit.firm in line.firms)


def _as_visitor(here: Office, visit: Visit) -> Visitor:
    return Visitor(
        account_id=visit.account.id,
        name=visit.account.name,
        line=here.lines.by_id(visit.session.line),
        roles=visit.roles,
        language=visit.account.language,
        session_id=visit.session.id,
        officer_id=visit.officer_id,
        agent_id=visit.agent_id,
        owes=_owed(here, visit),
        lines=tuple(line for line in here.lines if line.id in visit.lines),
        firm_id=visit.firm,
    )


def _owed(here: Office, visit: Visit) -> str:
    """The view that somebody must go through first, empty where there is none."""
    if not visit.session.confirmed:
        return SECOND_FACTOR
    if visit.account.password_is_temporary:
        return NEW_PASSWORD
    # Who comes by single sign-on has shown the provider's own second factor.
    alone = visit.account.second_factor is None and visit.account.subject is None
    if here.second_factor_required and alone and not visit.roles.isdisjoint(STAFF):
        return NEW_FACTOR
    return ""


def _lead(address: str) -> AnyResponse:
    if "HX-Request" in request.headers:
        return Response(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _comes_by_itself() -> bool:
    """No hand has asked for this; a stream of events, which a browser opens anew by itself, cannot say so."""
    return BY_ITSELF in request.headers or request.accept_mimetypes.best == EVENTS


def _to_sign_in() -> AnyResponse:
    """A page leads to the sign-in and back, a piece takes its whole page there; a form is told that it is not kept."""
    if "HX-Request" in request.headers:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        return _lead(url_for(SIGN_IN, next=shown.path or None))
    if request.method != "GET" or request.accept_mimetypes.best == EVENTS:
        abort(401)
    return redirect(url_for(SIGN_IN, next=request.full_path.rstrip("?")))


def _with_headers(response: AnyResponse) -> AnyResponse:
    """No inline script or style, no other host but the local carrier of the demo, no frames, nothing cached."""
    response.headers.setdefault("Content-Security-Policy", _policy(office()))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Permissions-Policy"] = "microphone=(self), camera=(), geolocation=()"
    if office().console_url.startswith("https://"):
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint != STATIC:
        # A file that is sent would be kept for as long as one of ours, by every proxy on its way.
        response.headers["Cache-Control"] = "no-store"
    elif "v" not in request.args:
        # Only an address that changes with its file may be kept; a module that another one imports has none.
        response.headers["Cache-Control"] = "no-cache"
    return response


def _policy(here: Office) -> str:
    phones = here.softphones
    scripts, connects, sounds = "'self'", "'self'", "'self' blob:"
    if phones.driver == "local":
        parts = urlsplit(phones.carrier_url)
        scripts = connects = f"'self' {parts.scheme}://{parts.netloc}"
    if phones.driver == "twilio":
        # Twilio Voice SDK, content security policy: signalling, insights and sounds.
        connects, sounds = "'self' https://*.twilio.com wss://*.twilio.com", "'self' blob: https://sdk.twilio.com"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"connect-src {connects}; media-src {sounds}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
