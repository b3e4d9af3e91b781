"""The lists of a line, one of them with its report and its people, and the errands that make them."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.finding import own
from console.office import office
from console.paging import asked_after, cut
from console.stories import accounts_of
from console.told import told
from console.visitor import STAFF, allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.audiences.lists import UnknownAudience, groups_of, members_of, remove, size_of
from ivr.audiences.rows import Audience, AudienceState
from ivr.base import Refused
from ivr.errands.doing import stop
from ivr.errands.rows import Errand, ErrandKind

blueprint = Blueprint("audiences", __name__, url_prefix="/campaigns/audiences")
SIZE, FARTHEST = 50, 18
MAKING = (ErrandKind.IMPORT, ErrandKind.SERVED)
TONES = {AudienceState.MAKING: "calm", AudienceState.READY: "good", AudienceState.ABANDONED: "plain"}


@blueprint.get("")
@allowed(*STAFF)
def page() -> str:
    """The lists, the newest first, and those that are being made."""
    line, after = visitor().line.id, asked_after(1)
    query = select(Audience).where(Audience.line == line).order_by(Audience.id.desc()).limit(SIZE + 1)
    if after is not None and after[0].isdecimal() and len(after[0]) <= FARTHEST:
        query = query.where(Audience.id < int(after[0]))
    making = select(Errand).where(Errand.line == line, Errand.kind.in_(MAKING), Errand.over_at.is_(None))
    with office().store.reading() as session:
        found = cut(session.scalars(query).all(), SIZE, lambda one: (str(one.id),))
        sizes = {one.id: _size_of(session, one) for one in found.rows}
        errands = session.scalars(making.order_by(Errand.id)).all()
        names = accounts_of(session, (one.made_by for one in found.rows))
    shown = {"found": found, "sizes": sizes, "errands": errands, "names": names}
    return render_template("audiences/page.html", tones=TONES, **shown)


@blueprint.get("/<int:id>")
@allowed(*STAFF)
def one(id: int) -> str:
    """One list: what became of the rows it was made of, its groups, and its people, masked."""
    after = asked_after(1)
    beyond = int(after[0]) if after and after[0].isdecimal() and len(after[0]) <= FARTHEST else 0
    with office().store.reading() as session:
        audience = own(session, Audience, id)
        people = members_of(session, id, limit=SIZE + 1, after=beyond)
        shown = {
            "audience": audience,
            "size": _size_of(session, audience),
            "groups": groups_of(session, id),
            "people": cut(people, SIZE, lambda row: (str(row[0].id),)),
            "upload": _upload_of(audience),
        }
    return render_template("audiences/one.html", tones=TONES, **shown)


@blueprint.post("/<int:id>/remove")
@allowed(Role.SUPERVISOR)
def take_away(id: int) -> Response:
    """Remove a list that no campaign uses; its people and their consents stay."""
    with office().store.reading() as session:
        own(session, Audience, id)
    try:
        size = remove(office().store, id)
    except (Refused, UnknownAudience) as error:
        flash(told(error), "error")
        return redirect(url_for("audiences.one", id=id), 303)
    flash(wording().say("audiences.removed", size=f"{size:,}"), "good")
    return redirect(url_for("audiences.page"), 303)


@blueprint.get("/errands/<int:id>")
@allowed(*STAFF)
def errand(id: int) -> str | Response:
    """How far a list is; once it is made, the list itself."""
    with office().store.reading() as session:
        found = own(session, Errand, id)
    made = (found.result or {}).get("audience")
    if made is not None:
        return redirect(url_for("audiences.one", id=made), 303)
    return render_template("audiences/errand.html", errand=found)


@blueprint.get("/errands/<int:id>/far")
@allowed(*STAFF)
def errand_piece(id: int) -> Response:
    """The same as a piece that renews itself."""
    with office().store.reading() as session:
        found = own(session, Errand, id)
    answer = make_response(render_template("audiences/far.html", errand=found))
    if found.over_at is not None:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/errands/<int:id>/stop")
@allowed(Role.SUPERVISOR)
def stop_errand(id: int) -> Response:
    """Break off the making of a list; nothing of it is used."""
    with office().store.transaction() as session:
        own(session, Errand, id)
        stop(session, id, at=office().clock())
    return redirect(url_for("audiences.errand", id=id), 303)


def _size_of(session: Session, audience: Audience) -> int:
    """How many people are on a list: as it was counted when it was made, so that a million cost nothing."""
    counted = audience.report.get("people") if audience.report and audience.state is AudienceState.READY else None
    return counted["new"] + counted["known"] if counted else size_of(session, audience.id)


def _upload_of(audience: Audience) -> str | None:
    """The upload of which a list was made: its refused rows may still be there."""
    counted = audience.report.get("refused") if audience.report else None
    if not counted or audience.state is not AudienceState.READY:
        return None
    query = select(Errand.subject, Errand.result).where(Errand.line == audience.line, Errand.kind == ErrandKind.IMPORT)
    with office().store.reading() as session:
        rows = session.execute(query.order_by(Errand.id.desc()).limit(500)).all()
    return next((subject for subject, result in rows if result and result.get("audience") == audience.id), None)
