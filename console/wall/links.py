"""Where the tiles of a wall lead: a number that nobody can open is only half told."""

from collections.abc import Mapping
from datetime import datetime

from flask import url_for

from console.office import office
from ivr.calls.searching import GAVE_UP_WAITING, GOING_ON
from ivr.charters.measures.calls import RingToAnswer
from ivr.charters.model import UnknownCharter
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line


def links_of(line: Line, at: datetime) -> Mapping[str, str]:
    """The page behind each tile, by the tile's id: today's calls that it counts, or what is due."""
    day = at.astimezone(SEOUL).date().isoformat()
    links = {
        "waiting": url_for("calls.page", first=day, last=day, outcome=GOING_ON),
        "abandoned": url_for("calls.page", first=day, last=day, outcome=GAVE_UP_WAITING),
        "calls": url_for("calls.page", first=day, last=day),
        "callbacks": url_for("callbacks.page"),
        "cases": url_for("cases.page"),
        "campaigns": url_for("campaigns.page"),
    }
    if promise := _promise_of_rings(line, at):
        links["rings"] = url_for("calls.page", first=day, last=day, promise=promise, finding="missed")
    return links


def _promise_of_rings(line: Line, at: datetime) -> str | None:
    """The promise that the line's charter of this day judges ringing by."""
    try:
        charter = office().charters.of(line.id)
        standards = charter.standards(charter.at(at.astimezone(SEOUL).date()))
    except UnknownCharter:
        return None
    return next((each.key for each in standards if isinstance(each.measure, RingToAnswer)), None)
