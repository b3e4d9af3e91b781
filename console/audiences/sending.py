"""A file that is sent: kept, looked into, its columns shown and chosen, and its list asked for."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Any, Final

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask import Response as FlaskResponse
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from config.files import DEMO_CUSTOMERS
from config.uploads import Uploads
from console.finding import own
from console.forms import Faults, read_form
from console.office import office
from console.told import told
from console.visitor import allowed, visitor, wording
from ivr.accounts.rows import Role
from ivr.audiences.cleaning import shape_of
from ivr.audiences.columns import NAMES, Given, WrongColumns, fields_in
from ivr.audiences.columns import Field as Known
from ivr.audiences.importing import Reading, columns_by
from ivr.audiences.tables import Table, UnreadableTable, read_table
from ivr.audiences.words import HOURS, HOW
from ivr.consents.rows import Hours, Means, Purpose
from ivr.errands.doing import Task, ask
from ivr.errands.rows import ErrandKind, Upload
from ivr.numbers import mask_numbers
from ivr.people.masking import masked_name
from ivr.promises import Promise, promise_all

blueprint = Blueprint("audience_files", __name__, url_prefix="/campaigns/audiences")
KEPT_FOR: Final = timedelta(days=1)
FIRST_ROWS: Final = 5
LONGEST_CELL: Final = 40
FIRST_IMPORT: Final = sorted(Means, key=lambda means: means is not Means.IMPORT)
# What each column is called, as in the files of the institutions.
COLUMNS: Final = {field: names[0] for field, names in NAMES.items()}


class ImportForm(BaseModel):
    """What is asked for before a file becomes a list: its name, its columns, and what holds for all its rows."""

    name: str = Field(min_length=1, max_length=80)
    columns: list[str] = []
    purpose: list[Purpose] = []
    consented_on: str = Field(default="", max_length=20)
    evidence: str = Field(default="", max_length=120)
    source: str = Field(default="", max_length=120)
    wording: str = Field(default="", max_length=40)
    how: str = ""
    hours: str = ""
    notified: str = ""

    @property
    def given(self) -> Given:
        """What holds for every row without a cell of its own."""
        return Given(
            purpose=";".join(self.purpose),
            hours=self.hours if self.hours in HOURS else "",
            consented_on=self.consented_on,
            how=self.how if self.how in HOW else "",
            evidence=self.evidence,
            source=self.source,
            wording=self.wording,
            notified="yes" if self.notified else "",
        )


@blueprint.get("/send")
@allowed(Role.SUPERVISOR)
def form() -> str:
    """Where a file is sent."""
    return render_template("audiences/send.html", columns=[(one.value, COLUMNS[one]) for one in Known])


@blueprint.post("/send")
@allowed(Role.SUPERVISOR)
def keep() -> Response | tuple[str, int]:
    """Keep a file and look into it; one that is no table is not kept."""
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _sent_wrong(wording().say("audiences.no_file"))
    at, person, id = office().clock(), visitor(), secrets.token_hex(16)
    name = PurePath(sent.filename.replace("\\", "/")).name[:200]
    size = _folder().keep(id, sent.stream)  # type: ignore[arg-type]  # werkzeug types it as IO[bytes]
    try:
        what = _looked_into(id, name)
    except (UnreadableTable, WrongColumns) as error:
        _folder().remove(id)
        return _sent_wrong(told(error))
    upload = Upload(id=id, line=person.line.id, name=name, size=size, kept_by=person.account_id, kept_at=at, what=what)
    with office().store.transaction() as session:
        session.add(upload)
        promise_all(session, [Promise("purge-upload", f"purge-upload:{id}", at + KEPT_FOR, {"upload": id})])
    return redirect(url_for("audience_files.look", id=id), 303)


@blueprint.get("/files/<id>")
@allowed(Role.SUPERVISOR)
def look(id: str) -> str:
    """The columns of a file with its first rows, masked, and the form that makes a list of it."""
    return _shown(_own_upload(id), None)


@blueprint.post("/files/<id>")
@allowed(Role.SUPERVISOR)
def take(id: str) -> Response | tuple[str, int]:
    """Ask for the list; what cannot work is said at once."""
    upload, wanted = _own_upload(id), read_form(ImportForm)
    if isinstance(wanted, Faults):
        return _shown(upload, wanted), 422
    chosen = wanted.columns or None
    try:
        columns_by(_headed(upload), Reading(wanted.given, chosen=chosen))
    except WrongColumns as error:
        flash(told(error), "error")
        return _shown(upload, Faults(dict(request.form))), 422
    args = {"name": wanted.name.strip(), "columns": chosen, "given": _fields(wanted.given)}
    person = visitor()
    with office().store.transaction() as session:
        task = Task(ErrandKind.IMPORT, person.line.id, id, person.account_id, args)
        errand = ask(session, task, at=office().clock()).id
    office().ring_bell()
    return redirect(url_for("audiences.errand", id=errand), 303)


@blueprint.get("/files/<id>/refused")
@allowed(Role.SUPERVISOR, Role.AUDITOR)
def refused(id: str) -> Response:
    """The rows that were not taken: their numbers and why, with nothing personal in it."""
    with office().store.reading() as session:
        upload = own(session, Upload, id)
    file = _folder().opened(f"{upload.id}.refused")
    if file is None:
        abort(410)
    return send_file(file, "text/csv; charset=utf-8", as_attachment=True, download_name=f"refused-{upload.id[:8]}.csv")


@blueprint.get("/sample")
@allowed(Role.SUPERVISOR)
def sample() -> Response:
    """A file to begin with: every column, three people who are not; in the demo, people who take calls."""
    if office().is_demo:
        return send_file(DEMO_CUSTOMERS, "text/csv; charset=utf-8", as_attachment=True, download_name="demo.csv")
    text = "\ufeff" + wording().say("audiences.sample_file")
    headers = {"Content-Disposition": "attachment; filename=sample.csv"}
    return FlaskResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


def _looked_into(id: str, name: str) -> dict[str, Any]:  # Any: as the row keeps it
    file = _folder().opened(id)
    if file is None:
        raise UnreadableTable(f"{name} is not there any more: send it again")
    with file, read_table(file, name) as table:
        fields = [known.value if known else "" for known in fields_in(table.header)]
        rows = [_masked(cells, fields) for _, (_, cells) in zip(range(FIRST_ROWS), table.rows, strict=False)]
        if not any(fields) and not table.header:
            raise UnreadableTable(f"{name} is empty: export the list again")
        return {
            "letters": table.letters,
            "delimiter": table.delimiter,
            "header": [mask_numbers(cell)[:LONGEST_CELL] for cell in table.header],
            "fields": fields,
            "rows": rows,
        }


def _masked(cells: Sequence[str], fields: Sequence[str]) -> list[str]:
    """A row as it may be shown: numbers masked wherever they stand, names starred."""
    shown = []
    for place in range(len(fields)):
        cell = cells[place].strip() if place < len(cells) else ""
        if fields[place] == Known.NUMBER.value and cell:
            cell = shape_of(cell)
        elif fields[place] == Known.NAME.value and cell:
            cell = masked_name(cell) or ""
        shown.append(mask_numbers(cell)[:LONGEST_CELL])
    return shown


def _shown(upload: Upload, faults: Faults | None) -> str:
    typed = dict(faults.typed) if faults else {"name": PurePath(upload.name).stem[:80]}
    chosen = request.form.getlist("columns") or upload.what["fields"]
    say = wording().say
    choices = {
        "columns": [("", say("audiences.not_read")), *((one.value, COLUMNS[one]) for one in Known)],
        "purposes_in_words": [(one.value, say(f"consents.purpose.{one.value}")) for one in Purpose],
        "means_in_words": [(one.value, say(f"consents.means.{one.value}")) for one in FIRST_IMPORT],
        "hours_in_words": [(one, say(f"consents.hours.{one}")) for one in (Hours.DAY, Hours.NIGHT, "both")],
    }
    return render_template("audiences/look.html", upload=upload, chosen=chosen, typed=typed, faults=faults, **choices)


def _own_upload(id: str) -> Upload:
    with office().store.reading() as session:
        upload = own(session, Upload, id)
    if upload.removed_at is not None:
        abort(410)
    return upload


def _headed(upload: Upload) -> Table:
    return Table(upload.what["header"], iter(()), upload.what["letters"], upload.what["delimiter"], upload.size)


def _fields(given: Given) -> Mapping[str, str]:
    return {name: getattr(given, name) for name in Given.__dataclass_fields__}


def _sent_wrong(why: str) -> tuple[str, int]:
    flash(why, "error")
    return form(), 422


def _folder() -> Uploads:
    folder = office().uploads
    if folder is None:
        abort(404)
    return folder
