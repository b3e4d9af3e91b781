"""Entering a firm in the register, changing its entry, noting its review, and seeing whom to ask there."""

from datetime import date
from typing import Annotated, Literal

from flask import flash, redirect, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.firms.room import OneLine, Reason, Versioned, blueprint, entry_or_404, fault_of, unchanged_entry, work
from console.firms.showing import product_choices, show_firm, today, trait_choices
from console.forms import Faults, read_form
from console.office import office
from console.visitor import allowed, visitor, wording
from ivr.accounts.access_log import Access, log_access
from ivr.accounts.rows import Act, Role
from ivr.base import Refused
from ivr.firms.eligibility import Declared
from ivr.firms.registering import Registration, change, enter_review, register

Answer = Response | str | tuple[str, int]
Trait = Literal["is_manufacturer", "is_made_here", "is_of_group", "is_regulated"]


class EntryForm(BaseModel):
    """What an entry says; an empty `contact` leaves the sealed one as it is."""

    name: Annotated[OneLine, Field(min_length=1, max_length=60)]
    number: Annotated[str, Field(max_length=20)]
    products: Annotated[list[str], Field(max_length=40)] = []
    traits: list[Trait] = []
    selected_on: date
    contact: Annotated[OneLine, Field(max_length=100)] = ""

    @property
    def registration(self) -> Registration:
        """The same as the register takes it."""
        declared = Declared(tuple(self.products), **{trait: trait in self.traits for trait in TRAITS})
        return Registration(self.name, self.number, declared, self.selected_on, self.contact or None)


class NewForm(EntryForm):
    """The form of a firm that is not in the register, with the id that stays."""

    id: Annotated[str, Field(max_length=40)]


class ChangedForm(EntryForm, Versioned):
    """The form of a firm that is."""


class ReviewForm(Versioned):
    """The day of a review."""

    on: date


class ReasonForm(BaseModel):
    """Why somebody looks at whom to ask."""

    reason: Reason


TRAITS: tuple[Trait, ...] = ("is_manufacturer", "is_made_here", "is_of_group", "is_regulated")


@blueprint.get("/new")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def new() -> str:
    """The form for a firm that is not in the register."""
    return _new(None)


@blueprint.post("/new")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def add() -> Answer:
    """Enter a firm; one that may not join comes back with the text of the rule."""
    form = read_form(NewForm)
    if isinstance(form, Faults):
        return _new(form), 422
    try:
        with office().store.transaction() as session:
            register(work(session), form.id, form.registration)
    except Refused as refused:
        return _new(fault_of(refused, form)), 422
    flash(wording().say("firms.done.register"), "good")
    return redirect(url_for("firms.one", firm_id=form.id), 303)


@blueprint.post("/<firm_id>")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def correct(firm_id: str) -> Answer:
    """Put an entry right."""
    form = read_form(ChangedForm)
    if isinstance(form, Faults):
        return show_firm(firm_id, act="change", faults=form), 422
    try:
        with office().store.transaction() as session:
            unchanged_entry(session, firm_id, form.version)
            change(work(session), firm_id, form.registration)
    except Refused as refused:
        return show_firm(firm_id, act="change", faults=fault_of(refused, form)), 422
    flash(wording().say("common.saved"), "good")
    return redirect(url_for("firms.one", firm_id=firm_id), 303)


@blueprint.post("/<firm_id>/review")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def review(firm_id: str) -> Answer:
    """Note that the firm was reviewed."""
    form = read_form(ReviewForm)
    if isinstance(form, Faults):
        return show_firm(firm_id, act="review", faults=form), 422
    try:
        with office().store.transaction() as session:
            unchanged_entry(session, firm_id, form.version)
            enter_review(work(session), firm_id, form.on)
    except Refused as refused:
        return show_firm(firm_id, act="review", faults=fault_of(refused, form)), 422
    flash(wording().say("firms.done.review"), "good")
    return redirect(url_for("firms.one", firm_id=firm_id), 303)


@blueprint.post("/<firm_id>/contact")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def contact(firm_id: str) -> Answer:
    """Show whom to ask at the firm, for a reason that is kept."""
    form = read_form(ReasonForm)
    with office().store.transaction() as session:
        entry = entry_or_404(session, firm_id)
        if isinstance(form, Faults):
            return render_template("firms/contact.html", entry=entry, faults=form), 422
        access = Access(visitor().account_id, entry.line, Act.UNMASK, f"firm:{firm_id}", form.reason)
        log_access(session, access, at=office().clock())
        return render_template("firms/contact.html", entry=entry, whole=True)


def _new(faults: Faults | None) -> str:
    return render_template(
        "firms/new.html", kinds=product_choices(), traits=trait_choices(), today=today(), faults=faults
    )
