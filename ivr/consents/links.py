"""The signed link under which somebody sees, gives and takes back consents: it names a row, never a number."""

import hmac
from datetime import UTC, datetime, timedelta

from ivr.people.rows import Person
from ivr.sealing import Keyring

PATH = "/c/"
LINKS_LAST = timedelta(days=180)


def consent_path(keyring: Keyring, person: Person, *, at: datetime) -> str:
    """The path of a person's page, `/c/PERSON.DAY.SIGNATURE`; it is of no use once her number changed or went."""
    day = f"{at.astimezone(UTC):%Y%m%d}"
    return f"{PATH}{person.id}.{day}.{_signature(keyring, person, day)}"


def person_of(token: str) -> int | None:
    """The id of the person that a token claims to be of; None where it is no token."""
    claimed, dot, _ = token.partition(".")
    return int(claimed) if dot and claimed.isascii() and claimed.isdigit() and len(claimed) < 19 else None


def is_signed(keyring: Keyring, token: str, person: Person) -> bool:
    """Whether we gave this token out, to this person at this number."""
    if person.number_index is None:
        return False
    day, _, signature = token.partition(".")[2].partition(".")
    expected = _signature(keyring, person, day)
    return hmac.compare_digest(signature.encode("utf-8", "surrogatepass"), expected.encode())


def has_lapsed(token: str, at: datetime) -> bool:
    """Whether a signed token is older than links last."""
    given = datetime.strptime(token.split(".")[1], "%Y%m%d").replace(tzinfo=UTC)
    return at > given + LINKS_LAST


def _signature(keyring: Keyring, person: Person, day: str) -> str:
    return keyring.sign(f"consent:{person.id}:{day}:{person.number_index}")
