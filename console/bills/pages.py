"""The pages of bills: firms of a month, months of a firm, one statement, the usage behind a line, and its file."""

from flask import abort, render_template
from werkzeug.wrappers import Response

from console.bills import acting, pricing
from console.bills.document import FORMATS, WRITINGS, file_name
from console.bills.drawn import addresses, drawn_lines
from console.bills.room import blueprint, month_asked, refuse, shown
from console.bills.showing import (
    Client,
    bills_of_clients,
    client_of,
    clients_of,
    months_of_firm,
    neighbours,
    state_of,
    sums_of,
)
from console.centre import centre_line
from console.downloads import download
from console.office import office
from console.paging import asked_after, asked_after_moment, cut
from console.shell import SUPERVISING
from console.visitor import STAFF, allowed, visitor, wording
from ivr.billing.drawing import Bill
from ivr.billing.months import end_of
from ivr.billing.opening import counted_by, find_rows
from ivr.billing.refusing import BillRefused
from ivr.billing.rows import UsageKind

# Their views are of the same blueprint.
__all__ = ["acting", "blueprint", "pricing"]
PAGE = 50
# Rows that are calls lead to the call's own page.
OF_CALLS = (UsageKind.CALL, UsageKind.MINUTE)


@blueprint.get("/")
@allowed(*STAFF)
def page() -> str:
    """What every firm owes for a month, closed or as it stands now."""
    (line, _), month, at = centre_line(), month_asked(), office().clock()
    with office().store.reading() as session:
        after = asked_after(2) or ("", "")
        clients = [client for client in clients_of(session, line) if (client.name, client.id) > after]
        clients_page = cut(clients, PAGE, lambda client: (client.name, client.id))
        try:
            bills = bills_of_clients(session, line, clients_page.rows, month=str(month), at=at)
        except BillRefused as refused:
            refuse(refused)
    return render_template(
        "bills/page.html",
        page=clients_page,
        bills=[(client, bill, sums_of(bill), state_of(bill, at=at)) for client, bill in bills],
        month=month,
        around=neighbours(month, at),
        may_close=visitor().may(*SUPERVISING) and at >= end_of(month) and (clients_page.after or _is_due(bills)),
    )


def _is_due(bills: list[tuple[Client, Bill]]) -> bool:
    return any(bill.lines and not bill.is_closed for _, bill in bills)


@blueprint.get("/<firm>/")
@allowed(*STAFF)
def firm(firm: str) -> str:
    """Every month of a firm, newest first."""
    (line, _), at = centre_line(), office().clock()
    with office().store.reading() as session:
        try:
            client, bills = client_of(session, line, firm), months_of_firm(session, line, firm, at=at)
        except BillRefused as refused:
            refuse(refused)
    return render_template(
        "bills/firm.html", client=client, bills=[(bill, sums_of(bill), state_of(bill, at=at)) for bill in bills]
    )


@blueprint.get("/<firm>/<month>")
@allowed(*STAFF)
def statement(firm: str, month: str) -> str:
    """A firm's month line by line."""
    with office().store.reading() as session:
        one = shown(session, firm, month)
        lines = drawn_lines(one, wording().say)
    return render_template(
        "bills/one.html",
        shown=one,
        lines=lines,
        may_correct=one.bill.is_closed and visitor().may(*SUPERVISING),
        **addresses(one, "bills.rows", "bills.file", firm=firm),
    )


@blueprint.get("/<firm>/<month>/lines/<int:ordinal>")
@allowed(*STAFF)
def rows(firm: str, month: str, ordinal: int) -> str:
    """The usage behind a line, earliest first."""
    with office().store.reading() as session:
        one = shown(session, firm, month)
        if not 1 <= ordinal <= len(one.bill.lines):
            abort(404)
        line = one.bill.lines[ordinal - 1]
        behind = counted_by(one.bill, line)
        if behind is None:
            abort(404)
        found = find_rows(session, behind, after=asked_after_moment(), limit=PAGE + 1)
    return render_template(
        "bills/rows.html",
        shown=one,
        ordinal=ordinal,
        drawn=drawn_lines(one, wording().say)[ordinal - 1],
        page=cut(found, PAGE, lambda opened: (opened.usage.happened_at.isoformat(), opened.usage.key)),
        of_calls=OF_CALLS,
    )


@blueprint.get("/<firm>/<month>/file.<form>")
@allowed(*STAFF)
def file(firm: str, month: str, form: str) -> Response:
    """The statement as a file; nothing in it is about a person."""
    if form not in FORMATS:
        abort(404)
    with office().store.reading() as session:
        one = shown(session, firm, month)
        return download(file_name(one), f".{form}", lambda out: WRITINGS[form](session, one, out))
