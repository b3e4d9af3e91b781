"""What a contract says of a firm's customers: the firm is the controller of their data, the centre its processor.

Personal Information Protection Act, article 26, and its decree, article 28.
"""

from collections.abc import Collection
from typing import Final

from ivr.firms.refusing import FirmRefused

CLAUSES: Final = ("purpose_only", "safeguards", "scope", "no_passing_on", "access", "supervision", "liability")
"""What the written contract has to say: the act's art. 26(1) 1 and 2, then the decree's art. 28(1) 1 to 5."""


def refuse_missing(agreed: Collection[str]) -> None:
    """Raise `FirmRefused` unless exactly the clauses of the law are agreed."""
    unknown = sorted(set(agreed) - set(CLAUSES))
    if unknown:
        raise FirmRefused("unknown_clause", clause=unknown[0], clauses=", ".join(CLAUSES))
    missing = [clause for clause in CLAUSES if clause not in agreed]
    if missing:
        raise FirmRefused("clauses", clauses=", ".join(missing))
