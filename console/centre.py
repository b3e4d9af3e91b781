"""Pages of a shared centre: on a line that is none they are not there."""

from flask import abort

from console.visitor import visitor
from ivr.lines.centre import CentreRule
from ivr.lines.model import Line


def centre_line() -> tuple[Line, CentreRule]:
    """The visitor's line and its rule as a centre; 404 where it is none."""
    line = visitor().line
    if line.centre is None:
        abort(404)
    return line, line.centre
