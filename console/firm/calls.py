"""The calls of a firm's customers: the list, and what came of one."""

from datetime import date

from flask import render_template, request
from pydantic import BaseModel

from console.calls.asking import OUTCOMES
from console.days import read_day
from console.firm.room import blueprint, own_firm, own_of_firm
from console.forms import Faults, read_form
from console.office import office
from console.paging import PageOf, asked_after_moment, encode
from console.visitor import allowed, visitor
from ivr.accounts.access_log import Access, NoReason, log_access
from ivr.accounts.rows import Act, Role
from ivr.calls.found import FoundCall, found_calls
from ivr.calls.record import outcome_of
from ivr.calls.rows import Call
from ivr.calls.searching import PAGE, Place, Sought, find_calls
from ivr.calls.story import story_of
from ivr.figures.asking import Period
from ivr.lines.hours import SEOUL

FIRST_DAY = date(2000, 1, 1)


class Reason(BaseModel):
    """Why a customer's number is looked at."""

    reason: str = ""


@blueprint.get("/calls")
@allowed(Role.FIRM)
def calls() -> str:
    """The newest calls of the firm's customers, by days and outcome."""
    line, firm = own_firm()
    outcome = request.args.get("outcome", "")
    sought = Sought(line.id, _period(), outcome if outcome in OUTCOMES else None, firm=firm.id)
    after = asked_after_moment()
    with office().store.reading() as reading:
        found = find_calls(reading, sought, after=Place(*after) if after else None, limit=PAGE)
        mark = encode([found.after.arrived_at.isoformat(), found.after.id]) if found.after else None
        rows: list[FoundCall] = found_calls(reading, [call.id for call in found.calls])
    return render_template("firm/calls.html", page=PageOf(rows, mark, is_first=after is None), outcomes=OUTCOMES)


@blueprint.get("/calls/<id>")
@allowed(Role.FIRM)
def call(id: str) -> str:
    """One call: who answered after how long, what was promised and kept, and what came of it."""
    line, _ = own_firm()
    with office().store.reading() as reading:
        found = own_of_firm(reading, Call, id)
        story = story_of(reading, found, line)
        return render_template(
            "firm/call.html",
            call=found,
            story=story,
            one=found_calls(reading, [id])[0],
            outcome=outcome_of(story.view.facts).value if found.ended_at else "going_on",
        )


@blueprint.post("/calls/<id>/number")
@allowed(Role.FIRM)
def caller(id: str) -> str:
    """The customer's number in full, once, for a reason that is kept: the firm answers for its customers' data."""
    given, person, shown = read_form(Reason), visitor(), None
    with office().store.transaction() as session:
        found = own_of_firm(session, Call, id)
        try:
            reason = "" if isinstance(given, Faults) else given.reason
            access = Access(person.account_id, person.line.id, Act.UNMASK, f"call:{id}", reason)
            log_access(session, access, at=office().clock())
            shown = found.caller
        except NoReason:
            shown = None
    return render_template("calls/caller.html", call=found, shown=shown, refused=shown is None)


def _period() -> Period | None:
    """The days of the address; what is no day does not count."""
    first, last = (read_day(request.args.get(name, "")) for name in ("first", "last"))
    if first is None and last is None:
        return None
    return Period(first or FIRST_DAY, last or office().clock().astimezone(SEOUL).date())
