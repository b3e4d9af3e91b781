"""`charterline bills`: the bills of a shared centre's client firms, closed month by month; prices; corrections."""

from collections.abc import Iterator, Mapping
from itertools import islice

import click

from commands.bills_acting import ACTING_COMMANDS
from commands.bills_shown import prices_entry, row_entry, summary_entry, summary_line
from commands.centre import LINE, centre_of
from commands.shared import AS_JSON, ToldInWords, local_time, opened, print_json
from config.clock import system_clock
from console.bills.showing import bills_of_clients, clients_of, shown_bill
from ivr.base import Refused
from ivr.billing.months import month_at, read_month
from ivr.billing.opening import Opened, counted_by, every_row
from ivr.billing.prices import price_history
from ivr.billing.recounting import Difference, recount, recounted
from ivr.billing.refusing import BillRefused
from ivr.lines.model import UnknownLine

IN_WORDS = ToldInWords(Refused, UnknownLine)
MONTH = click.option("--month", required=True, help="The month, like 2026-10.")


@click.group()
def bills() -> None:
    """Bills of client firms: what they used and owe, closing a month, corrections, prices."""


for command in ACTING_COMMANDS:
    bills.add_command(command)


@bills.command("list")
@click.option("--month", help="The month, like 2026-10; the present one without it.")
@LINE
@AS_JSON
@IN_WORDS
def list_bills(month: str | None, line_id: str | None, as_json: bool) -> None:
    """List what every firm owes for a month: as it was closed, or as it stands."""
    here, at = opened(), system_clock()
    line, wanted = centre_of(here, line_id), str(read_month(month)) if month else str(month_at(at))
    with here.store.reading() as session:
        found = bills_of_clients(session, line, clients_of(session, line), month=wanted, at=at)
    if as_json:
        print_json([summary_entry(client, bill) for client, bill in found])
        return
    for client, bill in found:
        click.echo(summary_line(client, bill))


@bills.command("rows")
@click.option("--firm", "firm_id", required=True, help="The client firm (`charterline firms list`).")
@MONTH
@click.option("--number", required=True, type=click.IntRange(1), help="The line (`charterline statement`).")
@LINE
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1), help="How many, earliest first.")
@AS_JSON
@IN_WORDS
def list_rows(firm_id: str, month: str, number: int, as_json: bool, **asked: str | int | None) -> None:
    """List the usage that a line of a bill counts, row by row."""
    here = opened()
    line = centre_of(here, str(asked["line_id"]) if asked["line_id"] else None)
    with here.store.reading() as session:
        shown = shown_bill(session, line, firm_id, month=month, at=system_clock())
        if number > len(shown.bill.lines):
            raise BillRefused("unknown_line", id=f"{line.id}-{firm_id}-{month}", ordinal=number)
        behind = counted_by(shown.bill, shown.bill.lines[number - 1])
        rows: Iterator[Opened] = every_row(session, behind) if behind else iter(())
        found = list(islice(rows, int(asked["limit"] or 0)))
    if as_json:
        print_json([row_entry(one) for one in found])
        return
    for one in found:
        at = local_time(one.usage.happened_at)
        click.echo(f"{at}  {one.receipt or '':<16} {one.usage.quantity:>6,}  {one.usage.key}")


@bills.command("prices")
@LINE
@AS_JSON
@IN_WORDS
def list_prices(line_id: str | None, as_json: bool) -> None:
    """List the prices that hold, by the day on which they begin; version 0 is the line's file."""
    here = opened()
    line = centre_of(here, line_id)
    with here.store.reading() as session:
        history = price_history(session, line)
    if as_json:
        print_json([prices_entry(listed) for listed in history.lists])
        return
    for listed in history.lists:
        click.echo(f"from {listed.since}, version {listed.version}  {listed.reason}".rstrip())
        for name, value in listed.prices:
            click.echo(f"    {name:<20} {value:>13,}")


@bills.command("recount")
@MONTH
@LINE
@click.option("--dry-run", is_flag=True, help="Only say what differs.")
@AS_JSON
@IN_WORDS
def recount_month(month: str, line_id: str | None, dry_run: bool, as_json: bool) -> None:
    """Count a month's usage again from its calls, answers and texts, say what differs, and note it.

    Normally nothing differs. What is noted of a closed month stands on the firm's next statement.
    """
    here, wanted = opened(), read_month(month)
    line = centre_of(here, line_id)
    with here.store.reading() as session:
        found = list(recounted(session, line, wanted))
    if found and not dry_run:
        with here.store.transaction() as session:
            recount(session, line, wanted, at=system_clock())
    if as_json:
        print_json([_difference(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.kind.value}/{one.source}  {one.firm}  {one.month}  {one.quantity:+,}")
    click.echo(f"{len(found)} differences" + (" noted" if found and not dry_run else ""))


def _difference(one: Difference) -> Mapping[str, str | int]:
    return {
        "kind": one.kind.value,
        "source": one.source,
        "firm": one.firm,
        "month": one.month,
        "quantity": one.quantity,
    }
