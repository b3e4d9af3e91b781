"""`charterline consents register`: the do-not-call register, read from a file of any length."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import func, select

from commands.consents_changing import BY, local, moment_of
from commands.installation import installed_settings
from commands.opened import open_installation
from config.clock import system_clock
from ivr.consents.register import REGISTER_LASTS, BadRegister, take_register
from ivr.consents.rows import RegisterEntry, RegisterImport
from ivr.numbers import BadNumber, PhoneNumber
from ivr.sealing import Keyring

PROBE_BYTES = 65536
SHOWN_LINES = 5
# A list with more than this share of other things is no list of numbers.
STRANGE_SHARE = 0.1


@click.group("register")
def register() -> None:
    """The do-not-call register of telephone sales (Door-to-door Sales Act, article 42), checked every month."""


@register.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--checked-on", help='When the register was asked, "YYYY-MM-DD HH:MM" in Seoul; now if left out.')
@BY
def import_register(file: Path, checked_on: str | None, by: str) -> None:
    """Read a list of numbers, one a line (CSV: the first column that is a number), in the place of the last one.

    UTF-8 and CP949 are read. All of it is taken or nothing: until it is read to its end, the last reading counts.
    """
    opened, at = open_installation(installed_settings()), system_clock()
    checked_at = moment_of(checked_on, at)
    found = _Numbers(file, opened.store.keyring)
    try:
        with opened.store.transaction() as session:
            taken = take_register(session, found.indexes(), checked_at=checked_at, by=by, at=at)
            found.check()
    except (BadRegister, UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file.name}: {error}") from None
    click.echo(f"{taken.entries} numbers of {local(checked_at)} are not rung for telephone sales")
    if found.strange:
        click.echo(f"{found.strange} lines are no telephone numbers: {found.examples()}", err=True)


@register.command("show")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show_register(as_json: bool) -> None:
    """Of when the newest reading is, how many numbers it has, and until when telephone sales may rely on it."""
    opened, at = open_installation(installed_settings()), system_clock()
    with opened.store.reading() as session:
        newest = session.scalar(select(RegisterImport).order_by(RegisterImport.checked_at.desc()).limit(1))
        entries = session.scalar(select(func.count()).select_from(RegisterEntry)) or 0
    if newest is None:
        raise click.ClickException("the register was never read: charterline consents register import FILE --by NAME")
    lasts = newest.checked_at + REGISTER_LASTS
    shown = {
        "checked": local(newest.checked_at),
        "imported": local(newest.imported_at),
        "by": newest.imported_by,
        "numbers": entries,
        "lasts_until": local(lasts),
        "is_stale": at > lasts,
    }
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    state = "too old: telephone sales are refused" if at > lasts else f"good until {shown['lasts_until']}"
    click.echo(f"{entries} numbers, asked {shown['checked']} by {newest.imported_by}; {state}")


class _Numbers:
    """The numbers of a file, one after the other, and what else it had."""

    def __init__(self, file: Path, keyring: Keyring) -> None:
        self._file, self._keyring = file, keyring
        self.read = self.strange = 0
        self._lines: list[int] = []

    def indexes(self) -> Iterator[str]:
        """The blind index of each number."""
        with self._file.open(encoding=_encoding(self._file), newline="") as text:
            for line, row in enumerate(csv.reader(text), start=1):
                number = next(filter(None, map(_number, row)), None)
                if number is not None:
                    self.read += 1
                    yield self._keyring.index(number)
                elif any(row) and line > 1:
                    self._note(line)

    def check(self) -> None:
        """Raise `BadRegister` where too much of it is something else."""
        if self.strange > STRANGE_SHARE * (self.read + self.strange):
            raise BadRegister(
                f"{self.strange} of {self.read + self.strange} lines are no telephone numbers ({self.examples()}):"
                " give the list of the register, one number a line; nothing was changed"
            )

    def examples(self) -> str:
        """The first lines that are no numbers."""
        return "line " + ", ".join(map(str, self._lines)) + (", ..." if self.strange > len(self._lines) else "")

    def _note(self, line: int) -> None:
        self.strange += 1
        if len(self._lines) < SHOWN_LINES:
            self._lines.append(line)


def _number(text: str) -> PhoneNumber | None:
    try:
        return PhoneNumber.parse(text)
    except BadNumber:
        return None


def _encoding(file: Path) -> str:
    """UTF-8 with or without its mark, else CP949, by the file's beginning."""
    with file.open("rb") as opened:
        beginning = opened.read(PROBE_BYTES)
    # The end of the piece may cut a letter in two.
    try:
        beginning[: beginning.rfind(b"\n") + 1 or None].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp949"
    return "utf-8-sig"
