"""`charterline knowledge`: what agents answer with, found by words, written in versions, taken in and out as tables."""

from datetime import date, datetime
from pathlib import Path

import click

from commands.audience_files import UnreadableTable, opened_table
from commands.centre import LINE, centre_of
from commands.shared import AS_JSON, ToldInWords, by_option, opened, print_json
from config.clock import system_clock
from ivr.base import Refused
from ivr.knowledge.listing import Sought, all_knowledge, list_knowledge
from ivr.knowledge.rows import Knowledge
from ivr.knowledge.searching import Asked, search
from ivr.knowledge.sheets import COLUMNS, MOST_BYTES, NoKnowledgeTable, Sheet, row_of, take_sheet
from ivr.knowledge.writing import (
    Author,
    BadKnowledge,
    Piece,
    add_knowledge,
    change_knowledge,
    versions_of,
    withdraw_knowledge,
)
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine
from ivr.tables import UnknownTable, ending_of, write_rows

IN_WORDS = ToldInWords(Refused, BadKnowledge, NoKnowledgeTable, UnreadableTable, UnknownTable, UnknownLine)
BY = by_option("--by", text="Who writes it")
DAY = click.DateTime(["%Y-%m-%d"])
FIRM = click.option("--firm", default="", help="Only for callers of this firm (its id); for all else.")
PRODUCT = click.option("--product", default="", help="Only about this kind of product; about all else.")
TOPIC = click.option("--topic", default="", help="What callers ask about: a skill of the line's teams.")
FROM = click.option("--from", "first", type=DAY, help="The first local day; today if left out.")
TO = click.option("--to", "last", type=DAY, help="The last local day; it holds on if left out.")


@click.group()
def knowledge() -> None:
    """Questions and answers of a shared centre, each held from a day to a day, found while a caller waits.

    \b
    What is known today:     charterline knowledge search 필터 교체 --firm hanbit
    Add an entry:            charterline knowledge add --question "..." --answer "..."
    Many at once:            charterline knowledge import knowledge.xlsx
    """


@knowledge.command("search")
@click.argument("words", nargs=-1)
@FIRM
@PRODUCT
@TOPIC
@click.option("--on", type=DAY, help="What holds on this local day; today if left out.")
@LINE
@AS_JSON
@IN_WORDS
def search_knowledge(words: tuple[str, ...], on: datetime | None, as_json: bool, **given: str | None) -> None:
    """Find what is known today, the firm's own first; spaces and mistakes of typing are forgiven."""
    here = opened()
    line = centre_of(here, given["line_id"])
    asked = Asked(" ".join(words), given["firm"] or None, given["product"] or "", given["topic"] or "")
    with here.store.reading() as session:
        found = search(session, line, asked, day=on.date() if on else _today())
        entries = [{**_entry(one.knowledge), "points": round(one.points)} for one in found]
    if as_json:
        print_json(entries)
        return
    if not entries:
        click.echo("Nothing fits: try other words, or leave out --firm and --product.")
    for entry in entries:
        click.echo(f"{_line(entry)}\n    {str(entry['answer']).splitlines()[0]}")


@knowledge.command("list")
@FIRM
@PRODUCT
@TOPIC
@click.option("--withdrawn", is_flag=True, help="Also what was withdrawn.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many.")
@LINE
@AS_JSON
@IN_WORDS
def list_entries(withdrawn: bool, limit: int, as_json: bool, **given: str | None) -> None:
    """List entries by their newest version, the latest first."""
    here = opened()
    line = centre_of(here, given["line_id"])
    firm, product, topic = (given[name] or None for name in ("firm", "product", "topic"))
    sought = Sought(line.id, firm=firm, product=product, topic=topic, with_withdrawn=withdrawn)
    with here.store.reading() as session:
        entries = [_entry(row) for row in list_knowledge(session, sought, limit=limit)]
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        click.echo(_line(entry))


@knowledge.command("show")
@click.argument("entry")
@LINE
@AS_JSON
@IN_WORDS
def show_entry(entry: str, line_id: str | None, as_json: bool) -> None:
    """Show every version of one entry, the newest first."""
    here = opened()
    line = centre_of(here, line_id)
    with here.store.reading() as session:
        versions = [_entry(row) for row in versions_of(session, line.id, entry)]
    if not versions:
        raise Refused(f"{line.id} has no entry {entry}: `charterline knowledge list` shows them")
    if as_json:
        print_json(versions)
        return
    for version in versions:
        click.echo(f"{_line(version)}\n    {version['answer']}")


@knowledge.command("add")
@click.option("--question", required=True, help="What is asked.")
@click.option("--answer", required=True, help="What is answered.")
@FROM
@TO
@FIRM
@PRODUCT
@TOPIC
@BY
@LINE
@AS_JSON
@IN_WORDS
def add_entry(as_json: bool, by: str, line_id: str | None, **given: str | datetime | None) -> None:
    """Add an entry."""
    here, at = opened(), system_clock()
    line = centre_of(here, line_id)
    with here.store.transaction() as session:
        made = _entry(add_knowledge(session, line, _piece(given, None), author=Author(by, at)))
    _told(made, as_json=as_json)


@knowledge.command("change")
@click.argument("entry")
@click.option("--question", help="What is asked.")
@click.option("--answer", help="What is answered.")
@FROM
@TO
@click.option("--firm", help="As it was if left out; empty for all.")
@click.option("--product", help="As it was if left out; empty for all.")
@click.option("--topic", help="As it was if left out; empty for all.")
@BY
@LINE
@AS_JSON
@IN_WORDS
def change_entry(entry: str, as_json: bool, by: str, line_id: str | None, **given: str | datetime | None) -> None:
    """Write the next version of an entry; what is left out stays as it was, but for the days."""
    here, at = opened(), system_clock()
    line = centre_of(here, line_id)
    with here.store.transaction() as session:
        newest = next(iter(versions_of(session, line.id, entry)), None)
        made = _entry(change_knowledge(session, line, entry, piece=_piece(given, newest), author=Author(by, at)))
    _told(made, as_json=as_json)


@knowledge.command("withdraw")
@click.argument("entry")
@BY
@LINE
@IN_WORDS
def withdraw_entry(entry: str, by: str, line_id: str | None) -> None:
    """Take an entry away: it is found no more; its versions stay on record."""
    here = opened()
    line = centre_of(here, line_id)
    with here.store.transaction() as session:
        withdraw_knowledge(session, line, entry, author=Author(by, system_clock()))
    click.echo(f"{entry} is withdrawn.")


@knowledge.command("import")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@BY
@LINE
@AS_JSON
@IN_WORDS
def import_entries(path: Path, by: str, line_id: str | None, as_json: bool) -> None:
    """Take in a CSV or XLSX table; rows that cannot be kept are told, and the exit status is 1 then."""
    here = opened()
    line = centre_of(here, line_id)
    with opened_table(path, most_bytes=MOST_BYTES) as table, here.store.transaction() as session:
        sheet = Sheet(table.header, table.rows)
        taken = take_sheet(session, line, sheet, author=Author(by, system_clock()))
    counts = {became.value: count for became, count in taken.counts.items()}
    if as_json:
        refused = [{"row": one.row, "field": one.field, "why": one.why} for one in taken.refused]
        print_json({**counts, "refused": refused})
    else:
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()) + f", {len(taken.refused)} refused")
        for one in taken.refused:
            click.echo(f"row {one.row}: {one.why}", err=True)
    if taken.refused:
        raise SystemExit(1)


@knowledge.command("export")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@LINE
@IN_WORDS
def export_entries(path: Path, line_id: str | None) -> None:
    """Write every entry by its newest version to a .csv or .xlsx file, in the columns that import takes."""
    here = opened()
    line, ending = centre_of(here, line_id), ending_of(str(path))
    with here.store.reading() as session, path.open("wb") as file:
        rows = (row_of(row) for row in all_knowledge(session, Sought(line.id)))
        count = write_rows(file, ending, head=COLUMNS, rows=rows)
    click.echo(f"{count} entries in {path}")


def _today() -> date:
    return system_clock().astimezone(SEOUL).date()


def _piece(given: dict[str, str | datetime | None], before: Knowledge | None) -> Piece:
    def text(name: str) -> str:
        value = given[name]
        return str(value) if value is not None else getattr(before, name, "") if before else ""

    first, last = given["first"], given["last"]
    return Piece(
        question=text("question"),
        answer=text("answer"),
        effective_from=first.date() if isinstance(first, datetime) else _today(),
        effective_to=last.date() if isinstance(last, datetime) else None,
        firm=text("firm"),
        product=text("product"),
        topic=text("topic"),
    )


def _entry(row: Knowledge) -> dict[str, object]:
    return {
        "entry": row.entry,
        "version": row.version,
        "firm": row.firm,
        "product": row.product,
        "topic": row.topic,
        "question": row.question,
        "answer": row.answer,
        "effective_from": row.effective_from.isoformat(),
        "effective_to": row.effective_to.isoformat() if row.effective_to else None,
        "made_by": row.made_by,
        "withdrawn": row.withdrawn_at is not None,
    }


def _line(entry: dict[str, object]) -> str:
    about = "/".join(str(entry[name]) for name in ("firm", "product", "topic") if entry[name]) or "all"
    days = f"{entry['effective_from']} to {entry['effective_to'] or '-'}"
    gone = "  withdrawn" if entry["withdrawn"] else ""
    return f"{entry['entry']}  v{entry['version']}  {days}  {about}  {entry['question']}{gone}"


def _told(entry: dict[str, object], *, as_json: bool) -> None:
    if as_json:
        print_json(entry)
    else:
        click.echo(_line(entry))
