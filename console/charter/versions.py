"""The versions of the charter with their dates, what each holds, and what changed from one to the next."""

from datetime import date

from flask import abort, render_template, request

from console.charter.room import blueprint, charter
from console.office import office
from console.visitor import allowed
from ivr.charters.diff import diff
from ivr.charters.model import Charter, UnknownCharter
from ivr.lines.hours import SEOUL


@blueprint.get("/versions")
@allowed()
def page_of_versions() -> str:
    """All versions, the standards of one (`?version=`), and the differences to the one before it."""
    known = charter()
    today = office().clock().astimezone(SEOUL).date()
    chosen = request.args.get("version", type=int)
    try:
        version = known.version(chosen) if chosen is not None else known.version(_present(known, today))
    except UnknownCharter:
        abort(404)
    before = max((one.version for one in known.versions if one.version < version.version), default=None)
    return render_template(
        "charter/versions.html",
        charter=known,
        version=version,
        before=before,
        changes=diff(known, before, version.version) if before is not None else (),
        standards=known.standards(version.version),
        today=today,
    )


def _present(known: Charter, today: date) -> int:
    """The version in force on a day, or the last one there was."""
    try:
        return known.at(today)
    except UnknownCharter:
        return known.versions[-1].version
