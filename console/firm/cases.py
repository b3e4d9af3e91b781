"""The cases that were taken in calls of a firm's customers."""

from flask import render_template, request

from console.firm.room import blueprint, own_case, own_firm
from console.office import office
from console.paging import asked_after_moment, cut
from console.visitor import allowed
from ivr.accounts.rows import Role
from ivr.cases.finding import PAGE, Sought, find_cases, story_of


@blueprint.get("/cases")
@allowed(Role.FIRM)
def cases() -> str:
    """Open cases, due first before others; with `?all=1` every one, the newest first."""
    line, firm = own_firm()
    is_open = "all" not in request.args
    with office().store.reading() as reading:
        sought = Sought(line.id, is_open=is_open, firm=firm.id)
        rows = find_cases(reading, sought, after=asked_after_moment(), limit=PAGE + 1)
        page = cut(rows, PAGE, lambda case: ((case.due_at if is_open else case.received_at).isoformat(), case.id))
        return render_template("firm/cases.html", page=page, is_open=is_open)


@blueprint.get("/cases/<id>")
@allowed(Role.FIRM)
def case(id: str) -> str:
    """One case: what it is about, until when it is answered, and its result."""
    with office().store.reading() as reading:
        found = own_case(reading, id)
        return render_template("firm/case.html", case=found, story=story_of(reading, found))
