"""`charterline bills`: closing a month, correcting a line, publishing prices."""

from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from commands.centre import LINE, centre_of
from commands.firms_acting import DAY
from commands.shared import ToldInWords, by_option, local_time, opened
from config.clock import system_clock
from ivr.base import Refused
from ivr.billing.correcting import Wrong, correct, corrections_of
from ivr.billing.prices import Draft, price_history, publish_prices
from ivr.billing.rows import Correction
from ivr.billing.statements import close_month
from ivr.lines.centre import Prices
from ivr.lines.model import UnknownLine

MOST_WON = 10_000_000_000
IN_WORDS = ToldInWords(Refused, UnknownLine)
BY = by_option("--by", text="Who does it")
PRICES = {
    "band_calls": "Handled calls of a band.",
    "calls_per_agent_day": "Calls that an agent handles a day.",
    "working_days": "Working days of a month.",
    "agent_per_year": "What an agent costs a year, in won.",
    "firm_percent": "The firm's share of it, in percent.",
    "base_per_year": "The base fee of a year, in won.",
    "answer": "A complete answer of a survey, in won.",
    "minute": "A begun minute of talk, in won.",
    "text": "A text message, in won.",
    "carriage_percent": "How much of calls and texts the centre bears, in percent.",
}


@click.command()
@click.option("--month", required=True, help="The month, like 2026-10.")
@LINE
@BY
@IN_WORDS
def close(month: str, line_id: str | None, by: str) -> None:
    """Make the statements of a month that is over; those that stand are left as they are."""
    here = opened()
    line = centre_of(here, line_id)
    with here.store.transaction() as session:
        closed = close_month(session, line, month, by=by, at=system_clock())
    for one in closed.made:
        click.echo(f"{one.id}  {one.owed:>12,} won")
    click.echo(f"{len(closed.made)} statements made, {closed.stood} stood already")
    for firm, faults in sorted(closed.faults.items()):
        click.echo(f"{firm}: {', '.join(faults)}", err=True)


@click.command("correct")
@click.argument("statement_id")
@click.argument("number", type=int)
@click.option(
    "--owed",
    required=True,
    type=click.IntRange(-MOST_WON, MOST_WON),
    help="Won to be added, or taken off with a minus: --owed=-500.",
)
@click.option("--why", required=True, help="The reason; it stands on the statement.")
@click.option("--again", is_flag=True, help="Also where the same was corrected for the same reason before.")
@LINE
@BY
@IN_WORDS
def correct_line(statement_id: str, number: int, owed: int, **told: Any) -> None:  # Any: click's own
    """Put line NUMBER of a statement right; the firm's next statement carries it.

    The same amount for the same reason is refused a second time, so that a command given twice corrects once.
    """
    here = opened()
    line = centre_of(here, told["line_id"])
    wrong = Wrong(statement_id, number, owed, told["why"])
    with here.store.transaction() as session:
        row = correct(session, line.id, wrong, by=told["by"], at=system_clock())
        if not told["again"]:
            _refuse_twice(session, row)
    click.echo(f"correction {row.id}: {row.owed:+,} won, on the next statement of {row.firm}")


def _refuse_twice(session: Session, row: Correction) -> None:
    """Raise `Refused` where the line was corrected so before; its statement is locked by now."""
    said = (row.ordinal, row.owed, row.reason)
    for one in corrections_of(session, row.statement_id):
        if one.id != row.id and (one.ordinal, one.owed, one.reason) == said:
            raise Refused(
                f"correction {one.id} of {local_time(one.made_at)} says the same of that line: give --again for another"
            )


def _price_options(command: Any) -> Any:  # Any: click's own
    for name, text in reversed(PRICES.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, type=click.IntRange(0), help=text)(command)
    return command


@click.command("publish")
@click.option("--since", required=True, type=DAY, help="The first day, like 2026-12-01.")
@click.option("--until", type=DAY, help="The last day, where other prices follow on the next one.")
@click.option("--why", required=True, help="The reason.")
@_price_options
@LINE
@BY
@IN_WORDS
def publish_list(since: datetime, until: datetime | None, why: str, **told: Any) -> None:  # Any: click's own
    """Publish prices from a day on; what is not given stays as it is on that day. Billed months keep their prices."""
    here = opened()
    line = centre_of(here, told["line_id"])
    given = {name: told[name] for name in PRICES if told[name] is not None}
    with here.store.transaction() as session:
        held = price_history(session, line)
        before = held.on(max(since.date(), held.since))
        try:
            prices = Prices.model_validate(before.model_dump() | given)
        except ValueError as error:
            raise click.ClickException(str(error)) from None
        draft = Draft(since.date(), prices, why, until.date() if until else None)
        row = publish_prices(session, line, draft, by=told["by"], at=system_clock())
    click.echo(f"version {row.version} holds from {row.since} on")


ACTING_COMMANDS = (close, correct_line, publish_list)
