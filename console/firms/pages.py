"""The pages of client firms: the register with what is due, one firm, and the comparison of costs."""

from collections.abc import Sequence

from flask import render_template, request
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from console.centre import centre_line
from console.firms import acting, entering
from console.firms.room import blueprint
from console.firms.showing import show_firm, today
from console.office import office
from console.paging import PageOf, asked_after, cut
from console.shell import SUPERVISING
from console.visitor import STAFF, allowed, visitor, wording
from ivr.billing.prices import price_history
from ivr.firms.comparison import compare
from ivr.firms.registering import firms_of
from ivr.firms.rows import FirmEntry
from ivr.firms.standing import Standing, standings
from ivr.rounding import rounded

# Their views are of the same blueprint.
__all__ = ["acting", "blueprint", "entering"]
SIZE = 50
VIEWS = ("all", "due")
MOST_CALLS = 100_000


@blueprint.get("")
@allowed(*STAFF)
def page() -> str:
    """Firms of the register by name, or (`?view=due`) those of which something is to be done, the soonest first."""
    line, rule = centre_line()
    view = "due" if request.args.get("view") == "due" else "all"
    with office().store.reading() as session:
        shown = _due(session) if view == "due" else _cut(session)
        entered = set(session.scalars(select(FirmEntry.id).where(FirmEntry.line == line.id)))
        return render_template(
            "firms/page.html",
            page=shown,
            view=view,
            views=VIEWS,
            rule=rule,
            today=today(),
            unregistered=[firm for firm in line.firms.values() if firm.id not in entered],
            may_change=visitor().may(*SUPERVISING),
        )


@blueprint.get("/<firm_id>")
@allowed(*STAFF)
def one(firm_id: str) -> str:
    """One firm: its entry, its years, its contracts, and everything that was done."""
    return show_firm(firm_id)


@blueprint.get("/comparison")
@allowed(*STAFF)
def comparison() -> str | tuple[str, int]:
    """The document's comparison of a year's cost, at its own calls a day or at `?calls=`, by today's prices."""
    line, rule = centre_line()
    calls = _calls(request.args.get("calls", ""), rule.comparison.calls_per_day)
    with office().store.reading() as session:
        prices = price_history(session, line).on(today())
    table = compare(rule, prices=prices, calls_per_day=calls)
    shown = render_template(
        "firms/comparison.html",
        table=table,
        rule=rule.comparison,
        prices=prices,
        rounded=rounded,
        typed=request.args.get("calls", ""),
        fault="" if calls else wording().say("firms.calls_wrong", most=f"{MOST_CALLS:,}"),
        is_documents=table.calls_per_day == rule.comparison.calls_per_day,
    )
    return shown if calls else (shown, 422)


def _calls(written: str, otherwise: int) -> int | None:
    """The number that was typed, None for one that cannot be."""
    if not written.strip():
        return otherwise
    digits = written.strip().replace(",", "")
    calls = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= len(str(MOST_CALLS)) else 0
    return calls if 1 <= calls <= MOST_CALLS else None


def _cut(session: Session) -> PageOf[Standing]:
    line, _ = centre_line()
    query = select(FirmEntry).where(FirmEntry.line == line.id).order_by(FirmEntry.name, FirmEntry.id)
    after = asked_after(2)
    if after is not None:
        query = query.where(tuple_(FirmEntry.name, FirmEntry.id) > tuple_(*after))
    entries = cut(session.scalars(query.limit(SIZE + 1)).all(), SIZE, _mark)
    return PageOf(standings(session, line, entries.rows, day=today()), entries.after, entries.is_first)


def _due(session: Session) -> PageOf[Standing]:
    line, _ = centre_line()
    found: Sequence[Standing] = standings(session, line, firms_of(session, line.id), day=today())
    waiting = [standing for standing in found if standing.dues]
    return PageOf(sorted(waiting, key=lambda standing: standing.dues[0].by), None, is_first=True)


def _mark(entry: FirmEntry) -> tuple[str, str]:
    return entry.name, entry.id
