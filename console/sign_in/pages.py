"""The pages of signing in by password and out."""

from flask import flash, redirect, render_template, request, session, url_for
from pydantic import BaseModel, Field, field_validator
from werkzeug.wrappers import Response

from console.demo import demo_people, first_line, is_demo_account, is_demo_here, step_aside
from console.filters import moment
from console.forms import Faults, read_form
from console.guard import COOKIE_ENTRY
from console.office import office
from console.sign_in import provider, second
from console.sign_in.entering import NEXT, came_from, enter, go_on
from console.sign_in.room import blueprint
from console.visitor import ANYBODY, Visitor, allowed, open_to_all, present_visitor, visitor, wording
from ivr.accounts.leaving import Leaving, leave_work
from ivr.accounts.locking import Attempt
from ivr.accounts.rows import Account, SessionEnd
from ivr.accounts.sessions import NoRole, end_session, why_ended
from ivr.accounts.signing_in import NotAdmitted, begin_try
from ivr.desks.presence import close_desks, open_desks

# Their views are of the same blueprint.
__all__ = ["blueprint", "provider", "second"]


class SignInForm(BaseModel):
    """Name and password as typed; nobody has a name longer than its column."""

    name: str = Field(max_length=40)
    password: str = Field(max_length=1000)
    next: str = ""

    @field_validator("name")
    @classmethod
    def _in_lower_case(cls, value: str) -> str:
        return value.strip().lower()


class EnterAsForm(BaseModel):
    """Who of the demo is meant, on which line."""

    account: str
    line: str = ""
    next: str = ""


@blueprint.get("")
@open_to_all
def page() -> str | Response:
    """The form; who is signed in goes on, whose session is over is told why.

    In the demo, who is signed in and comes with a line may go on as somebody else.
    """
    is_changing = "line" in request.args and is_demo_here()
    if present_visitor() is not None and not is_changing:
        return go_on(request.args.get(NEXT, ""))
    return _shown(None)


@blueprint.post("")
@open_to_all
def sign_in() -> Response | tuple[str, int]:
    """Look at name and password, and begin a session."""
    form = read_form(SignInForm)
    if isinstance(form, Faults):
        return _shown(form), 422
    here, at = office(), office().clock()
    with here.store.transaction() as writing:
        tried = begin_try(writing, Attempt(form.name, request.remote_addr or ""), at=at)
    if tried.waits_until is not None:
        return _refused("sign_in.locked", time=moment(tried.waits_until)), 429
    if not here.passwords.fits(tried.kept, form.password):
        return _refused("sign_in.wrong"), 422
    _keep_at_present_cost(form, tried.kept or "")
    return _entered(form.name, "", form.next)


@blueprint.post("/as")
@open_to_all
def enter_as() -> Response | tuple[str, int]:
    """Enter as somebody of the demo, without a password; only from the machine that the demo runs on."""
    form = read_form(EnterAsForm)
    if not is_demo_here() or isinstance(form, Faults):
        return _refused("sign_in.wrong"), 403
    with office().store.reading() as reading:
        is_known = is_demo_account(reading, form.account)
    if not is_known:
        return _refused("sign_in.wrong"), 403
    return _entered(form.account, form.line, form.next)


@blueprint.post("/out")
@allowed(*ANYBODY)
def out() -> Response:
    """End the session; an agent takes no more calls, and one with a call at the softphone finishes it first."""
    leaving = _leave(visitor())
    if leaving is Leaving.BOUND:
        return _bound()
    session.clear()
    flash(wording().say("sign_in.out_talking" if leaving is Leaving.GOES_ON else "sign_in.out"), "good")
    return redirect(url_for("sign_in.page"), 303)


def _leave(person: Visitor) -> Leaving:
    """End the session of somebody who may go."""
    here, at = office(), office().clock()
    with here.store.transaction() as writing:
        leaving = leave_work(writing, person.agent_id, at=at) if person.agent_id else Leaving.FREE
        if leaving is not Leaving.BOUND:
            close_desks(writing, person.session_id)
            if person.agent_id and here.is_demo:
                step_aside(writing, person.line.id, open_desks(writing, person.line.id, at=at), at=at)
            end_session(writing, person.session_id, SessionEnd.SIGNED_OUT, at=at)
    here.ring_bell()
    return leaving


def _bound() -> Response:
    flash(wording().say("sign_in.bound"), "error")
    return redirect(url_for("home.page"), 303)


def _entered(account_id: str, line: str, wanted: str) -> Response | tuple[str, int]:
    before = present_visitor()
    if before is not None and _leave(before) is Leaving.BOUND:
        return _bound()
    try:
        enter(account_id, came_from(line=line))
    except NotAdmitted:
        return _refused("sign_in.wrong"), 422
    except NoRole:
        return _refused("sign_in.no_role"), 403
    return go_on(wanted)


def _keep_at_present_cost(form: SignInForm, kept: str) -> None:
    """Write the hash anew where it was made at a lower cost than today's; nobody else may have changed it since."""
    here = office()
    if not here.passwords.is_outdated(kept):
        return
    hashed = here.passwords.hashed(form.password)
    with here.store.transaction() as writing:
        account = writing.get_one(Account, form.name)
        account.password = hashed if account.password == kept else account.password


def _refused(text: str, **values: str) -> str:
    return _shown(Faults({"name": request.form.get("name", "")}, {"password": wording().say(text, **values)}))


def _shown(faults: Faults | None) -> str:
    here = office()
    secret, is_demo = session.get(COOKIE_ENTRY), is_demo_here()
    with here.store.reading() as reading:
        line = request.args.get("line") or request.form.get("line") or (first_line(reading) if is_demo else None)
        chosen = next((one for one in here.lines if one.id == line), next(iter(here.lines)))
        over = why_ended(reading, secret, at=here.clock()) if isinstance(secret, str) else None
        people = demo_people(reading, chosen.id) if is_demo else []
    return render_template(
        "sign_in/page.html",
        faults=faults,
        over=over,
        people=people,
        lines=list(here.lines),
        line=chosen,
        wanted=request.args.get(NEXT) or request.form.get(NEXT, ""),
        has_single_sign_on=here.single_sign_on is not None,
    )
