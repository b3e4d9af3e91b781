"""`charterline firms`: the client firms of a shared centre, their contracts, and what a year would cost."""

import click

from commands.centre import LINE, centre_of
from commands.firms_contracts import CONTRACT_COMMANDS
from commands.firms_entries import ENTRY_COMMANDS
from commands.firms_shown import contract_entry as held_entry
from commands.firms_shown import event_entry, firm_entry, firm_line, firm_lines, table_entry, table_lines
from commands.shared import AS_JSON, ToldInWords, opened, print_json
from config.clock import system_clock
from ivr.base import Refused
from ivr.billing.prices import price_history
from ivr.firms.comparison import compare
from ivr.firms.registering import firm_of, firms_of
from ivr.firms.standing import standings
from ivr.firms.working import events_of, rule_of
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine

IN_WORDS = ToldInWords(Refused, UnknownLine)


@click.group()
def firms() -> None:
    """Client firms of a shared centre: the register, contracts, securities, and the comparison of costs."""


for command in (*ENTRY_COMMANDS, *CONTRACT_COMMANDS):
    firms.add_command(command)


@firms.command("list")
@LINE
@click.option("--due", "only_due", is_flag=True, help="Only firms of which something is to be done.")
@AS_JSON
@IN_WORDS
def list_firms(line_id: str | None, only_due: bool, as_json: bool) -> None:
    """List the firms of the register: years used, the contract that holds, and what is to be done soon."""
    here, at = opened(), system_clock()
    line = centre_of(here, line_id)
    with here.store.reading() as session:
        found = standings(session, line, firms_of(session, line.id), day=at.astimezone(SEOUL).date())
    shown = [one for one in found if one.dues or not only_due]
    if as_json:
        print_json([firm_entry(one) for one in shown])
        return
    for one in shown:
        click.echo(firm_line(one))


@firms.command("show")
@click.argument("firm_id")
@LINE
@AS_JSON
@IN_WORDS
def show_firm(firm_id: str, line_id: str | None, as_json: bool) -> None:
    """Show one firm: entry, contracts, securities, and everything that was done."""
    here, at = opened(), system_clock()
    line = centre_of(here, line_id)
    with here.store.reading() as session:
        [found] = standings(session, line, [firm_of(session, line.id, firm_id)], day=at.astimezone(SEOUL).date())
        events = events_of(session, line.id, firm_id)
    if as_json:
        contracts = [held_entry(held) for held in found.contracts]
        print_json({**firm_entry(found), "contracts": contracts, "events": [event_entry(one) for one in events]})
        return
    click.echo("\n".join(firm_lines(found, events)))


@firms.command("compare")
@click.option("--calls", type=click.IntRange(1, 100_000), help="Calls a day; the document's number without it.")
@LINE
@AS_JSON
@IN_WORDS
def compare_costs(calls: int | None, line_id: str | None, as_json: bool) -> None:
    """Compare what a year costs at another call centre and at this one, by today's prices."""
    here, at = opened(), system_clock()
    line = centre_of(here, line_id)
    with here.store.reading() as session:
        prices = price_history(session, line).on(at.astimezone(SEOUL).date())
    table = compare(rule_of(line), prices=prices, calls_per_day=calls)
    if as_json:
        print_json(table_entry(table))
        return
    click.echo("\n".join(table_lines(table)))
