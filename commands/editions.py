"""`charterline editions`: hours, special days, texts, templates and client firms changed without touching a file."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click
from sqlalchemy import select

from commands.editions_shown import entry_of, lines_of
from commands.opened import Opened
from commands.shared import AS_JSON, ToldInWords, by_option, opened, print_json
from config.clock import system_clock
from config.files import UnreadableFiles, read_file
from ivr.base import Refused
from ivr.editions.checking import Draft
from ivr.editions.current import Current
from ivr.editions.merging import WEEK
from ivr.editions.publishing import edition, publish, versions_of, withdraw
from ivr.editions.rows import ALL_LINES, Edition, EditionKind
from ivr.editions.schedule import Place, holds, place_of
from ivr.lines.hours import SEOUL

KIND = click.Choice([kind.value for kind in EditionKind])
IN_WORDS = ToldInWords(Refused, ValueError, LookupError)
LINE = click.option("--line", "line_id", default=ALL_LINES, help="For this line alone (its id); all lines without it.")
WHY = click.option("--why", required=True, help="The reason, kept with the edition.")
BY = by_option("--by", text="Who makes it")


@click.group()
def editions() -> None:
    """Change hours, special days, spoken texts, templates and client firms while the service runs."""


@editions.command("list")
@LINE
@click.option("--kind", type=KIND, help="Only editions of this kind.")
@click.option("--all", "with_past", is_flag=True, help="Withdrawn ones and older versions too.")
@AS_JSON
def list_editions(line_id: str, kind: str | None, with_past: bool, as_json: bool) -> None:
    """List what holds now or will begin, the newest first."""
    here, at = opened(), system_clock()
    query = select(Edition).order_by(Edition.id.desc())
    query = query.where(Edition.line == line_id) if line_id else query
    query = query.where(Edition.kind == EditionKind(kind)) if kind else query
    with here.store.reading() as session:
        found = session.scalars(query).all()
        shown = [one for one in found if with_past or (one.withdrawn_at is None and not _is_replaced(found, one, at))]
        entries = [entry_of(one, at=at) for one in shown]
    if as_json:
        print_json(entries)
    else:
        for entry in entries:
            click.echo(lines_of(entry)[0])


@editions.command("show")
@click.argument("edition_id", type=int)
@AS_JSON
@IN_WORDS
def show(edition_id: int, as_json: bool) -> None:
    """Show one edition with its words, who made it and why."""
    here, at = opened(), system_clock()
    with here.store.reading() as session:
        found = edition(session, edition_id)
        if found is None:
            raise LookupError(f"there is no edition {edition_id}: see charterline editions list --all")
        entry = entry_of(found, at=at)
    if as_json:
        print_json(entry)
    else:
        click.echo("\n".join(lines_of(entry)))


@editions.group("add")
def add() -> None:
    """Make an edition; it is refused with the faults that a file would give."""


def _wording(name: str, kind: EditionKind, help: str) -> None:
    @add.command(name, help=help)
    @click.argument("key")
    @click.option("--text", required=True, help="The new words, with fields in braces.")
    @click.option("--from", "begins", help='Seoul time from which they hold, like "2026-12-01 09:00"; now without it.')
    @LINE
    @WHY
    @BY
    @IN_WORDS
    def add_words(key: str, text: str, begins: str | None, **common: str) -> None:
        _publish(Place(common["line_id"], kind, key), {"text": text}, common, begins)


_wording("prompt", EditionKind.PROMPT, "Say KEY otherwise: ko/queue.welcome, en/..., or line/greeting of one line.")
_wording("template", EditionKind.TEMPLATE, "Word the text message KEY, like receipt, otherwise.")


@add.command("day")
@click.argument("day")
@click.option("--change", type=click.Choice(["closed", "open", "hours"]), default="closed", show_default=True)
@click.option("--hours", multiple=True, help="With --change hours: a span like 09:00-12:00, several times if need be.")
@LINE
@WHY
@BY
@IN_WORDS
def add_day(day: str, change: str, hours: tuple[str, ...], **common: str) -> None:
    """Make DAY (2026-11-25) a day off, a working day, or one with hours of its own; the reason is told to callers."""
    content: dict[str, object] = {"change": change, "reason": common["why"]}
    if hours:
        content["hours"] = list(hours)
    _publish(Place(common["line_id"], EditionKind.DAY, day), content, common, None)


@add.command("hours")
@click.argument("line_id")
@click.option("--weekdays", multiple=True, help="A span like 09:00-18:00, several times if need be.")
@click.option("--saturday", multiple=True, help="A span; closed without it.")
@click.option("--sunday", multiple=True, help="A span; closed without it.")
@click.option("--holidays", multiple=True, help="A span; closed without it.")
@click.option("--from", "begins", help="The day on which they begin, like 2026-12-01; today without it.")
@WHY
@BY
@IN_WORDS
def add_hours(begins: str | None, **common: str) -> None:
    """Give the line LINE_ID other hours of the week from a day on."""
    content = {name: list(common[name]) for name in ("weekdays", "saturday", "sunday", "holidays")}
    _publish(Place(common["line_id"], EditionKind.HOURS, WEEK), content, common, begins)


@add.command("firm")
@click.argument("firm_id")
@click.option(
    "--file",
    "table",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file with the firm's table as it would stand under [firms.ID] of the line's file.",
)
@LINE
@WHY
@BY
@IN_WORDS
def add_firm(firm_id: str, table: Path, **common: str) -> None:
    """Put the client firm FIRM_ID on the telephone, or change its numbers, code, products, greeting and hours."""
    try:
        content = read_file(table)
    except UnreadableFiles as error:
        raise click.UsageError(str(error)) from None
    written = {name: value.isoformat() if isinstance(value, date) else value for name, value in content.items()}
    _publish(Place(common["line_id"], EditionKind.FIRM, firm_id), written, common, None)


@editions.command("withdraw")
@click.argument("edition_id", type=int)
@WHY
@BY
@IN_WORDS
def withdraw_edition(edition_id: int, why: str, by: str) -> None:
    """Let an edition hold no longer: the version before it, or the file, holds again."""
    here = opened()
    with here.store.transaction() as session:
        withdraw(session, edition_id, by=by, reason=why, at=system_clock())
    click.echo(f"edition {edition_id} is withdrawn")


def _publish(place: Place, content: Mapping[str, object], common: dict[str, str], begins: str | None) -> None:
    here, at = opened(), system_clock()
    with here.store.transaction() as session:
        after = max((one.version for one in versions_of(session, place)), default=0)
        draft = Draft(place, content, common["why"], after, _moment(begins))
        made = publish(session, _current(here).files, draft, by=common["by"], at=at)
        entry = entry_of(made.edition, at=at)
    for warning in made.warnings:
        click.echo(f"warning: {warning}", err=True)
    click.echo(lines_of(entry)[0])


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=SEOUL).astimezone(UTC)
    except ValueError:
        raise click.UsageError(f'--from {text!r} is no time: write it like "2026-12-01 09:00"') from None


def _is_replaced(found: Sequence[Edition], one: Edition, at: datetime) -> bool:
    alike = (other for other in found if place_of(other) == place_of(one))
    return any(other.version > one.version and holds(other, at) for other in alike)


def _current(here: Opened) -> Current:
    if here.current is None:
        raise RuntimeError("this installation was opened without its files")
    return here.current
