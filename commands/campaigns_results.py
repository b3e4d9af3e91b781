"""The commands that show what a campaign found out, and that take its answers out of the house."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from commands.report_output import opened_output
from commands.results_shown import entry_of, lines_of
from commands.shared import AS_JSON, opened, print_json
from commands.survey_opened import BY, in_words, installed_questionnaires
from config.clock import system_clock
from ivr.base import Refused
from ivr.campaigns.rows import Campaign
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.exporting import columns, note_export, rows
from ivr.surveys.results import comments, results
from ivr.tables import UnknownTable, ending_of, write_rows


@click.command("results")
@click.argument("campaign_id", type=click.IntRange(1))
@click.option("--comments", "most", type=click.IntRange(0, 10_000), default=20, show_default=True, help="How many.")
@AS_JSON
@in_words
def results_command(campaign_id: int, most: int, as_json: bool) -> None:
    """Show the answers by question with 95 % intervals, scores of 100, response rates, groups and comments.

    Counted are completed and partial interviews, one for each person. Shares have Wilson's interval, means Student's,
    both smaller where a large part of all people answered.
    """
    installed = installed_questionnaires()
    with opened().store.reading() as session:
        campaign = _campaign(session, campaign_id)
        one = questionnaire_of(session, campaign.questionnaire, campaign.questionnaire_version, installed=installed)
        found = results(session, campaign_id, one)
        said = comments(session, campaign_id, most=most)
        name = campaign.name
    if as_json:
        head = {"campaign": campaign_id, "name": name, "questionnaire": f"{one.id}/{one.version}"}
        print_json({**head, **entry_of(found, said)})
        return
    click.echo("\n".join([f"{name}: {one.title} ({one.id}/{one.version})", *lines_of(found, said)]))


@click.command("export")
@click.argument("campaign_id", type=click.IntRange(1))
@click.option("--output", required=True, help="The file to write, ending in .csv or .xlsx.")
@click.option("--why", required=True, help="What the answers are taken out for; it is kept with your name.")
@BY
@in_words
def export_command(campaign_id: int, output: str, why: str, by: str) -> None:
    """Write every counted interview with its answers as a table: ids of people, no names and no numbers."""
    if not why.strip():
        raise click.UsageError("--why is empty: say what the answers are taken out for")
    installed = installed_questionnaires()
    store = opened().store
    with _in_words(), opened_output(output) as file:
        ending = ending_of(output)
        with store.transaction() as session:
            note_export(session, _campaign(session, campaign_id).id, by=by, why=why.strip(), at=system_clock())
        with store.reading() as session:
            campaign = _campaign(session, campaign_id)
            one = questionnaire_of(session, campaign.questionnaire, campaign.questionnaire_version, installed=installed)
            count = write_rows(file, ending, head=columns(one), rows=rows(session, campaign_id, one))
    click.echo(f"{count} interviews are in {output}")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except UnknownTable as error:
        raise click.UsageError(str(error)) from None


def _campaign(session: Session, campaign_id: int) -> Campaign:
    found = session.get(Campaign, campaign_id)
    if found is None:
        raise Refused(f"no campaign has the number {campaign_id}: see `charterline campaigns list`")
    return found
