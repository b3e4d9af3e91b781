"""What a look at one part of an installation finds: what, where, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Fine, to be seen to soon, or wrong now."""

    FINE = "fine"
    SOON = "soon"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `where` names a setting, an address or a file, never a secret; `remedy` is empty
    for what is fine."""

    part: str
    verdict: Verdict
    what: str
    where: str
    remedy: str = ""


def fine(part: str, what: str, where: str) -> Finding:
    """Nothing is to be done."""
    return Finding(part, Verdict.FINE, what, where)


def soon(part: str, what: str, *, where: str, remedy: str) -> Finding:
    """The hotline works, and somebody should see to it."""
    return Finding(part, Verdict.SOON, what, where, remedy)


def wrong(part: str, what: str, *, where: str, remedy: str) -> Finding:
    """Callers or promises suffer from it now, or will at once."""
    return Finding(part, Verdict.WRONG, what, where, remedy)
