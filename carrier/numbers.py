"""Telephone numbers as people write them in Korea, brought to the form that Twilio uses."""

import re

_WITHHELD = ("anonymous", "+266696687")
_REPRESENTATIVE = re.compile(r"1[568]\d{6}")
_E164 = re.compile(r"\+[1-9]\d{1,14}")
_LANDLINE = re.compile(r"\+82(2\d{7,8}|(3[1-3]|4[1-4]|5[1-5]|6[1-4])\d{7,8})")


def normalise(text: str) -> str:
    """Return a number as E.164; `client:` and `sip:` addresses and withheld callers stay as they are.

    Korean national forms are understood: 010-1000-0001, 1544-1120, 82101000..., with or without dashes.
    """
    text = text.strip()
    if text.startswith(("client:", "sip:", "sips:")) or text in _WITHHELD:
        return text
    digits = re.sub(r"\D", "", text)
    if text.startswith("+") or (digits.startswith("82") and len(digits) > 8):
        return f"+{digits}"
    if digits.startswith("0"):
        return f"+82{digits[1:]}"
    if digits.startswith("1") and len(digits) == 11:
        return f"+{digits}"
    return f"+82{digits}" if digits else text


def is_dialable(text: str) -> bool:
    """Say whether Twilio would take this as an address of a call: E.164, `client:` or `sip:`."""
    return bool(_E164.fullmatch(text)) or text.startswith(("client:", "sip:", "sips:"))


def is_e164(text: str) -> bool:
    """Say whether this is a number in E.164 form."""
    return bool(_E164.fullmatch(text))


def is_landline(number: str) -> bool:
    """Say whether a Korean E.164 number cannot get texts: geographic, or representative (15xx, 16xx, 18xx)."""
    return bool(_LANDLINE.fullmatch(number) or _REPRESENTATIVE.fullmatch(number.removeprefix("+82")))


def masked(number: str) -> str:
    """Return a number for log lines, with its middle hidden."""
    if not number.startswith("+"):
        return number if number in _WITHHELD else f"{number[:9]}..."
    return f"{number[:5]}***{number[-2:]}" if len(number) > 8 else f"{number[:3]}***"
