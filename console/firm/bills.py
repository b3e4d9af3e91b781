"""A firm's own bills: every month, one statement, the usage behind each line, and its file (A8)."""

from datetime import datetime

from flask import abort, render_template
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from console.bills.document import FORMATS, WRITINGS, file_name
from console.bills.drawn import addresses, drawn_lines
from console.bills.pages import OF_CALLS, PAGE
from console.bills.showing import ShownBill, Sums, months_of_firm, shown_bill, state_of, sums_of
from console.downloads import download
from console.firm.room import blueprint, own_firm
from console.office import office
from console.paging import asked_after_moment, cut
from console.visitor import allowed, wording
from ivr.accounts.rows import Role
from ivr.billing.months import month_at
from ivr.billing.opening import counted_by, find_rows
from ivr.billing.refusing import BillRefused
from ivr.billing.statements import preview


@blueprint.get("/bills")
@allowed(Role.FIRM)
def bills() -> str:
    """Every month, newest first."""
    (line, firm), at = own_firm(), office().clock()
    with office().store.reading() as session:
        try:
            months = months_of_firm(session, line, firm.id, at=at)
        except BillRefused:
            months = []
    return render_template("firm/bills.html", bills=[(bill, sums_of(bill), state_of(bill, at=at)) for bill in months])


@blueprint.get("/bills/<month>")
@allowed(Role.FIRM)
def bill(month: str) -> str:
    """One month line by line."""
    with office().store.reading() as session:
        one = _shown(session, month)
        lines = drawn_lines(one, wording().say)
    return render_template("firm/bill.html", shown=one, lines=lines, **addresses(one, "firm.rows", "firm.file"))


@blueprint.get("/bills/<month>/lines/<int:ordinal>")
@allowed(Role.FIRM)
def rows(month: str, ordinal: int) -> str:
    """The usage behind a line, earliest first."""
    with office().store.reading() as session:
        one = _shown(session, month)
        if not 1 <= ordinal <= len(one.bill.lines):
            abort(404)
        behind = counted_by(one.bill, one.bill.lines[ordinal - 1])
        if behind is None:
            abort(404)
        found = find_rows(session, behind, after=asked_after_moment(), limit=PAGE + 1)
    return render_template(
        "firm/usage.html",
        shown=one,
        drawn=drawn_lines(one, wording().say)[ordinal - 1],
        page=cut(found, PAGE, lambda opened: (opened.usage.happened_at.isoformat(), opened.usage.key)),
        of_calls=OF_CALLS,
    )


@blueprint.get("/bills/<month>/file.<form>")
@allowed(Role.FIRM)
def file(month: str, form: str) -> Response:
    """The statement as a file; nothing in it is about a person."""
    if form not in FORMATS:
        abort(404)
    with office().store.reading() as session:
        one = _shown(session, month)
        return download(file_name(one), f".{form}", lambda out: WRITINGS[form](session, one, out))


def sums_now(session: Session, at: datetime) -> Sums | None:
    """What the present month comes to so far; None where it cannot be reckoned."""
    line, firm = own_firm()
    try:
        return sums_of(preview(session, line, firm.id, month=str(month_at(at)), at=at))
    except BillRefused:
        return None


def _shown(session: Session, month: str) -> ShownBill:
    line, firm = own_firm()
    try:
        return shown_bill(session, line, firm.id, month=month, at=office().clock())
    except BillRefused:
        abort(404)
