"""Response rates by the standard definitions of AAPOR, from how far everybody of a campaign came."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.surveys.rows import Disposition

COMPLETE = frozenset({Disposition.COMPLETED})
PARTIAL = frozenset({Disposition.PARTIAL})
REFUSAL = frozenset({Disposition.REFUSED, Disposition.BREAKOFF})
OTHER = frozenset({Disposition.STARTED, Disposition.INTERIM_PARTIAL})
"""They are being asked at this moment."""
UNKNOWN = frozenset(
    {
        *(Disposition.REGISTERED, Disposition.QUEUED, Disposition.UNRESPONSIVE),
        *(Disposition.CONTACTED, Disposition.FAILED, Disposition.UNKNOWN),
    }
)
"""Nobody who could answer was reached, so that it is not known whether they belong to those meant."""
NOT_ELIGIBLE = frozenset({Disposition.INELIGIBLE, Disposition.REJECTED})
"""Not one of those meant, or of a group that is full."""
LEFT_OUT = frozenset({Disposition.EXCLUDED})
"""May not be contacted any more: neither asked nor missing."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares from 0 to 1; None where nobody stands below the line.

    `minimum` (RR1) counts only the complete against all who may be eligible, `with_partial` (RR2) the partial as well,
    `estimated` (RR3) takes of those unknown only the share that is eligible among those known. `cooperation` (COOP1)
    is of those reached, `refusal` (REF1) and `contact` (CON1) of all who may be eligible.
    """

    minimum: float | None
    with_partial: float | None
    estimated: float | None
    cooperation: float | None
    refusal: float | None
    contact: float | None


def rates_of(counts: Mapping[Disposition, int]) -> Rates:
    """The rates from the people counted by disposition."""

    def number(of: frozenset[Disposition]) -> int:
        return sum(counts.get(one, 0) for one in of)

    complete, partial, refusal, other = number(COMPLETE), number(PARTIAL), number(REFUSAL), number(OTHER)
    unknown, not_eligible = number(UNKNOWN), number(NOT_ELIGIBLE)
    reached = complete + partial + refusal
    known = reached + other
    everybody = known + unknown
    likely = _share(known, known + not_eligible)
    return Rates(
        minimum=_share(complete, everybody),
        with_partial=_share(complete + partial, everybody),
        estimated=_share(complete, known + unknown * (1.0 if likely is None else likely)),
        cooperation=_share(complete, reached),
        refusal=_share(refusal, everybody),
        contact=_share(known, everybody),
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
