"""`charterline firms`: commands that draft, sign and end contracts, and take and return what stands behind them."""

from datetime import datetime
from typing import Final

import click

from commands.centre import LINE
from commands.firms_acting import BY, DAY, day_of, working
from ivr.firms.clauses import CLAUSES
from ivr.firms.drafting import Terms, draft, drop, propose, redraft
from ivr.firms.rows import SecurityKind
from ivr.firms.security import Left, carry_deposit, note_security, return_security
from ivr.firms.signing import end, note_published, sign

FIRST_DAY = click.option("--from", "first_day", type=DAY, help="Its first day; the day after the last contract else.")
CALLS = click.option("--calls", type=click.IntRange(0), help="Handled calls a month; the mean of last year else.")
WHY = click.option("--why", required=True, help="The reason, kept with the contract.")
ON = click.option("--on", type=DAY, help="The day, like 2026-12-01; today without it.")


@click.command("draft")
@click.argument("firm_id")
@FIRST_DAY
@CALLS
@LINE
@BY
def draft_contract(firm_id: str, first_day: datetime | None, calls: int | None, line_id: str | None, by: str) -> None:
    """Draft a contract of a year for FIRM_ID; without options it follows the last one by last year's usage."""
    with working(line_id, by) as work:
        begin = first_day.date() if first_day else None
        proposal = propose(work.session, work.line, firm_id, day=work.today, first_day=begin)
        monthly = proposal.monthly_calls if calls is None else calls
        if monthly is None:
            raise click.UsageError("there is no whole month of usage to go by: give --calls")
        contract = draft(work, firm_id, Terms(proposal.first_day, monthly))
        said = f"{contract.id}  {contract.first_day}..{contract.last_day}  {contract.monthly_calls} calls a month"
    click.echo(said)


@click.command("redraft")
@click.argument("contract_id")
@click.option("--from", "first_day", type=DAY, required=True, help="Its first day.")
@click.option("--calls", type=click.IntRange(0), required=True, help="Handled calls a month.")
@LINE
@BY
def redraft_contract(contract_id: str, first_day: datetime, calls: int, line_id: str | None, by: str) -> None:
    """Give the draft CONTRACT_ID other terms."""
    with working(line_id, by) as work:
        contract = redraft(work, contract_id, Terms(first_day.date(), calls))
        said = f"{contract.id}  {contract.first_day}..{contract.last_day}  {contract.monthly_calls} calls a month"
    click.echo(said)


@click.command("security")
@click.argument("contract_id")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in SecurityKind]), help="What it is.")
@click.option("--amount", required=True, type=int, help="In won.")
@click.option("--proof", required=True, help="The bond's number, or the proof that no insurer bonds the firm.")
@ON
@LINE
@BY
def take_security(contract_id: str, amount: int, on: datetime | None, by: str, **told: str | None) -> None:
    """Note the bond or the deposit that was received for CONTRACT_ID."""
    with working(told["line_id"], by) as work:
        left = Left(SecurityKind(str(told["kind"])), amount, str(told["proof"]), day_of(on, work))
        row = note_security(work, contract_id, left)
        said = f"security {row.id}: {row.amount:,} of {row.needed:,} won, due by {row.due_on}"
    click.echo(said)


@click.command("carry")
@click.argument("security_id", type=int)
@click.option("--to", required=True, help="The draft behind which the deposit stands from now on.")
@LINE
@BY
def carry(security_id: int, to: str, line_id: str | None, by: str) -> None:
    """Let the deposit SECURITY_ID go on to the next contract of the same firm."""
    with working(line_id, by) as work:
        row = carry_deposit(work, security_id, to)
        said = f"security {row.id}: {row.amount:,} of {row.needed:,} won"
    click.echo(said)


@click.command("return")
@click.argument("security_id", type=int)
@ON
@LINE
@BY
def give_back(security_id: int, on: datetime | None, line_id: str | None, by: str) -> None:
    """Note that the deposit SECURITY_ID was given back, or the bond released."""
    with working(line_id, by) as work:
        return_security(work, security_id, day_of(on, work))
    click.echo(f"security {security_id} is returned")


@click.command("sign")
@click.argument("contract_id")
@click.option("--clause", "clauses", multiple=True, type=click.Choice(CLAUSES), help="A clause that it has.")
@click.option("--all-clauses", is_flag=True, help="It has every clause on personal data that the law asks for.")
@LINE
@BY
def sign_contract(contract_id: str, clauses: tuple[str, ...], all_clauses: bool, line_id: str | None, by: str) -> None:
    """Sign CONTRACT_ID; what is missing is told: security, clauses on personal data (PIPA art. 26), years left."""
    with working(line_id, by) as work:
        sign(work, contract_id, CLAUSES if all_clauses else clauses)
    click.echo(f"{contract_id} is signed")


@click.command("publish")
@click.argument("contract_id")
@ON
@LINE
@BY
def publish_contract(contract_id: str, on: datetime | None, line_id: str | None, by: str) -> None:
    """Note since when the firm names the centre as its processor in public (PIPA art. 26(2))."""
    with working(line_id, by) as work:
        note_published(work, contract_id, day_of(on, work))
    click.echo(f"{contract_id} is published")


@click.command("end")
@click.argument("contract_id")
@click.option("--on", type=DAY, required=True, help="Its last day.")
@WHY
@LINE
@BY
def end_contract(contract_id: str, on: datetime, why: str, line_id: str | None, by: str) -> None:
    """End CONTRACT_ID early."""
    with working(line_id, by) as work:
        end(work, contract_id, on.date(), why=why)
    click.echo(f"{contract_id} ends on {on:%Y-%m-%d}")


@click.command("drop")
@click.argument("contract_id")
@WHY
@LINE
@BY
def drop_contract(contract_id: str, why: str, line_id: str | None, by: str) -> None:
    """Give up CONTRACT_ID, a draft or one that has not begun."""
    with working(line_id, by) as work:
        drop(work, contract_id, why)
    click.echo(f"{contract_id} is dropped")


CONTRACT_COMMANDS: Final = (
    *(draft_contract, redraft_contract, take_security, carry, give_back),
    *(sign_contract, publish_contract, end_contract, drop_contract),
)
