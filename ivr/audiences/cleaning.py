"""Telephone numbers as spreadsheets spoil them: what can be mended is mended and counted, what is lost is refused."""

import re
from enum import StrEnum
from typing import Final

from ivr.numbers import BadNumber, PhoneNumber


class Repair(StrEnum):
    """What was mended in the cell of a number."""

    LEADING_ZERO = "leading_zero"
    FULL_WIDTH = "full_width"
    COUNTRY_CODE = "country_code"
    SPACES = "spaces"
    DECIMAL = "decimal"
    QUOTES = "quotes"


class DigitsLost(ValueError):
    """A spreadsheet wrote the number as 1.01E+09: its last digits are gone."""


NOTHING: Final[frozenset[Repair]] = frozenset()
_AS_USUAL: Final = re.compile(r"0[0-9]{1,3}-?[0-9]{3,4}-?[0-9]{4}")
_ROUNDED: Final = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]{1,2}")
_QUOTED: Final = re.compile(r"=?\"(.*)\"|'+(.*)", re.DOTALL)
_DECIMAL: Final = re.compile(r"([+0-9][0-9]{7,})\.0+")
_WIDE: Final = re.compile(r"[\uff01-\uff5e]")
_SPACED: Final = re.compile(r"[\s\u2000-\u200f\u202a-\u202f\u2060\ufeff]")
_FROM_ABROAD: Final = re.compile(r"[ (]*(?:\+|\(\+\))?82[ )-]*0?[1-9]")
_WITHOUT_ZERO: Final = re.compile(r"10[ .-]?[0-9]{4}[ .-]?[0-9]{4}")


def cleaned(text: str) -> tuple[PhoneNumber, frozenset[Repair]]:
    """Read the cell of a number; raises `BadNumber`, or `DigitsLost` where a spreadsheet rounded it."""
    if _AS_USUAL.fullmatch(text):
        return PhoneNumber.parse(text), NOTHING
    repairs: set[Repair] = set()
    mended = _unquoted(text, repairs)
    if _ROUNDED.fullmatch(mended.strip()):
        raise DigitsLost("the digits were rounded by a spreadsheet")
    if whole := _DECIMAL.fullmatch(mended.strip()):
        mended = whole[1]
        repairs.add(Repair.DECIMAL)
    number = PhoneNumber.parse(mended)
    return number, frozenset(repairs | _mended_by_reading(mended))


def shape_of(text: str) -> str:
    """What may be shown of a cell that is no number: its first signs and its length."""
    try:
        return PhoneNumber.parse(text).masked
    except BadNumber as error:
        return error.what


def _unquoted(text: str, repairs: set[Repair]) -> str:
    quoted = _QUOTED.fullmatch(text.strip())
    if quoted is None:
        return text
    repairs.add(Repair.QUOTES)
    return quoted[1] if quoted[1] is not None else quoted[2]


def _mended_by_reading(text: str) -> set[Repair]:
    """What `PhoneNumber.parse` overlooks by itself; foreign numbers keep their country code."""
    found = set()
    if _WIDE.search(text):
        found.add(Repair.FULL_WIDTH)
    if _SPACED.search(text):
        found.add(Repair.SPACES)
    if _FROM_ABROAD.match(text):
        found.add(Repair.COUNTRY_CODE)
    if _WITHOUT_ZERO.fullmatch(text):
        found.add(Repair.LEADING_ZERO)
    return found
