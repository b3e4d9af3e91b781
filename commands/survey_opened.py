"""What the commands about questionnaires share: the installed files, the kept copies, the options, errors in words."""

import functools
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from commands.shared import ToldInWords, by_option, opened, print_json
from config.files import LINES, MESSAGES, SURVEYS, UnreadableFiles, read_folder
from ivr.base import Refused
from ivr.faults import BadData, Fault
from ivr.lines.model import Lines, UnknownLine
from ivr.lines.reading import load_lines
from ivr.messages.reading import load_texts
from ivr.messages.texts import Texts
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.kinds import UnknownKind
from ivr.surveys.model import Questionnaire, Questionnaires, UnknownQuestionnaire
from ivr.surveys.reading import MOST_CHARACTERS, load_questionnaires

P = ParamSpec("P")
R = TypeVar("R")
REFUSALS = (Refused, BadData, UnknownQuestionnaire, UnknownKind, UnknownLine, UnreadableFiles)
NO_TABLES = (OperationalError, ProgrammingError)

# A letter of Korean takes three bytes.
MOST_BYTES = 4 * MOST_CHARACTERS

BY = by_option("--by", text="Who does it")
_refused_in_words = ToldInWords(*REFUSALS)


def in_words(command: Callable[P, R]) -> Callable[P, R]:
    """Tell what was refused in words, with exit status 1; a database without tables is named, too."""

    @_refused_in_words
    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except NO_TABLES as error:
            why = f"the database cannot be used ({str(error).splitlines()[0]}): try charterline migrate"
            raise click.ClickException(why) from None

    return told


def installed_questionnaires() -> Questionnaires:
    """The questionnaires of the installed files; raises `BadData`."""
    return load_questionnaires(read_folder(SURVEYS))


def found(id: str, version: int | None = None) -> tuple[Questionnaire, Questionnaires]:
    """A questionnaire by id, and the installed ones; an installed file is read without the database."""
    installed = installed_questionnaires()
    if version is None and id in installed:
        return installed[id], installed
    with opened().store.reading() as session:
        return questionnaire_of(session, id, version, installed=installed), installed


def body_from(file: Path) -> str:
    """The text of a questionnaire's file; raises `BadData` for what is too large to be one, or no text."""
    try:
        size = file.stat().st_size
        if size > MOST_BYTES:
            fault = Fault(str(file), "", f"has {size:,} bytes, over {MOST_BYTES:,}: this is no questionnaire")
            raise BadData([fault])
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadData([Fault(str(file), "", f"cannot be read ({error}): save it as UTF-8")]) from None


def line_files() -> tuple[Texts, Lines]:
    """Words and lines of the installed files; raises `BadData`."""
    texts = load_texts(read_folder(MESSAGES))
    return texts, load_lines(read_folder(LINES), texts)


def tell_faults(faults: Sequence[Fault], *, as_json: bool) -> None:
    """Print the faults, errors to stderr; ends with status 1 where there are any errors."""
    errors = sum(fault.severity == "error" for fault in faults)
    if as_json:
        print_json([asdict(fault) for fault in faults])
    else:
        for fault in faults:
            click.echo(f"{fault.severity}: {fault}", err=fault.severity == "error")
        click.echo(f"{errors} errors, {len(faults) - errors} warnings")
    if errors:
        raise SystemExit(1)
