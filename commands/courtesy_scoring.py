"""The commands of raters: score, correct, reconcile; sheets by file, written as a template and read back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from commands.courtesy_files import UnreadableTable, read_table, write_template
from commands.courtesy_opened import REASON, deed, in_words, ring_rule, scores_of, words
from commands.opened import Opened
from commands.shared import by_option, opened
from ivr.base import Refused
from ivr.courtesy.grids import Row, grid_of, read_grid
from ivr.courtesy.ledger import Deed, Ledger, UnknownRound, read_ledger
from ivr.courtesy.rounds import open_ledger
from ivr.courtesy.rows import CourtesyPick
from ivr.courtesy.sheets import BadSheet, Filled, correct, hand_in, own_place, reconcile, submit
from ivr.courtesy.suggestions import Suggestion, suggestions_of
from ivr.faults import BadData, Fault

ITEMS = click.option("--item", "items", multiple=True, metavar="ID=SCORE", help="A score; ID=- for not applicable.")
RATER = by_option("--rater", text="Whose sheet it is")


@click.command("score")
@click.argument("round_id")
@click.argument("call_id")
@RATER
@ITEMS
@click.option("--note", default="", help="What else there is to say.")
@in_words
def score(round_id: str, call_id: str, rater: str, items: tuple[str, ...], note: str) -> None:
    """Hand in the sheet of one call, with a score for every item; it is final."""
    filled = _filled(items=items, note=note)
    with opened().store.transaction() as session:
        sheet = submit(session, round_id, call_id=call_id, filled=filled, deed=deed(rater))
        place = sheet.place.value
    click.echo(f"{call_id} is scored ({place} rater)")


@click.command("correct")
@click.argument("round_id")
@click.argument("call_id")
@RATER
@ITEMS
@click.option("--note", default="", help="A new note; the old one stays else.")
@REASON
@in_words
def correct_command(round_id: str, call_id: str, rater: str, reason: str, **sheet: Any) -> None:  # Any: click's own
    """Correct items of your own sheet until the round is published; the old version is kept."""
    filled = _filled(**sheet)
    with opened().store.transaction() as session:
        corrected = correct(session, round_id, call_id=call_id, filled=filled, deed=deed(rater, reason))
        version = corrected.version
    click.echo(f"{call_id} is corrected (version {version})")


@click.command("reconcile")
@click.argument("round_id")
@click.argument("call_id")
@by_option("--by", text="Who settles it")
@ITEMS
@click.option("--note", default="", help="How it was settled.")
@click.option("--reason", default="", help="Why it is settled again, when it had been.")
@in_words
def reconcile_command(round_id: str, call_id: str, by: str, reason: str, **sheet: Any) -> None:  # Any: click's own
    """Settle a call on which two raters differ: a score for every item in dispute, kept beside both sheets."""
    filled = _filled(**sheet)
    with opened().store.transaction() as session:
        reconcile(session, round_id, call_id=call_id, filled=filled, deed=deed(by, reason))
    click.echo(f"{call_id} is reconciled")


@click.command("template")
@click.argument("round_id")
@RATER
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="A .csv or .xlsx file.")
@in_words
def template(round_id: str, rater: str, output: Path) -> None:
    """Write the calls that you can still score into a file to fill in; suggested scores stand in it already."""
    installation = opened()
    with installation.store.reading() as session:
        ledger = read_ledger(session, round_id)
        calls = _to_score(session, installation, ledger, rater)
    try:
        write_template(output, ledger.form, grid_of(ledger.form, round_id, calls))
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written ({error.strerror})") from None
    except UnreadableTable as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{output}: {len(calls)} calls")


@click.command("import")
@click.argument("round_id")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@RATER
@in_words
def import_sheets(round_id: str, file: Path, rater: str) -> None:
    """Hand in every sheet that was filled in in a FILE; with a single fault in it nothing is handed in."""
    try:
        grid = read_table(file)
    except UnreadableTable as error:
        raise click.ClickException(str(error)) from None
    installation = opened()
    with installation.store.transaction() as session:
        ledger = open_ledger(session, round_id)
        suggested = _suggested(session, installation, ledger, list(ledger.picks.values()))
        rows, faults = read_grid(ledger.form, round_id, grid, file=file.name, suggested=suggested)
        done = deed(rater)
        wrong = {fault.key.split(",")[0] for fault in faults}
        for row in rows:
            if f"row {row.number}" not in wrong:
                faults += _handed_in(session, ledger, row, deed=done, file=file.name)
        if faults:
            raise BadData(faults)
    click.echo(f"{len(rows)} calls are scored")


def _filled(*, items: tuple[str, ...], note: str) -> Filled:
    return Filled(scores_of(items), note)


def _handed_in(session: Session, ledger: Ledger, row: Row, *, deed: Deed, file: str) -> list[Fault]:
    try:
        hand_in(session, ledger, call_id=row.call_id, filled=row.filled, deed=deed)
    except BadSheet as error:
        return [Fault(file, f"row {row.number}, {item}", problem) for item, problem in error.problems]
    except (Refused, UnknownRound) as error:
        return [Fault(file, f"row {row.number}", str(error))]
    return []


def _to_score(session: Session, installation: Opened, ledger: Ledger, rater: str) -> dict[str, list[Suggestion]]:
    return _suggested(
        session,
        installation,
        ledger,
        [
            pick
            for call_id, pick in ledger.picks.items()
            if ledger.open_places(call_id)
            and own_place(ledger, call_id, rater) is None
            and not _is_own(ledger, call_id, rater)
        ],
    )


def _suggested(
    session: Session, installation: Opened, ledger: Ledger, picks: Sequence[CourtesyPick]
) -> dict[str, list[Suggestion]]:
    rule = ring_rule(installation, ledger.round.institution)
    return suggestions_of(session, picks, form=ledger.form, rule=rule, words=words())


def _is_own(ledger: Ledger, call_id: str, rater: str) -> bool:
    try:
        ledger.refuse_own_call(call_id, rater)
    except Refused:
        return True
    return False


scoring_commands = (score, correct_command, reconcile_command, template, import_sheets)
