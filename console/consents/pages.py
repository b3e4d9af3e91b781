"""Consents: a person looked up by number, suppressions, notices that are owed, and the do-not-call register."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from console.consents import changing, register
from console.consents.room import blueprint
from console.finding import own
from console.office import office
from console.paging import asked_after, cut
from console.stories import accounts_of
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.access_log import Access, NoReason, log_access
from ivr.accounts.rows import Act, Role
from ivr.consents.forgetting import is_owed
from ivr.consents.looking_up import bans_of, look_up
from ivr.consents.owed import owed_notices
from ivr.consents.register import REGISTER_LASTS, newest_reading
from ivr.consents.rows import Channel, Hours, Means, Purpose, Suppression
from ivr.numbers import BadNumber, PhoneNumber
from ivr.people.finding import person_with
from ivr.people.rows import Person

# Their views are of the same blueprint.
__all__ = ["blueprint", "changing", "register"]
SIZE, FARTHEST, MOST_OWED = 50, 18, 200
# A consent that an import brings is entered by the import, with its list.
MEANS = tuple(means for means in Means if means is not Means.IMPORT)


@blueprint.get("")
@allowed(*STAFF)
def page() -> str:
    """Where a number is looked up; what is owed and how old the register is stands beside."""
    here = office()
    with here.store.reading() as session:
        owed = owed_notices(session, line=visitor().line.id, most=MOST_OWED)
        reading = newest_reading(session)
    late = sum(one.due_at < here.clock() for one in owed)
    return render_template("consents/page.html", owed=len(owed), late=late, reading=reading, lasts=REGISTER_LASTS)


@blueprint.post("/look-up")
@allowed(*STAFF)
def find() -> Response | tuple[str, int]:
    """Find somebody by the number: it stands in no address, and the page that follows shows it masked."""
    here, typed = office(), request.form.get("number", "").strip()
    try:
        number = PhoneNumber.parse(typed)
    except BadNumber:
        flash(wording().say("forms.number"), "error")
        return page(), 422
    with here.store.reading() as session:
        person = person_with(session, visitor().line.id, number)
        bans = bans_of(session, here.store.keyring.index(number), visitor().line.id)
    if person is not None:
        return redirect(url_for("consents.person", id=person.id), 303)
    return render_template("consents/unknown.html", number=number, bans=bans), 200


@blueprint.get("/people/<int:id>")
@allowed(*STAFF)
def person(id: int) -> str:
    """What somebody agreed to and took back, whether she may be rung now and why not; her number masked."""
    at = office().clock()
    with office().store.reading() as session:
        found = look_up(session, own(session, Person, id), at=at)
        entries = [entry for given in found.ledger for entry in (given.consent, given.withdrawal) if entry]
        names = accounts_of(session, (entry.recorded_by for entry in entries))
        will_be_forgotten = is_owed(session, id)
    choices = {"purposes": list(Purpose), "means": MEANS, "channels": list(Channel), "hours": list(Hours)}
    return render_template("consents/person.html", found=found, names=names, owed=will_be_forgotten, **choices)


@blueprint.post("/people/<int:id>/show")
@allowed(Role.SUPERVISOR, Role.AUDITOR)
def show_number(id: int) -> Response | tuple[str, int]:
    """Show number and name in full: it is kept who saw them, and why."""
    here, who, reason = office(), visitor(), request.form.get("reason", "")
    with here.store.transaction() as session:
        person = own(session, Person, id)
        access = Access(who.account_id, who.line.id, Act.UNMASK, f"person:{id}", reason)
        try:
            log_access(session, access, at=here.clock())
        except NoReason:
            return render_template("consents/whose.html", person=person, shown=False, reasonless=True), 422
    return render_template("consents/whose.html", person=person, shown=True), 200


@blueprint.get("/suppressions")
@allowed(*STAFF)
def suppressions() -> str:
    """What keeps numbers from being rung: of this institution and of everybody; whose they are stands nowhere."""
    line, after = visitor().line.id, asked_after(1)
    standing = select(Suppression).where(Suppression.lifted_at.is_(None), Suppression.line.in_(("", line)))
    query = standing.order_by(Suppression.id.desc()).limit(SIZE + 1)
    if after is not None and after[0].isdecimal() and len(after[0]) <= FARTHEST:
        query = query.where(Suppression.id < int(after[0]))
    with office().store.reading() as session:
        found = cut(session.scalars(query).all(), SIZE, lambda one: (str(one.id),))
        names = accounts_of(session, (one.added_by for one in found.rows))
    return render_template("consents/suppressions.html", found=found, names=names)


@blueprint.get("/notices")
@allowed(*STAFF)
def notices() -> str:
    """Who is to be told that a consent was entered, and by when; who could not be told by text is told on paper."""
    with office().store.reading() as session:
        owed = owed_notices(session, line=visitor().line.id, most=MOST_OWED)
    return render_template("consents/notices.html", owed=owed, most=MOST_OWED)
