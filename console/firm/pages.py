"""A firm's first page: its month in figures, what waits, and how its customers' data are kept."""

from datetime import date

from flask import render_template
from sqlalchemy.orm import Session

from console.firm import bills, calls, cases, surveys
from console.firm.room import blueprint, own_firm
from console.office import office
from console.visitor import allowed
from ivr.accounts.rows import Role
from ivr.calls.found import found_calls
from ivr.calls.searching import Sought, find_calls
from ivr.cases.finding import Sought as SoughtCases
from ivr.cases.finding import find_cases
from ivr.figures.asking import By, Period, figures_by
from ivr.figures.sums import Figures
from ivr.lines.hours import SEOUL

# Their views are of the same blueprint.
__all__ = ["bills", "blueprint", "calls", "cases", "surveys"]
NEWEST = 5
# More open cases than that are counted as "and more".
MOST_OPEN = 100


@blueprint.get("/")
@allowed(Role.FIRM)
def page() -> str:
    """The month up to today, the newest calls, and the open cases."""
    line, firm = own_firm()
    at = office().clock()
    today = at.astimezone(SEOUL).date()
    with office().store.reading() as reading:
        newest = find_calls(reading, Sought(line.id, firm=firm.id), limit=NEWEST)
        return render_template(
            "firm/page.html",
            firm=firm,
            products=[line.products[id].name for id in firm.products if id in line.products],
            figures=figures_of_firm(reading, line.id, firm.id, first=today.replace(day=1), last=today),
            bill=bills.sums_now(reading, at),
            newest=found_calls(reading, [call.id for call in newest.calls]),
            open_cases=len(find_cases(reading, SoughtCases(line.id, firm=firm.id), limit=MOST_OPEN)),
        )


def figures_of_firm(session: Session, line_id: str, firm_id: str, *, first: date, last: date) -> Figures:
    """The figures of one firm's calls on local days, both included."""
    found = dict(figures_by(session, [line_id], period=Period(first, last), by=By.FIRM))
    return found.get(firm_id, Figures())
