"""Changing the ledger for somebody: a consent with its proof, a withdrawal, a suppression, forgetting."""

from datetime import UTC, datetime

from flask import flash, redirect, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.consents.room import blueprint
from console.finding import own
from console.forms import Faults, read_form
from console.office import office
from console.told import told
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.consents.recording import BadConsent, Grant, Revocation, erase, grant, withdraw
from ivr.consents.rows import Channel, Hours, Means, Purpose, Suppression, SuppressionScope
from ivr.consents.suppressing import Ban, lift, standing_bans, suppress
from ivr.consents.working_through import promise_working_through
from ivr.lines.hours import SEOUL
from ivr.numbers import BadNumber, PhoneNumber
from ivr.people.finding import known_person
from ivr.people.rows import Person


class GrantForm(BaseModel):
    """A consent as it was given; the moment is by the clock in Seoul."""

    purposes: list[Purpose] = Field(min_length=1)
    how: Means
    evidence: str = Field(min_length=1, max_length=120)
    source: str = Field(min_length=1, max_length=120)
    wording: str = Field(min_length=1, max_length=40)
    given_at: datetime
    channel: Channel = Channel.VOICE
    hours: list[Hours] = Field(min_length=1)
    told: str = ""


class WithdrawForm(BaseModel):
    """A consent taken back; without purposes everything is refused."""

    purposes: list[Purpose] = []
    how: Means
    evidence: str = Field(min_length=1, max_length=120)


class NumberForm(BaseModel):
    """A number of which something is put down."""

    number: str = Field(max_length=40)
    why: str = Field(default="", max_length=40)


@blueprint.post("/people/<int:id>/grant")
@allowed(Role.SUPERVISOR)
def give(id: int) -> Response:
    """Enter a consent for each purpose and time of day; the person is told within 14 days."""
    form = read_form(GrantForm)
    if isinstance(form, Faults):
        return _wrong(id, form)
    given_at = form.given_at.replace(tzinfo=SEOUL).astimezone(UTC)
    try:
        with office().store.transaction() as session:
            own(session, Person, id)
            for purpose in form.purposes:
                for hours in form.hours:
                    grant(session, id, _grant(form, purpose, hours, given_at), at=office().clock())
    except BadConsent as error:
        return _refused(id, error)
    return _done(id, "consents.given")


@blueprint.post("/people/<int:id>/withdraw")
@allowed(Role.SUPERVISOR)
def take_back(id: int) -> Response:
    """Take consents back, or refuse everything: effective at once, and a call that rings is ended."""
    form = read_form(WithdrawForm)
    if isinstance(form, Faults):
        return _wrong(id, form)
    try:
        revoked = Revocation(form.how, form.evidence, visitor().account_id, tuple(form.purposes) or None)
        with office().store.transaction() as session:
            own(session, Person, id)
            count = withdraw(session, id, revoked, at=office().clock())
    except BadConsent as error:
        return _refused(id, error)
    return _done(id, "consents.withdrawn" if count or not form.purposes else "consents.nothing_withdrawn")


@blueprint.post("/people/<int:id>/erase")
@allowed(Role.SUPERVISOR)
def forget(id: int) -> Response:
    """Forget somebody: number and name go for good, and only the mark stays that the number is not to be rung."""
    try:
        with office().store.transaction() as session:
            own(session, Person, id)
            is_forgotten = erase(session, id, by=visitor().account_id, at=office().clock())
    except BadConsent as error:
        return _refused(id, error)
    return _done(id, "consents.erased" if is_forgotten else "consents.erased_later")


@blueprint.post("/suppress")
@allowed(Role.SUPERVISOR)
def keep_out() -> Response:
    """This institution never rings that number, whatever was agreed to; a call that rings is ended."""
    form = read_form(NumberForm)
    number = None if isinstance(form, Faults) else _number(form.number)
    if isinstance(form, Faults) or number is None or not form.why:
        return _back("consents.suppressions", "consents.suppress_wrong", "error")
    here, person = office(), visitor()
    index = here.store.keyring.index(number)
    ban = Ban(SuppressionScope.INSTITUTION, index, form.why, line=person.line.id)
    with here.store.transaction() as session:
        suppress(session, ban, by=person.account_id, at=here.clock())
    here.ring_bell()
    return _back("consents.suppressions", "consents.suppressed", "good")


@blueprint.post("/lift")
@allowed(Role.SUPERVISOR)
def let_in() -> Response:
    """Lift this institution's suppression of a number: it may be rung again with its owner's consent."""
    form = read_form(NumberForm)
    number = None if isinstance(form, Faults) else _number(form.number)
    if number is None:
        return _back("consents.suppressions", "forms.number", "error")
    standing = standing_bans(office().store.keyring.index(number)).where(
        Suppression.scope == SuppressionScope.INSTITUTION, Suppression.line == visitor().line.id
    )
    with office().store.transaction() as session:
        lifted = lift(session, standing, at=office().clock())
    return _back("consents.suppressions", "consents.lifted" if lifted else "consents.not_suppressed", "good")


@blueprint.post("/refuse")
@allowed(Role.SUPERVISOR)
def refuse_unknown() -> Response:
    """Somebody of whom nothing is known refuses everything: it is her number that is kept out."""
    form = read_form(NumberForm)
    number = None if isinstance(form, Faults) else _number(form.number)
    if number is None:
        return _back("consents.page", "forms.number", "error")
    at, who = office().clock(), visitor()
    revoked = Revocation(Means.AGENT, wording().say("consents.asked_us")[:120], who.account_id)
    with office().store.transaction() as session:
        person = known_person(session, who.line.id, number, at=at)
        withdraw(session, person.id, revoked, at=at)
    return _done(person.id, "consents.withdrawn")


@blueprint.post("/people")
@allowed(Role.SUPERVISOR)
def make_known() -> Response:
    """Somebody new, so that a consent can be entered."""
    form = read_form(NumberForm)
    number = None if isinstance(form, Faults) else _number(form.number)
    if number is None:
        return _back("consents.page", "forms.number", "error")
    with office().store.transaction() as session:
        id = known_person(session, visitor().line.id, number, at=office().clock()).id
    return redirect(url_for("consents.person", id=id), 303)


@blueprint.post("/notices/start")
@allowed(Role.SUPERVISOR)
def start_notices() -> Response:
    """Work through everybody who is to be told, from now by day; starting it twice on one day changes nothing."""
    with office().store.transaction() as session:
        promise_working_through(session, at=office().clock())
    office().ring_bell()
    return _back("consents.notices", "consents.notices_started", "good")


def _grant(form: GrantForm, purpose: Purpose, hours: Hours, given_at: datetime) -> Grant:
    return Grant(
        purpose=purpose,
        how=form.how,
        wording=form.wording,
        evidence=form.evidence,
        source=form.source,
        given_at=given_at,
        by=visitor().account_id,
        channel=form.channel,
        hours=hours,
        is_told=bool(form.told),
    )


def _number(typed: str) -> PhoneNumber | None:
    try:
        return PhoneNumber.parse(typed)
    except BadNumber:
        return None


def _done(id: int, said: str) -> Response:
    flash(wording().say(said), "good")
    office().ring_bell()
    return redirect(url_for("consents.person", id=id), 303)


def _refused(id: int, error: BadConsent) -> Response:
    flash(told(error), "error")
    return redirect(url_for("consents.person", id=id), 303)


def _wrong(id: int, faults: Faults) -> Response:
    for field, why in faults.by_field.items():
        label = f"consents.field.{field}"
        flash(f"{wording().say(label) if wording().has(label) else field}: {why}", "error")
    return redirect(url_for("consents.person", id=id), 303)


def _back(endpoint: str, said: str, tone: str) -> Response:
    flash(wording().say(said), tone)
    return redirect(url_for(endpoint), 303)
