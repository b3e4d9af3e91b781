"""The settings of the visitor's line; the first page is the map of its menus."""

from flask import render_template

from console.lines import days, editing, firms, walking, words
from console.lines.editing import left_out, now_and_coming
from console.lines.menu_map import trees_of
from console.lines.room import blueprint
from console.office import office
from console.visitor import STAFF, allowed, visitor
from ivr.lines.hours import Open, is_open

__all__ = ["blueprint", "days", "editing", "firms", "page", "walking", "words"]


@blueprint.get("/")
@allowed(*STAFF)
def page() -> str:
    """What every key leads to, in and out of hours, and what was changed without a file."""
    here, line = office(), visitor().line
    state = is_open(line, here.calendar, here.clock())
    return render_template(
        "lines/page.html",
        line=line,
        state=state,
        is_open=isinstance(state, Open),
        trees=trees_of(line, here.texts.of(line.id)),
        changed=now_and_coming(),
        left_out=left_out(),
    )
