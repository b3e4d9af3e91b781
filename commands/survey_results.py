"""The command that shows what callers answered at the end of their calls."""

from datetime import UTC, datetime, timedelta

import click

from commands.results_shown import entry_of, lines_of
from commands.shared import AS_JSON, opened, print_json
from commands.survey_opened import in_words, installed_questionnaires
from ivr.base import Refused
from ivr.lines.hours import SEOUL
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.results import AfterCalls, comments_of_calls, results_of_calls

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("results")
@click.argument("line_id")
@click.option("--from", "first", type=DAY, help="The first local day, like 2026-11-01.")
@click.option("--to", "last", type=DAY, help="The last local day; it is included.")
@click.option("--comments", "most", type=click.IntRange(0, 10_000), default=20, show_default=True, help="How many.")
@AS_JSON
@in_words
def calls_command(line_id: str, first: datetime | None, last: datetime | None, most: int, as_json: bool) -> None:
    """Show what callers of a line answered at the end of their calls, by agent; campaigns have their own results."""
    if first is not None and last is not None and first > last:
        raise click.UsageError(f"--from {first.date()} lies after --to {last.date()}")
    installation, installed = opened(), installed_questionnaires()
    id = installation.lines.by_id(line_id).surveys.end_of_call
    if not id:
        raise Refused(f"{line_id} asks nobody at the end of a call: name a questionnaire in its [surveys] end_of_call")
    until = _begin(last + timedelta(days=1)) if last is not None else None
    asked = AfterCalls(line_id, id, _begin(first) if first is not None else None, until)
    with installation.store.reading() as session:
        one = questionnaire_of(session, id, None, installed=installed)
        found = results_of_calls(session, asked, one)
        said = comments_of_calls(session, asked, most=most)
    if as_json:
        print_json({"line": line_id, "questionnaire": id, **entry_of(found, said)})
        return
    click.echo("\n".join([f"{line_id}: {one.title} ({id})", *lines_of(found, said)]))


def _begin(day: datetime) -> datetime:
    """The first moment of a local day."""
    return day.replace(tzinfo=SEOUL).astimezone(UTC)


result_commands = (calls_command,)
