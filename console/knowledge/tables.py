"""Knowledge as files: taken in with a report of what was refused, and taken away to be worked on elsewhere."""

from typing import BinaryIO

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from console.centre import centre_line
from console.downloads import download
from console.knowledge.room import WRITING, author, blueprint
from console.office import office
from console.told import told
from console.visitor import allowed, wording
from ivr.audiences.tables import UnreadableTable, read_table
from ivr.knowledge.listing import Sought, all_knowledge
from ivr.knowledge.sheets import COLUMNS, MOST_BYTES, NoKnowledgeTable, Sheet, row_of, take_sheet
from ivr.tables import CSV, XLSX, write_rows

Answer = Response | str | tuple[str, int]
SHOWN = 200


@blueprint.get("/import")
@allowed(*WRITING)
def import_form() -> str:
    """Where a table is sent."""
    centre_line()
    return render_template("knowledge/import.html", columns=COLUMNS)


@blueprint.post("/import")
@allowed(*WRITING)
def take() -> Answer:
    """Take a table in; the rows that were refused are told with what is wrong with each."""
    line, _ = centre_line()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _again(wording().say("knowledge.no_file"))
    name = sent.filename.replace("\\", "/").rpartition("/")[2][:100]
    file: BinaryIO = sent.stream  # type: ignore[assignment]  # werkzeug types it as IO[bytes]
    try:
        with read_table(file, name, most_bytes=MOST_BYTES) as table, office().store.transaction() as session:
            taken = take_sheet(session, line, Sheet(table.header, table.rows), author=author())
    except (UnreadableTable, NoKnowledgeTable) as error:
        return _again(told(error))
    counts = {became.value: count for became, count in taken.counts.items()}
    if not taken.refused:
        flash(wording().say("knowledge.taken", **counts), "good")
        return redirect(url_for("knowledge.page"), 303)
    shown = [(one, told(one.why)) for one in taken.refused[:SHOWN]]
    parts = {"refused": shown, "count": len(taken.refused), "taken": counts}
    return render_template("knowledge/import.html", columns=COLUMNS, **parts)


@blueprint.get("/export/<form>")
@allowed(*WRITING)
def export(form: str) -> Response:
    """Every entry by its newest version, in the columns that are taken in; nothing in it is about a person."""
    line, _ = centre_line()
    ending = CSV if form == "csv" else XLSX

    def write(file: BinaryIO) -> None:
        with office().store.reading() as session:
            rows = (row_of(row) for row in all_knowledge(session, Sought(line.id)))
            write_rows(file, ending, head=COLUMNS, rows=rows)

    return download(f"knowledge-{line.id}", ending, write)


def _again(fault: str) -> Answer:
    return render_template("knowledge/import.html", columns=COLUMNS, fault=fault), 422
