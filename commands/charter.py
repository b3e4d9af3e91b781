"""`charterline charter`: show what the institutions promised, check the files, compare two versions."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from commands.charter_terms import charter_terms
from config.clock import system_clock
from config.files import CHARTERS, UnreadableFiles, read_folder
from ivr.charters.diff import Change, diff
from ivr.charters.model import Charter, Charters, Standard, UnknownCharter
from ivr.charters.reading import check_charters, load_charters
from ivr.faults import BadData, Fault
from ivr.lines.hours import SEOUL

FOLDER = click.option(
    "--charters",
    "folder",
    default=CHARTERS,
    type=click.Path(path_type=Path),
    help="Folder of charter files; the installed ones else.",
)


@click.group()
def charter() -> None:
    """Show, check and compare the service charters."""


@charter.command()
@click.option("--institution", help="Only the charter of this institution, like kibo.")
@click.option("--version", type=int, help="This version; the one in force today else.")
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list of charters with their standards.")
def show(institution: str | None, version: int | None, folder: Path, as_json: bool) -> None:
    """Show every promise: its words, how it is measured, or why it cannot be."""
    charters = _load(folder)
    try:
        chosen = [charters.of(institution)] if institution else list(charters)
        pairs = [(one, _version(one, version)) for one in chosen]
    except UnknownCharter as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps([_as_table(*pair) for pair in pairs], ensure_ascii=False))
        return
    for pair in pairs:
        click.echo("\n".join(_shown(*pair)))


@charter.command()
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print the faults as one JSON list.")
def check(folder: Path, as_json: bool) -> None:
    """Name every fault of the charter files, with file, key and reason; status 1 on errors."""
    faults = _all_faults(folder)
    errors = sum(fault.severity == "error" for fault in faults)
    if as_json:
        click.echo(json.dumps([asdict(fault) for fault in faults], ensure_ascii=False))
    else:
        for fault in faults:
            click.echo(f"{fault.severity}: {fault}", err=fault.severity == "error")
        click.echo(f"{errors} errors, {len(faults) - errors} warnings")
    if errors:
        raise SystemExit(1)


@charter.command("diff")
@click.argument("institution")
@click.argument("before", type=int)
@click.argument("after", type=int)
@FOLDER
@click.option("--json", "as_json", is_flag=True, help="Print the changes as one JSON list.")
def compare(institution: str, before: int, after: int, folder: Path, as_json: bool) -> None:
    """Show what changed in the charter of an INSTITUTION from version BEFORE to version AFTER."""
    try:
        changes = diff(_load(folder).of(institution), before, after)
    except UnknownCharter as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps([asdict(change) for change in changes], ensure_ascii=False))
        return
    for change in changes:
        click.echo(_told(change))
    click.echo(f"{len(changes)} changes")


@charter.command("terms")
def print_terms() -> None:
    """Print the measures, time bases and exemptions that a charter file may use."""
    click.echo(charter_terms())


def _load(folder: Path) -> Charters:
    try:
        return load_charters(read_folder(folder))
    except (UnreadableFiles, BadData) as error:
        raise click.ClickException(str(error)) from None


def _version(charter: Charter, version: int | None) -> int:
    if version is not None:
        return charter.version(version).version
    return charter.at(system_clock().astimezone(SEOUL).date())


def _all_faults(folder: Path) -> list[Fault]:
    try:
        return check_charters(read_folder(folder))
    except UnreadableFiles as error:
        unreadable = [Fault(file, "", why) for file, why in error.problems.items()]
        return [*unreadable, *check_charters(dict(error.documents))]


def _as_table(charter: Charter, version: int) -> dict[str, object]:
    return {
        **charter.heading.model_dump(mode="json"),
        **charter.version(version).model_dump(mode="json"),
        "standards": [
            {"id": standard.id, **standard.model_dump(mode="json")} for standard in charter.standards(version)
        ],
    }


def _shown(charter: Charter, version: int) -> list[str]:
    span = charter.version(version)
    standards = charter.standards(version)
    measured = sum(standard.measurable for standard in standards)
    lines = [
        f"{charter.heading.document} ({charter.institution}), version {version}, "
        f"{span.effective_from} to {span.effective_to or '-'}: "
        f"{len(standards)} standards, {measured} measured",
        *([f"  {span.note}"] if span.note else []),
    ]
    for standard in standards:
        lines += ["", *_standard(standard)]
    return [*lines, ""]


def _standard(standard: Standard) -> list[str]:
    lines = [f"{standard.key:12}{standard.title}", f"{standard.quote} ({standard.clause})"]
    if standard.measure is None:
        lines.append(f"not measurable: {standard.why_not}")
    else:
        lines.append(_judged(standard))
    lines += [f"reading: {standard.reading}"] if standard.reading else []
    lines += [f"exempt: {', '.join(standard.exemptions)}"] if standard.exemptions else []
    return [lines[0], *(f"{'':12}{line}" for line in lines[1:])]


def _judged(standard: Standard) -> str:
    table = standard.model_dump(mode="json", include={"measure", "applies"})
    parameters = {**(table["measure"] or {}), **table["applies"]}
    name = parameters.pop("name", "")
    words = [f"{key}={_value(value)}" for key, value in parameters.items() if value]
    words += [f"basis={standard.basis}"] if standard.basis else []
    return f"{standard.scope}: {name} {' '.join([*words, f'target={standard.target:g}%'])}"


def _value(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _told(change: Change) -> str:
    lines = [f"{change.what}: {change.key} {change.title}"]
    lines += [f"    {field.field}: {_value(field.before)} -> {_value(field.after)}" for field in change.fields]
    return "\n".join(lines)
