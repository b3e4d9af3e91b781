"""The signed link to the web form of an interview: it names the interview, never a number."""

import hmac
from datetime import timedelta
from urllib.parse import quote

from ivr.sealing import Keyring

PATH = "/s/"
LINKS_LAST = timedelta(days=7)


def form_path(keyring: Keyring, interview: str) -> str:
    """The path of the form of an interview: `/s/INTERVIEW.SIGNATURE`."""
    return f"{PATH}{quote(interview, safe='')}.{_signature(keyring, interview)}"


def interview_of_link(keyring: Keyring, token: str) -> str | None:
    """The id of the interview whose form we gave this token out for; None where we gave out no such token."""
    claimed, _, signature = token.rpartition(".")
    if not claimed.isprintable():
        return None
    expected = _signature(keyring, claimed)
    return claimed if hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), expected.encode()) else None


def _signature(keyring: Keyring, interview: str) -> str:
    return keyring.sign(f"survey:{interview}")
