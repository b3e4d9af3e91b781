"""`charterline line`: check all line files at once, and play a line in the terminal without a telephone."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from commands.line_hours import hours
from config.clock import system_clock
from config.files import (
    HOLIDAYS,
    LINES,
    MESSAGES,
    PROVIDERS,
    SURVEYS,
    Document,
    UnreadableFiles,
    read_file,
    read_folder,
)
from ivr.faults import BadData, Fault
from ivr.lines.calendar import Calendar, load_calendar, public_holidays
from ivr.lines.check import faults_of_day
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line, Lines
from ivr.lines.reading import check_lines, load_lines, read_line
from ivr.lines.walking import Caller, Step
from ivr.messages.providers import faults_of_providers
from ivr.messages.reading import load_texts, read_texts
from ivr.messages.texts import Texts
from ivr.numbers import BadNumber, PhoneNumber
from ivr.surveys.check import faults_of_line, faults_of_strangers
from ivr.surveys.reading import read_questionnaires


@click.group()
def line() -> None:
    """Check the lines and play them in the terminal."""


@line.command()
@click.option(
    "--lines",
    default=LINES,
    type=click.Path(path_type=Path),
    help="Folder of line files; the installed ones else.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the faults as one JSON list.")
def check(lines: Path, as_json: bool) -> None:
    """Name every fault of the line, survey, message and holiday files, with file and key; status 1 on errors."""
    faults = all_faults(lines)
    if as_json:
        click.echo(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False))
    else:
        for fault in faults:
            click.echo(f"{fault.severity}: {fault}", err=fault.severity == "error")
    errors = sum(fault.severity == "error" for fault in faults)
    if not as_json:
        click.echo(f"{errors} errors, {len(faults) - errors} warnings")
    if errors:
        raise SystemExit(1)


@line.command("walk")
@click.argument("number")
@click.option("--press", help="Keys to press, separated by commas; without it you are asked.")
@click.option("--at", "at_text", help='Korean time of the call, like "2026-11-23 20:00"; now without it.')
@click.option("--json", "as_json", is_flag=True, help="Print the steps as one JSON list.")
def walk_line(number: str, press: str | None, at_text: str | None, as_json: bool) -> None:
    """Play the line with this NUMBER: what is heard, and where each key leads."""
    texts, calendar, lines = _load()
    found = _line_of(number, lines)
    at = _moment(at_text)
    keys = iter(press.split(",") if press else [])
    ask: Callable[[], str | None] = (lambda: next(keys, None)) if press is not None or as_json else _ask
    steps = Caller(found, texts, calendar, at, ask).dial(PhoneNumber.parse(number).e164)
    if as_json:
        click.echo(json.dumps([asdict(step) for step in steps], ensure_ascii=False))
        return
    for step in steps:
        click.echo(_shown(step))


line.add_command(hours)


@line.command("holidays")
@click.argument("year", type=click.IntRange(2000, 2100))
def print_holidays(year: int) -> None:
    """Print the table of a YEAR's public holidays for config/holidays.toml."""
    click.echo(f"[public.{year}]")
    for day, name in sorted(public_holidays(year).items()):
        click.echo(f'"{day:%m-%d}" = "{name}"')


def _load() -> tuple[Texts, Calendar, Lines]:
    try:
        texts = load_texts(read_folder(MESSAGES))
        return texts, load_calendar(read_file(HOLIDAYS)), load_lines(read_folder(LINES), texts)
    except (UnreadableFiles, BadData) as error:
        raise click.ClickException(str(error)) from None


def _line_of(number: str, lines: Lines) -> Line:
    known = ", ".join(PhoneNumber.parse(line.number).national for line in lines)
    try:
        found = lines.by_number(PhoneNumber.parse(number).e164)
    except BadNumber as error:
        raise click.UsageError(f"{error}. Lines: {known}") from None
    if found is None:
        raise click.ClickException(f"no line has the number {number}: known are {known}")
    return found


def _moment(text: str | None) -> datetime:
    if text is None:
        return system_clock()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)
    except ValueError:
        raise click.UsageError(f'--at {text!r} is no time: write it like "2026-11-23 20:00"') from None


def _ask() -> str | None:
    """Ask for one key; an empty answer is silence, end of input hangs up."""
    try:
        return str(click.prompt("   key", default="", show_default=False, prompt_suffix=" > "))
    except click.Abort:
        return None


def _shown(step: Step) -> str:
    if step.heard is not None:
        return f"{step.seconds:5.1f} s  {step.heard}"
    if step.pressed is not None:
        return f"   key > {step.pressed or '(silence)'}"
    return f"   => {step.end}"


def all_faults(folder: Path) -> list[Fault]:
    """Every fault of the line files of `folder` and of all that they rest on."""
    faults: list[Fault] = []
    messages = _readable(faults, lambda: read_folder(MESSAGES))
    lines = _readable(faults, lambda: read_folder(folder))
    texts, found = read_texts(messages)
    faults += found
    if texts is not None:
        faults += check_lines(lines, texts)
        faults += _faults_of_day(lines)
    faults += _faults_of_surveys(lines, _readable(faults, lambda: read_folder(SURVEYS)), installed=folder == LINES)
    for document in _readable(faults, lambda: {PROVIDERS.name: read_file(PROVIDERS)}).values():
        faults += faults_of_providers(document)
    holidays = _readable(faults, lambda: {HOLIDAYS.name: read_file(HOLIDAYS)})
    for document in holidays.values():
        try:
            ids = {str(content.get("id")) for content in lines.values()}
            faults += load_calendar(document).strangers(ids) if folder == LINES else []
        except BadData as error:
            faults += error.faults
    return faults


def _faults_of_day(lines: Mapping[str, Document]) -> list[Fault]:
    """What only the date makes a fault, of the lines that can be read."""
    today = system_clock().astimezone(SEOUL).date()
    read = [(file, read_line(document, file)[0]) for file, document in lines.items()]
    return [fault for file, line in read if line is not None for fault in faults_of_day(line, file, today=today)]


def _faults_of_surveys(
    lines: Mapping[str, Document], surveys: Mapping[str, Document], *, installed: bool
) -> list[Fault]:
    """What is wrong with the questionnaires, and with what lines say of them."""
    questionnaires, faults = read_questionnaires(surveys)
    read = {file: line for file, document in lines.items() if (line := read_line(document, file)[0]) is not None}
    for file, line in read.items():
        faults += faults_of_line(line, file, questionnaires)
    return faults + (faults_of_strangers(questionnaires, [line.id for line in read.values()]) if installed else [])


def _readable(faults: list[Fault], read: Callable[[], dict[str, Document]]) -> dict[str, Document]:
    """What can be read; files that are no TOML become faults."""
    try:
        return read()
    except UnreadableFiles as error:
        faults += [Fault(file, "", why) for file, why in error.problems.items()]
        return dict(error.documents)
