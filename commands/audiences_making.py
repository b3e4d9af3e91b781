"""`charterline audiences import` and `choose`: lists of people from a file, or of those whom a line has served."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from sys import stderr
from typing import Any, Final

import click

from commands.audience_files import UnreadableTable, opened_table
from commands.audience_refused import refused_rows
from commands.audiences_shown import echo_audience
from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON
from config.clock import system_clock
from ivr.audiences.choosing import PAST, Choice, Days, choose_served
from ivr.audiences.columns import Given, WrongColumns
from ivr.audiences.importing import Reading, import_table
from ivr.audiences.lists import abandon_silent
from ivr.audiences.making import Listing, NothingToTake, Watch
from ivr.audiences.rows import Origin
from ivr.audiences.words import HOURS, HOW
from ivr.base import Refused
from ivr.consents.rows import Purpose
from ivr.lines.hours import SEOUL
from ivr.lines.model import UnknownLine

DAY: Final = click.DateTime(["%Y-%m-%d"])
_LONGEST_NAME, _LONGEST_BY = 80, 60

line_option = click.option("--line", "line_id", required=True, help="The line whose people they are (its id).")
name_option = click.option("--name", help="What the list is called; else after where it comes from.")
by_option = click.option("--by", required=True, help="Who makes the list: a name or an officer's id.")


@click.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@line_option
@name_option
@by_option
@click.option("--refused", metavar="FILE", help="Write the rows not taken to this CSV file, with the reason of each.")
@click.option(
    "--consent-purpose",
    "purpose",
    multiple=True,
    type=click.Choice([purpose.value for purpose in Purpose]),
    help="What everybody in the file agreed to, where it has no column for it; may be given several times.",
)
@click.option("--consented-on", help="The day of these consents, like 2026-11-01.")
@click.option("--proof", "evidence", help="Where the consents can be looked up: a file number, a document.")
@click.option("--source", help="Where the numbers come from, as it is read out: '2026년 상담 신청서'.")
@click.option("--wording", help="The version of the wording that was agreed to.")
@click.option("--how", type=click.Choice([*filter(None, HOW)]), help="How they agreed; else by this import.")
@click.option("--hours", type=click.Choice([*filter(None, HOURS)]), help="Day, night (21:00 to 08:00) or both.")
@click.option("--notified", is_flag=True, help="They have been told already that their consent was noted.")
@AS_JSON
def import_file(path: Path, as_json: bool, **given: str | bool | tuple[str, ...] | None) -> None:
    """Make a list of the people in a CSV or XLSX file, with the consents that it proves.

    \b
    The first row names the columns, in Korean or English, in any order:
      전화번호 (number)        the only one that must be there
      이름 (name), 구분 (group, which quotas count by)
      동의목적 (purpose)       해피콜, 의견조사, 마케팅조사, 광고, 전화판매; several parted by ;
      동의일 (consented_on)    with a purpose these four are needed, as columns or as options
      증빙 (evidence), 수집출처 (source), 동의문구 (wording)
      동의방법 (how), 시간대 (hours: 주간, 야간, 주야간), 동의수단 (channel: 전화, 문자)
      철회일 (withdrawn_on), 통보일 (notified)

    Letters may be UTF-8 or CP949, cells parted by comma, semicolon or tab. Either the list becomes ready as a
    whole, or it is left behind abandoned and cannot be used; the same file can then be imported again.
    """
    opened = _opened(given)
    refused = _refused_file(path, given)
    with _in_words(), ExitStack() as stack:
        table = stack.enter_context(opened_table(path))
        note = stack.enter_context(refused_rows(refused))
        listing = Listing(str(given["line_id"]), _name(given, path.stem), Origin.IMPORT, path.name, str(given["by"]))
        reading = Reading(_given(given), note=note, progress=_moving_bar(stack, "Reading"))
        watch = Watch(system_clock, _moving_bar(stack, "Noting"))
        audience_id = import_table(opened.store, listing, table, reading=reading, watch=watch)
    echo_audience(opened, audience_id, as_json=as_json)


@click.command("choose")
@line_option
@click.option("--from", "origin", required=True, type=click.Choice([origin.value for origin in PAST]))
@click.option("--on", "on", help="One day: yesterday, today, or like 2026-11-01.")
@click.option("--since", type=DAY, help="The first day, where it is not one alone.")
@click.option("--until", type=DAY, help="The last day, included; else yesterday.")
@name_option
@by_option
@AS_JSON
def choose(origin: str, as_json: bool, **given: str | date | None) -> None:
    """Make a list of everybody whom a line served: who was answered, rung back, replied to, or sent papers.

    Having been served is no consent: campaigns ring those on the list who agreed to it.
    """
    opened = _opened(given)
    choice = Choice(str(given["line_id"]), Origin(origin), _days(given))
    name = _name(given, f"{choice.origin.value} of {choice.days}")
    with _in_words(), ExitStack() as stack:
        watch = Watch(system_clock, _moving_bar(stack, "Noting"))
        audience_id, _ = choose_served(opened.store, choice, name=name, by=str(given["by"]), watch=watch)
    echo_audience(opened, audience_id, as_json=as_json)


def _opened(given: Mapping[str, object]) -> Opened:
    opened = open_installation(installed_settings())
    try:
        opened.lines.by_id(str(given["line_id"]))
    except UnknownLine as error:
        raise click.UsageError(str(error)) from None
    for option, text, longest in (("--by", given["by"], _LONGEST_BY), ("--name", given["name"], _LONGEST_NAME)):
        if text is not None and not 0 < len(str(text).strip()) <= longest:
            raise click.UsageError(f"{option} must have 1 to {longest} characters")
    with opened.store.transaction() as session:
        abandon_silent(session, at=system_clock())
    return opened


def _given(given: Mapping[str, object]) -> Given:
    purposes = given["purpose"]
    return Given(
        purpose=";".join(purposes) if isinstance(purposes, tuple) else "",
        hours=_text(given["hours"]),
        consented_on=_text(given["consented_on"]),
        how=_text(given["how"]),
        evidence=_text(given["evidence"]),
        source=_text(given["source"]),
        wording=_text(given["wording"]),
        notified="yes" if given["notified"] else "",
    )


def _refused_file(path: Path, given: Mapping[str, object]) -> str | None:
    """Where the rows not taken go; never over the list itself."""
    refused = _text(given["refused"]) or None
    if refused is not None and Path(refused).resolve() == path.resolve():
        raise click.UsageError("--refused names the list itself, which would be lost: name another file")
    return refused


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _name(given: Mapping[str, object], otherwise: str) -> str:
    return (_text(given["name"]) or otherwise)[:_LONGEST_NAME]


def _moving_bar(stack: ExitStack, label: str) -> Callable[[int, int], None]:
    shown: list[Any] = []  # Any: click does not name the class of its bars

    def progress(done: int, total: int) -> None:
        if not shown:
            shown.append(stack.enter_context(click.progressbar(length=total, label=label, file=stderr)))
        shown[0].update(done - shown[0].pos)

    return progress


def _days(given: Mapping[str, object]) -> Days:
    today = system_clock().astimezone(SEOUL).date()
    on, since, until = given["on"], given["since"], given["until"]
    if (on is None) == (since is None):
        raise click.UsageError("give either --on, or --since with --until")
    if isinstance(on, str):
        named = {"today": today, "yesterday": today - timedelta(days=1)}
        day = named.get(on) or DAY.convert(on, None, None).date()
        return Days(day, day)
    try:
        first = since.date() if isinstance(since, datetime) else today
        return Days(first, until.date() if isinstance(until, datetime) else today - timedelta(days=1))
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except (UnreadableTable, WrongColumns, NothingToTake, Refused) as error:
        raise click.ClickException(str(error)) from None
