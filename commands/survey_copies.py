"""The commands that make questionnaires of one's own: copy, export to a file, import the edited file."""

from pathlib import Path

import click

from commands.report_output import STANDARD, opened_output
from commands.shared import opened
from commands.survey_opened import BY, body_from, found, in_words, installed_questionnaires, line_files, tell_faults
from config.clock import system_clock
from config.files import SURVEYS, read_folder
from ivr.surveys.check import faults_of_strangers
from ivr.surveys.copies import body_of, bring, copy
from ivr.surveys.model import Questionnaires
from ivr.surveys.reading import check_questionnaire, parse_questionnaire


@click.command("copy")
@click.argument("id")
@click.argument("new_id")
@BY
@in_words
def copy_command(id: str, new_id: str, by: str) -> None:
    """Copy the questionnaire ID under NEW_ID, to be exported, edited and imported."""
    one, installed = found(id)
    if new_id in installed:
        raise click.ClickException(f"{new_id} is an installed questionnaire: choose another id")
    with opened().store.transaction() as session:
        kept = copy(session, one, new_id, by=by, at=system_clock())
    click.echo(f"{kept[0]}/{kept[1]} is a copy of {one.id}/{one.version}. Edit it: charterline survey export {new_id}")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@BY
@in_words
def import_command(file: Path, by: str) -> None:
    """Keep the questionnaire in FILE as a new version; one with faults is refused as a whole."""
    body = body_from(file)
    faults = check_questionnaire(body, file.stem, read_folder(SURVEYS))
    if any(fault.severity == "error" for fault in faults):
        tell_faults(faults, as_json=False)
    one = parse_questionnaire(body, file.stem)
    faults += faults_of_strangers(Questionnaires([one]), [line.id for line in line_files()[1]])
    tell_faults(faults, as_json=False)
    with opened().store.transaction() as session:
        id, version = bring(session, one, installed_questionnaires(), by=by, at=system_clock())
    click.echo(f"{id}/{version} is kept; new campaigns ask this version")


@click.command("export")
@click.argument("id")
@click.option("--version", type=click.IntRange(1), help="A version that was kept; the newest else.")
@click.option("--output", default=STANDARD, help="The file to write; standard output else.")
@in_words
def export_command(id: str, version: int | None, output: str) -> None:
    """Write a questionnaire as a file, to be read, edited and imported."""
    one, _ = found(id, version)
    with opened_output(output) as file:
        file.write(body_of(one).encode())


copy_commands = (copy_command, import_command, export_command)
