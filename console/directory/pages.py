"""The pages of the directory: finding officers, and for supervisors changing them."""

import re
from datetime import datetime
from typing import Annotated

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field, field_validator
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.directory.reading import (
    SIZE,
    colleagues,
    coming_absences,
    form_values,
    mark,
    page_of,
    post_values,
    shown,
    shown_one,
    skill_names,
)
from console.finding import own
from console.forms import Faults, faults_in, read_form
from console.office import office
from console.paging import asked_after, cut
from console.shell import SUPERVISING
from console.stale import mark_of, refuse_stale
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.callbacks.assigning import hand_over
from ivr.directory.changing import OfficerChange, write_officer
from ivr.directory.planning import BadPlan, appoint_deputy, come_back, plan_absence
from ivr.directory.rows import AbsenceReason, Officer, OfficerRole
from ivr.lines.hours import SEOUL
from ivr.numbers import BadNumber, PhoneNumber

blueprint = Blueprint("directory", __name__, url_prefix="/directory")
ID = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class OfficerForm(BaseModel):
    """The form of an officer; `reminder_number` empty leaves the sealed one as it is."""

    name: Annotated[str, Field(max_length=40)]
    department: Annotated[str, Field(max_length=60)]
    title: Annotated[str, Field(max_length=30)]
    duties: Annotated[str, Field(max_length=600)] = ""
    number: str = ""
    reminder_number: str = ""
    role: OfficerRole = OfficerRole.OFFICER
    deputy: str = ""

    @field_validator("number", "reminder_number")
    @classmethod
    def _is_number(cls, value: str) -> str:
        try:
            return PhoneNumber.parse(value).e164 if value else ""
        except BadNumber:
            raise ValueError("forms.number") from None


class NewOfficerForm(OfficerForm):
    """The form of somebody new, with the id that stays."""

    id: str

    @field_validator("id")
    @classmethod
    def _is_id(cls, value: str) -> str:
        if not ID.fullmatch(value):
            raise ValueError("directory.bad_id")
        return value


class AbsenceForm(BaseModel):
    """The form of an absence, in local times."""

    starts_at: datetime
    ends_at: datetime
    reason: AbsenceReason

    @field_validator("starts_at", "ends_at")
    @classmethod
    def _is_local(cls, value: datetime) -> datetime:
        return value.replace(tzinfo=SEOUL)


@blueprint.get("")
@allowed()
def page() -> str:
    """Officers of the line, found by duty, department, name or title as one types."""
    text = " ".join(request.args.get("q", "")[:80].split())
    here = office()
    with here.store.reading() as session:
        page = cut(page_of(session, text, line=visitor().line.id, after=asked_after(3)), SIZE, mark)
        people = shown(session, page.rows, here.clock())
        template = "directory/found.html" if request.headers.get("HX-Target") == "found" else "directory/page.html"
        return render_template(template, people=people, page=page, text=text, may_change=visitor().may(*SUPERVISING))


@blueprint.get("/<id>")
@allowed()
def one(id: str) -> str:
    """One officer."""
    with office().store.reading() as session:
        return _one(session, own(session, Officer, id))


@blueprint.get("/new")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def new() -> str:
    """The form for somebody new."""
    return render_template("directory/new.html", faults=None)


@blueprint.post("/new")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def add() -> Response | tuple[str, int]:
    """Add an officer."""
    form = read_form(NewOfficerForm)
    if isinstance(form, Faults):
        return render_template("directory/new.html", faults=form), 422
    with office().store.transaction() as session:
        if session.get(Officer, form.id) is not None:
            taken = faults_in(form, {"id": wording().say("directory.id_taken")})
            return render_template("directory/new.html", faults=taken), 422
        write_officer(session, form.id, line=visitor().line.id, change=_change(form))
    flash(wording().say("directory.added"), "good")
    return redirect(url_for("directory.one", id=form.id), 303)


@blueprint.post("/<id>")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def change(id: str) -> Response | tuple[str, int]:
    """Correct an officer."""
    form = read_form(OfficerForm)
    with office().store.transaction() as session:
        officer = own(session, Officer, id)
        refuse_stale(form_values(officer))
        if isinstance(form, Faults):
            return _one(session, officer, faults=form), 422
        try:
            write_officer(session, id, line=officer.line, change=_change(form))
            appoint_deputy(session, officer, form.deputy or None)
        except BadPlan:
            abort(404)
    flash(wording().say("common.saved"), "good")
    return redirect(url_for("directory.one", id=id), 303)


@blueprint.post("/<id>/absence")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def absent(id: str) -> Response | tuple[str, int]:
    """Plan an absence; callbacks of one that begins now go to whoever stands in."""
    form, here = read_form(AbsenceForm), office()
    at = here.clock()
    with here.store.transaction() as session:
        officer = own(session, Officer, id)
        if not isinstance(form, Faults) and form.ends_at <= max(form.starts_at, at):
            form = Faults(dict(request.form), {"ends_at": wording().say("directory.ends_too_early")})
        if isinstance(form, Faults):
            return _one(session, officer, absence_faults=form), 422
        plan_absence(session, officer, form.reason, starts_at=form.starts_at, ends_at=form.ends_at)
        session.flush()
        if form.starts_at <= at:
            hand_over(session, officer, line=visitor().line, at=at)
    here.ring_bell()
    flash(wording().say("directory.absence_planned"), "good")
    return redirect(url_for("directory.one", id=id), 303)


@blueprint.post("/<id>/back")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def back(id: str) -> Response:
    """End an absence that runs now; one that is over already stays over."""
    with office().store.transaction() as session:
        officer = own(session, Officer, id)
        try:
            come_back(session, officer, at=office().clock())
        except BadPlan:
            return redirect(url_for("directory.one", id=id), 303)
    flash(wording().say("directory.is_back"), "good")
    return redirect(url_for("directory.one", id=id), 303)


def _change(form: OfficerForm) -> OfficerChange:
    return OfficerChange(
        name=form.name,
        department=form.department,
        title=form.title,
        duties=form.duties,
        number=form.number,
        reminder_number=form.reminder_number or None,
        role=form.role,
    )


def _one(
    session: Session, officer: Officer, *, faults: Faults | None = None, absence_faults: Faults | None = None
) -> str:
    at = office().clock()
    person = shown_one(session, officer, at)
    return render_template(
        "directory/one.html",
        person=person,
        absences=coming_absences(session, officer, at),
        colleagues=colleagues(session, officer),
        values=form_values(officer),
        post=post_values(person.agent),
        post_mark=mark_of(post_values(person.agent)),
        skill_names=skill_names(visitor().line),
        mark=mark_of(form_values(officer)),
        faults=faults,
        absence_faults=absence_faults,
        may_change=visitor().may(*SUPERVISING),
    )
