"""Making and withdrawing editions of the visitor's line, and which of them hold or are about to."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.forms import Faults, read_form
from console.lines.faults import told
from console.lines.room import EDITORS, blueprint
from console.lines.scope import may_withdraw
from console.office import office
from console.visitor import allowed, visitor, wording
from ivr.base import Refused
from ivr.editions.checking import Draft
from ivr.editions.current import Current
from ivr.editions.publishing import Published, all_editions, publish, withdraw
from ivr.editions.rows import ALL_LINES, Edition, EditionKind
from ivr.editions.schedule import in_force

PAGES = {
    EditionKind.DAY: "lines.hours",
    EditionKind.HOURS: "lines.hours",
    EditionKind.PROMPT: "lines.prompts",
    EditionKind.TEMPLATE: "lines.templates",
    EditionKind.FIRM: "lines.firms",
}


class Why(BaseModel):
    """The reason for which something is withdrawn."""

    why: str = Field(min_length=2, max_length=200)


@dataclass(frozen=True, slots=True)
class Standing:
    """An edition as it is shown: whether it holds now or begins later, and whether it is the line's own."""

    edition: Edition
    is_coming: bool
    is_own: bool


def current() -> Current:
    """The state that this process works with; raises RuntimeError for an office that was opened without files."""
    found = office().current
    if found is None:
        raise RuntimeError("this office has no files to make editions of: give it a Current")
    return found


def kept_editions() -> list[Edition]:
    """Every edition, of all lines: what holds for a line depends on those of all, too."""
    with office().store.reading() as session:
        return all_editions(session)


def make(draft: Draft) -> Published:
    """Make the edition, and let this process know at once."""
    here = office()
    with here.store.transaction() as session:
        made = publish(session, current().files, draft, by=visitor().account_id, at=here.clock())
    current().look()
    return made


def now_and_coming() -> list[Standing]:
    """What holds for this line without standing in a file, and what will; the newest first."""
    at, editions = office().clock(), kept_editions()
    now = set(in_force(editions, at).values())
    shown = [one for one in editions if one in now or (one.withdrawn_at is None and one.effective_from > at)]
    line = visitor().line.id
    return [Standing(one, one not in now, one.line == line) for one in reversed(shown) if one.line in {line, ALL_LINES}]


def left_out() -> list[Edition]:
    """Editions of the line, and of all lines, that fit the files no more since those were changed."""
    lines = {visitor().line.id, ALL_LINES}
    return [edition for edition, _ in current().installed.left_out if edition.line in lines]


@blueprint.post("/editions/<int:edition_id>/withdraw")
@allowed(*EDITORS)
def withdraw_edition(edition_id: int) -> Response | tuple[str, int]:
    """Let an edition of the line hold no longer."""
    here, form = office(), read_form(Why)
    with here.store.reading() as session:
        edition = session.get(Edition, edition_id)
    if edition is None or not may_withdraw(edition):
        abort(404)
    kind = edition.kind
    if isinstance(form, Faults):
        return render_template("lines/withdraw.html", edition_id=edition_id, faults=form, back=PAGES[kind]), 422
    try:
        with here.store.transaction() as session:
            withdraw(session, edition_id, by=visitor().account_id, reason=form.why, at=here.clock())
    except Refused as error:
        flash(told(error).text, "warn")
    else:
        flash(wording().say("lines.withdrawn"), "good")
    current().look()
    return redirect(url_for(PAGES[kind]), 303)
