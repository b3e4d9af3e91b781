"""How large a text message is in Korea (CP949) and at the carrier (segments), and what cannot be sent."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Kind = Literal["SMS", "LMS", "too long"]

SMS_BYTES = 90
LMS_BYTES = 2_000
REPLACEMENTS = str.maketrans(
    {
        "—": "-",  # em dash
        "–": "-",  # en dash
        "‐": "-",
        "‑": "-",
        "−": "-",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "₩": "￦",
        "•": "·",
        "・": "·",
        "〜": "~",
        "\u00a0": " ",
        "\u2002": " ",
        "\u2003": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u200b": None,
        "\u200c": None,
        "\u200d": None,
        "\u2060": None,
        "\ufe0f": None,
        "\ufeff": None,
        "\r": None,
    }
)
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_DOUBLE = frozenset("^{}\\[~]|€\f")


@dataclass(frozen=True, slots=True)
class Size:
    """`segments` are the carrier's (GSM-7 160/153, else UCS-2 70/67); `unencodable` has each sign once."""

    characters: int
    cp949_bytes: int
    kind: Kind
    segments: int
    unencodable: tuple[str, ...]


def clean(text: str) -> str:
    """Compose the text (NFC) and replace the signs that Korean carriers drop by ones they carry."""
    return unicodedata.normalize("NFC", text).translate(REPLACEMENTS)


def measure(text: str) -> Size:
    """Measure a text as it would be sent: SMS up to 90 bytes of CP949, LMS up to 2,000 bytes.

    A sign outside CP949 counts two bytes and is named in `unencodable`. Korean carriers bill by bytes,
    a Twilio-compatible carrier by segments.
    """
    strange = tuple(dict.fromkeys(sign for sign in text if _bytes_of(sign) is None))
    size = sum(_bytes_of(sign) or 2 for sign in text)
    kind: Kind = "SMS" if size <= SMS_BYTES else "LMS" if size <= LMS_BYTES else "too long"
    return Size(characters=len(text), cp949_bytes=size, kind=kind, segments=_segments(text), unencodable=strange)


@lru_cache(maxsize=4096)
def _bytes_of(sign: str) -> int | None:
    try:
        return len(sign.encode("cp949"))
    except UnicodeEncodeError:
        return None


def _segments(text: str) -> int:
    if all(sign in GSM_BASIC or sign in GSM_DOUBLE for sign in text):
        return _parts([2 if sign in GSM_DOUBLE else 1 for sign in text], alone=160, joined=153)
    return _parts([2 if ord(sign) > 0xFFFF else 1 for sign in text], alone=70, joined=67)


def _parts(units: list[int], *, alone: int, joined: int) -> int:
    """Pack the signs' units into segments; a sign of two units is never cut in half."""
    if sum(units) <= alone:
        return 1
    parts, room = 1, joined
    for unit in units:
        if unit > room:
            parts, room = parts + 1, joined
        room -= unit
    return parts
