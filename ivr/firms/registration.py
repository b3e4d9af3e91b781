"""Business registration numbers: ten digits, of which the last follows from the others."""

import re
from typing import Final

from ivr.firms.refusing import FirmRefused

WEIGHTS: Final = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_WRITTEN: Final = re.compile(r"(\d{3})[- ]?(\d{2})[- ]?(\d{5})")


def registration_number(text: str) -> str:
    """The ten digits of a number as written (`123-45-67891`); raises `FirmRefused` where its check digit is wrong.

    The National Tax Service weighs the first nine digits, counts the tens of the ninth's product as well, and the tenth
    digit fills the sum up to the next ten.
    """
    written = _WRITTEN.fullmatch(text.strip())
    digits = "".join(written.groups()) if written else ""
    if not digits or not digits.isascii() or _check_digit(digits) != int(digits[9]):
        raise FirmRefused("registration", number=text.strip()[:20] or "-")
    return digits


def hyphenated(number: str) -> str:
    """The ten digits as they are written: 123-45-67891."""
    return f"{number[:3]}-{number[3:5]}-{number[5:]}"


def _check_digit(digits: str) -> int:
    total = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=False))
    return -(total + int(digits[8]) * WEIGHTS[8] // 10) % 10
