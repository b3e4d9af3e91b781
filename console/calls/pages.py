"""The list of calls: searched, read page by page, and taken along as a file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.calls import one, sound, taking
from console.calls.asking import OUTCOMES, Asked, asked_in_address, keep_number, promises
from console.calls.room import blueprint
from console.office import office
from console.paging import PageOf, asked_after, encode
from console.visitor import STAFF, allowed, visitor
from ivr.agents.rows import Agent
from ivr.calls.found import FoundCall, found_calls
from ivr.calls.searching import FAULTS, PAGE, Place, find_calls
from ivr.numbers import BadNumber, PhoneNumber

__all__ = ["blueprint", "one", "sound", "taking"]
# As many names as a browser offers without delay; any other is typed.
MOST_NAMES = 300
# What of a search stands beside a number.
KEPT = ("first", "last", "outcome")


@blueprint.get("/")
@allowed(*STAFF)
def page() -> str | Response:
    """The newest calls that are sought."""
    with office().store.reading() as reading:
        asked = asked_in_address(reading)
        if only := _only(reading, asked):
            return redirect(url_for("calls.call", id=only))
        # What cannot be meant finds nothing, rather than everything.
        listed = PageOf((), None, is_first=True) if asked.faults or asked.is_over else _listed(reading, asked)
        return render_template("calls/page.html", asked=asked, page=listed, **_choices(reading))


@blueprint.post("/number")
@allowed(*STAFF)
def number() -> Response:
    """Search for a caller's number: it is kept on this side, and a name for it goes into the address."""
    # Any: as `url_for` takes it.
    given: dict[str, Any] = {name: request.form[name] for name in KEPT if request.form.get(name)}
    typed = request.form.get("number", "").strip()
    if not typed:
        return redirect(url_for("calls.page", **given), 303)
    try:
        kept = keep_number(PhoneNumber.parse(typed[:40]))
    except BadNumber:
        return redirect(url_for("calls.page", unreadable="1", **given), 303)
    return redirect(url_for("calls.page", search=kept, **given), 303)


def _only(reading: Session, asked: Asked) -> str | None:
    """The one call that has the receipt number that was typed, and nothing else was."""
    if not asked.sought.receipt or {name for name in asked.address} != {"receipt"}:
        return None
    found = find_calls(reading, asked.sought, limit=2)
    return found.calls[0].id if len(found.calls) == 1 else None


def _listed(reading: Session, asked: Asked) -> PageOf[FoundCall]:
    after = asked_after(2)
    place = Place(_moment(after), after[1]) if after else None
    found = find_calls(reading, asked.sought, after=place, limit=PAGE)
    mark = encode([found.after.arrived_at.isoformat(), found.after.id]) if found.after else None
    return PageOf(found_calls(reading, [call.id for call in found.calls]), mark, is_first=after is None)


def _moment(after: Sequence[str]) -> datetime:
    try:
        moment = datetime.fromisoformat(after[0])
    except ValueError:
        moment = None
    return moment if moment is not None and moment.tzinfo else office().clock()


def _choices(reading: Session) -> dict[str, object]:
    names = select(Agent.name, Agent.id).where(Agent.line == visitor().line.id).order_by(Agent.name, Agent.id)
    return {
        "outcomes": OUTCOMES,
        "teams": [(team.id, team.name) for team in visitor().line.teams.values()],
        "findings": [finding.value for finding in FAULTS],
        "promises": promises(),
        "agents": reading.execute(names.limit(MOST_NAMES)).all(),
    }
