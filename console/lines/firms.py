"""Client firms on the telephone: how each is reached, greeted and answered for, and changing it without a file."""

from datetime import date
from typing import Final

from flask import abort, flash, redirect, render_template, request, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.centre import centre_line
from console.forms import Faults, faults_in, read_form
from console.lines.days import spans_of
from console.lines.editing import kept_editions, make
from console.lines.faults import told
from console.lines.room import EDITORS, blueprint
from console.office import office
from console.visitor import STAFF, allowed, visitor, wording
from ivr.base import Refused
from ivr.editions.checking import Draft
from ivr.editions.publishing import StaleEdition
from ivr.editions.rows import Edition, EditionKind
from ivr.editions.schedule import Place, in_force
from ivr.faults import BadData, Fault
from ivr.lines.check_firms import FIRM_ID
from ivr.lines.firms import Firm
from ivr.lines.model import Line
from ivr.lines.spans import written

HOURS: Final = ("weekdays", "saturday", "sunday", "holidays")


class FirmForm(BaseModel):
    """A firm as typed; spans are separated by commas, and without any the firm has the line's hours."""

    name: str = Field(min_length=1, max_length=60)
    pronounced: str = Field("", max_length=60)
    numbers: list[str] = []
    code: str = Field("", pattern=r"^(\d{4})?$")
    products: list[str] = []
    team: str = ""
    greeting: str = Field("", max_length=300)
    weekdays: str = ""
    saturday: str = ""
    sunday: str = ""
    holidays: str = ""
    until: date | None = None
    why: str = Field(min_length=2, max_length=200)
    version: int = 0


@blueprint.get("/firms")
@allowed(*STAFF)
def firms() -> str:
    """Every client firm that can be reached, and how."""
    line, _ = centre_line()
    return render_template("lines/firms.html", line=line, firms=line.firms.values())


@blueprint.get("/firms/<firm_id>")
@allowed(*STAFF)
def firm(firm_id: str) -> str:
    """How one firm is reached; one that is not on the telephone yet is entered here."""
    return _page(firm_id)


@blueprint.post("/firms/<firm_id>")
@allowed(*EDITORS)
def change_firm(firm_id: str) -> Response | tuple[str, int]:
    """Have the firm reached, greeted or answered for otherwise, from now on."""
    line, _ = centre_line()
    form = read_form(FirmForm)
    if isinstance(form, Faults):
        return _page(firm_id, faults=form), 422
    draft = Draft(Place(line.id, EditionKind.FIRM, firm_id), _content(form), form.why, form.version)
    try:
        make(draft)
    except BadData as error:
        return _page(firm_id, faults=_faults(form, error.faults)), 422
    except Refused as error:
        said = wording().say("lines.stale") if isinstance(error, StaleEdition) else told(error).text
        return _page(firm_id, faults=faults_in(form, {"name": said})), 409
    flash(wording().say("lines.firms.saved", name=form.name), "good")
    return redirect(url_for("lines.firm", firm_id=firm_id), 303)


@blueprint.get("/new-firm")
@allowed(*EDITORS)
def new_firm() -> Response | str:
    """Ask for the id of a firm that is to be put on the telephone, and go on to its page."""
    line, _ = centre_line()
    asked = request.args.get("id", "").strip()
    if asked and FIRM_ID.fullmatch(asked):
        return redirect(url_for("lines.firm", firm_id=asked))
    faults = Faults({"id": asked}, {"id": wording().say("lines.firms.bad_id")}) if asked else None
    return render_template("lines/new_firm.html", line=line, faults=faults)


def _page(firm_id: str, *, faults: Faults | None = None) -> str:
    line, _ = centre_line()
    found = line.firms.get(firm_id)
    if not FIRM_ID.fullmatch(firm_id) or (found is None and not visitor().may(*EDITORS)):
        abort(404)
    shown = found or Firm(id=firm_id, name=request.args.get("name", "").strip()[:60] or firm_id)
    versions = [one for one in kept_editions() if (one.line, one.kind, one.key) == _place(line, firm_id)]
    return render_template(
        "lines/firm.html",
        line=line,
        firm=shown,
        is_new=found is None,
        free_numbers=_free_numbers(line, firm_id),
        groups=[line.teams[team].name for team in line.groups_of(shown) if team in line.teams],
        hours={part: ", ".join(map(written, getattr(shown.hours, part, ()))) for part in HOURS},
        versions=list(reversed(versions)),
        in_force=_in_force(versions),
        version=max((one.version for one in versions), default=0),
        faults=faults,
        chosen={name: request.form.getlist(name) for name in ("numbers", "products")} if faults else {},
    )


def _place(line: Line, firm_id: str) -> Place:
    return Place(line.id, EditionKind.FIRM, firm_id)


def _in_force(versions: list[Edition]) -> Edition | None:
    return next(iter(in_force(versions, office().clock()).values()), None)


def _free_numbers(line: Line, firm_id: str) -> list[str]:
    """The numbers of the line that no other firm has; at the first one its own callers arrive."""
    taken = {number for one in line.firms.values() if one.id != firm_id for number in one.numbers}
    return [number for number in line.numbers[1:] if number not in taken]


def _content(form: FirmForm) -> dict[str, object]:
    """The firm's table as the line's file would have it; what is empty is left out."""
    hours = {part: spans_of(getattr(form, part)) for part in HOURS}
    table: dict[str, object] = {
        "name": form.name,
        "pronounced": form.pronounced,
        "numbers": form.numbers,
        "code": form.code,
        "products": form.products,
        "team": form.team,
        "greeting": form.greeting,
        "hours": hours if any(hours.values()) else None,
        "until": form.until.isoformat() if form.until else None,
    }
    return {name: value for name, value in table.items() if value}


def _faults(form: FirmForm, found: tuple[Fault, ...] | list[Fault]) -> Faults:
    """Each fault at its field; one of the whole firm stands at its name."""
    by_field: dict[str, str] = {}
    for fault in found:
        parts = fault.key.split(".")[2:]
        field = parts[1] if parts[:1] == ["hours"] and len(parts) > 1 else next(iter(parts), "name")
        by_field.setdefault(field if field in FirmForm.model_fields else "name", told(fault).text)
    return faults_in(form, by_field)
