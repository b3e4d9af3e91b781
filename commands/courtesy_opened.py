"""What the commands about courtesy rounds share: the installation, who acts, the options, errors in words."""

import functools
import getpass
import json
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import ParamSpec, TypeVar

import click

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from config.clock import system_clock
from config.files import COURTESY, UnreadableFiles, read_file
from ivr.base import Refused
from ivr.courtesy.appeals import UnknownAppeal
from ivr.courtesy.form import UnknownForm
from ivr.courtesy.grids import NOT_APPLICABLE
from ivr.courtesy.ledger import Deed, UnknownRound
from ivr.courtesy.sheets import BadSheet
from ivr.courtesy.wording import FILE, FOLDER, Words, load_words
from ivr.faults import BadData
from ivr.lines.model import RingRule, UnknownLine

P = ParamSpec("P")
R = TypeVar("R")
REFUSALS = (Refused, BadSheet, BadData, UnknownRound, UnknownForm, UnknownAppeal, UnknownLine, UnreadableFiles)
MOST_DIGITS = 9

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
REASON = click.option("--reason", required=True, help="Why; it is kept.")


def by_option(*names: str, text: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The option that says who acts: the account of the operating system where none is given."""
    return click.option(*names, default=getpass.getuser, help=f"{text}; your own account name else.")


def in_words(command: Callable[P, R]) -> Callable[P, R]:
    """Tell what was refused in words, with exit status 1."""

    @functools.wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except REFUSALS as error:
            raise click.ClickException(str(error)) from None

    return told


def opened() -> Opened:
    """The installation; its database is closed when the command is over."""
    return open_installation(installed_settings())


def deed(by: str, reason: str = "") -> Deed:
    """What is done now."""
    return Deed(by, system_clock(), reason)


def words() -> Words:
    """The words of suggestions."""
    return load_words(read_file(COURTESY / FOLDER / FILE))


def ring_rule(installation: Opened, line_id: str) -> RingRule:
    """The cadence of the line; the common one where its file has been removed since."""
    try:
        return installation.lines.by_id(line_id).ring
    except UnknownLine:
        return RingRule()


def scores_of(given: tuple[str, ...]) -> dict[str, int | None]:
    """`pick-up=5` and `transfer=-` as scores; raises `BadSheet` for everything that is not so written."""
    scores: dict[str, int | None] = {}
    problems: list[tuple[str, str]] = []
    for one in given:
        item, _, value = one.partition("=")
        if not (value.isdecimal() and len(value) <= MOST_DIGITS) and value != NOT_APPLICABLE:
            problems.append((item or one, f"is {value!r}: write ITEM=SCORE, or ITEM=- for not applicable"))
        elif item in scores:
            problems.append((item, "is given twice"))
        else:
            scores[item] = None if value == NOT_APPLICABLE else int(value)
    if problems:
        raise BadSheet(problems)
    return scores


def decimal(value: Fraction | None, places: int = 2) -> float | None:
    """A fraction as JSON has it."""
    return None if value is None else round(float(value), places)


def print_json(value: Mapping[str, object] | list[dict[str, object]]) -> None:
    """Print one JSON value, Korean as it is written."""
    click.echo(json.dumps(value, ensure_ascii=False))
