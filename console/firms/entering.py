"""Entering a firm in the register, changing its entry, noting its review, and seeing whom to ask there."""

from datetime import date
from functools import partial
from typing import Annotated, Literal

from flask import render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.doing import at_form, doing, done, read_or_again
from console.firms.room import OneLine, blueprint, entry_or_404, fault_of, unchanged_entry, work
from console.firms.showing import product_choices, show_firm, today, trait_choices
from console.forms import Faults, Versioned
from console.revealing import reveal
from console.visitor import allowed, wording
from ivr.accounts.rows import Role
from ivr.firms.eligibility import Declared
from ivr.firms.registering import Registration, change, enter_review, register

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


TRAITS: tuple[Trait, ...] = ("is_manufacturer", "is_made_here", "is_of_group", "is_regulated")


@blueprint.get("/new")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def new() -> str:
    """The form for a firm that is not in the register."""
    return _new()


@blueprint.post("/new")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def add() -> Response:
    """Enter a firm; one that may not join comes back with the text of the rule."""
    form = read_or_again(NewForm, _new)
    with doing(at_form(_new, partial(fault_of, form))) as session:
        register(work(session), form.id, form.registration)
    return done(wording().say("firms.done.register"), url_for("firms.one", firm_id=form.id))


@blueprint.post("/<firm_id>")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def correct(firm_id: str) -> Response:
    """Put an entry right."""
    page = partial(show_firm, firm_id, act="change")
    form = read_or_again(ChangedForm, page)
    with doing(at_form(page, partial(fault_of, form))) as session:
        unchanged_entry(session, firm_id, form.version)
        change(work(session), firm_id, form.registration)
    return done(wording().say("common.saved"), url_for("firms.one", firm_id=firm_id))


@blueprint.post("/<firm_id>/review")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def review(firm_id: str) -> Response:
    """Note that the firm was reviewed."""
    page = partial(show_firm, firm_id, act="review")
    form = read_or_again(ReviewForm, page)
    with doing(at_form(page, partial(fault_of, form))) as session:
        unchanged_entry(session, firm_id, form.version)
        enter_review(work(session), firm_id, form.on)
    return done(wording().say("firms.done.review"), url_for("firms.one", firm_id=firm_id))


@blueprint.post("/<firm_id>/contact")
@allowed(Role.SUPERVISOR, Role.ADMINISTRATOR)
def contact(firm_id: str) -> Response:
    """Show whom to ask at the firm, for a reason that is kept."""
    find = partial(entry_or_404, firm_id=firm_id)
    return reveal(f"firm:{firm_id}", find, template="firms/contact.html", named="entry")


def _new(*, faults: Faults | None = None) -> str:
    return render_template(
        "firms/new.html", kinds=product_choices(), traits=trait_choices(), today=today(), faults=faults
    )
