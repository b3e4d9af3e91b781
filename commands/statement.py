"""`charterline statement`: what a client firm owes for a month, printed, as JSON, or as a file."""

import click

from commands.bills_shown import bill_entry, bill_lines
from commands.centre import LINE, centre_of
from commands.report_output import STANDARD, opened_output
from commands.shared import AS_JSON, ToldInWords, opened, print_json
from config.clock import system_clock
from console.bills.document import FORMATS, WRITINGS
from console.bills.showing import shown_bill
from ivr.base import Refused
from ivr.lines.model import UnknownLine

TO_SCREEN = ("html", "csv")


@click.command()
@click.option("--firm", "firm_id", required=True, help="The client firm (`charterline firms list`).")
@click.option("--month", required=True, help="The month, like 2026-10.")
@LINE
@click.option("--format", "form", type=click.Choice(FORMATS), help="Write it as a file of this format.")
@click.option("--output", help="The file, replaced as a whole; - for standard output (html and csv).")
@AS_JSON
@ToldInWords(Refused, UnknownLine)
def statement(firm_id: str, month: str, line_id: str | None, as_json: bool, **writing: str | None) -> None:
    """Show what a client firm owes for a month, line by line, and how each line was reckoned.

    A month that is not closed yet is shown as it stands. The same data always give the same bytes.
    """
    form, output = writing["form"], writing["output"]
    if (form is None) != (output is None):
        raise click.UsageError("--format and --output go together")
    if output == STANDARD and form not in TO_SCREEN:
        raise click.UsageError(f"a statement as {form} is no text: name a file with --output")
    here = opened()
    line = centre_of(here, line_id)
    with here.store.reading() as session:
        shown = shown_bill(session, line, firm_id, month=month, at=system_clock())
        if form is not None and output is not None:
            with opened_output(output) as out:
                WRITINGS[form](session, shown, out)
            return
    if as_json:
        print_json(bill_entry(shown))
        return
    click.echo("\n".join(bill_lines(shown)))
