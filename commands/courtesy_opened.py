"""What the commands about courtesy rounds share: the installation, who acts, the options, errors in words."""

from fractions import Fraction

import click

from commands.opened import Opened
from commands.shared import ToldInWords
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

REFUSALS = (Refused, BadSheet, BadData, UnknownRound, UnknownForm, UnknownAppeal, UnknownLine, UnreadableFiles)
MOST_DIGITS = 9

in_words = ToldInWords(*REFUSALS)
REASON = click.option("--reason", required=True, help="Why; it is kept.")


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
