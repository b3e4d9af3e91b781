"""Finds telephone numbers where none may stand: conference names and callback URLs."""

import re
from urllib.parse import unquote

_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_KOREAN_E164 = r"\+?82[-. ]?(?!1[5-8]\d)(?:1\d|2|[3-6]\d|70|50\d|80)[-. ]?\d{3,4}[-. ]?\d{4}"
_KOREAN_NATIONAL = r"0(?:1[016-9]|2|[3-6]\d|70|50\d|80)[-. ]?\d{3,4}[-. ]?\d{4}"
_OTHER_E164 = r"\+(?!82)[1-9]\d{7,14}"
_NUMBER = re.compile(rf"(?<![0-9A-Za-z])(?:{_KOREAN_E164}|{_KOREAN_NATIONAL}|{_OTHER_E164})(?![0-9A-Za-z])")


def telephone_number(text: str) -> str | None:
    """The first thing in `text` (percent-decoded) that looks like a person's number, masked to its last 4.

    Representative numbers (15xx, 16xx, 18xx) name an institution and pass. Twilio asks that conference
    names and URLs carry no personal data [docs: voice/twiml/conference].
    """
    found = _NUMBER.search(_UUID.sub("", unquote(text)))
    return f"…{found[0][-4:]}" if found else None
