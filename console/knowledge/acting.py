"""Writing knowledge on screen: a new entry, its next version, and taking one away."""

from datetime import date
from functools import partial
from typing import Annotated

from flask import render_template, request, url_for
from pydantic import BaseModel, Field, model_validator
from werkzeug.wrappers import Response

from console.centre import centre_line
from console.doing import again, doing, done, on_page, read_or_again
from console.forms import Faults, Versioned, read_form
from console.knowledge.opening import show
from console.knowledge.room import WRITING, author, blueprint, choices, seen
from console.office import office
from console.problems import Stale
from console.told import told_or
from console.visitor import allowed, wording
from ivr.knowledge.writing import (
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    BadKnowledge,
    Piece,
    add_knowledge,
    change_knowledge,
    withdraw_knowledge,
)
from ivr.lines.hours import SEOUL

Id = Annotated[str, Field(max_length=40)]
REFUSED = "knowledge.refused"


class Written(BaseModel):
    """What one version says, when it holds (local days, both included), and for whom."""

    question: Annotated[str, Field(min_length=2, max_length=LONGEST_QUESTION)]
    answer: Annotated[str, Field(min_length=1, max_length=LONGEST_ANSWER)]
    effective_from: date
    effective_to: date | None = None
    firm: Id = ""
    product: Id = ""
    topic: Id = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Written":
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("knowledge.days_turned")
        return self

    @property
    def piece(self) -> Piece:
        """The same as the core takes it."""
        return Piece(**{name: getattr(self, name) for name in Piece.__slots__})


class Changed(Written, Versioned):
    """The next version, written from the one of this number."""


@blueprint.get("/new")
@allowed(*WRITING)
def new() -> str:
    """The form of a new entry; it begins with what the address names."""
    given = {name: request.args.get(name, "")[:300] for name in ("question", "firm", "product", "topic")}
    return _form({**given, "effective_from": office().clock().astimezone(SEOUL).date().isoformat()})


@blueprint.post("/new")
@allowed(*WRITING)
def add() -> Response:
    """Keep a new entry."""
    line, _ = centre_line()
    form = read_or_again(Written, _new)
    try:
        with office().store.transaction() as session:
            entry = add_knowledge(session, line, form.piece, author=author()).entry
    except BadKnowledge as error:
        return again(_form({}, faults=_at_field(error)))
    return done(wording().say("knowledge.done.add"), url_for("knowledge.one", entry=entry))


@blueprint.post("/<entry>/change")
@allowed(*WRITING)
def change(entry: str) -> Response:
    """Keep the next version of an entry."""
    line, _ = centre_line()
    form, to = read_or_again(Changed, partial(_shown, entry)), url_for("knowledge.one", entry=entry)
    try:
        with doing(on_page(partial(told_or, id=REFUSED), to)) as session:
            if seen(session, entry)[0].version != form.version:
                raise Stale
            # Somebody else's version may have come between what was seen and the lock.
            if change_knowledge(session, line, entry, piece=form.piece, author=author()).version != form.version + 1:
                raise Stale
    except BadKnowledge as error:
        return again(show(entry, faults=_at_field(error)))
    return done(wording().say("knowledge.done.change"), to)


@blueprint.post("/<entry>/withdraw")
@allowed(*WRITING)
def withdraw(entry: str) -> Response:
    """Take an entry away: nobody finds it any more."""
    line, _ = centre_line()
    form, to = read_form(Versioned), url_for("knowledge.one", entry=entry)
    with doing(on_page(partial(told_or, id=REFUSED), to)) as session:
        if isinstance(form, Faults) or seen(session, entry)[0].version != form.version:
            raise Stale
        withdraw_knowledge(session, line, entry, author=author())
    return done(wording().say("knowledge.done.withdraw"), to)


def _new(*, faults: Faults) -> str:
    return _form({}, faults=_placed(faults))


def _shown(entry: str, *, faults: Faults) -> str:
    return show(entry, faults=_placed(faults))


def _placed(faults: Faults) -> Faults:
    """What is wrong with the days together stands at the last one."""
    by_field = dict(faults.by_field)
    if "" in by_field:
        by_field["effective_to"] = by_field.pop("")
    return Faults(faults.typed, by_field)


def _at_field(error: BadKnowledge) -> Faults:
    return Faults(dict(request.form), {error.field: told_or(error, REFUSED)})


def _form(values: dict[str, str], *, faults: Faults | None = None) -> str:
    centre_line()
    return render_template("knowledge/new.html", values=values, faults=faults, choices=choices("knowledge.for_all"))
