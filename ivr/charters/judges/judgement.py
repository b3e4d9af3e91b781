"""A judgement: the finding, the reason by its id in the file of reasons, the evidence, and the measured number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ivr.calls.facts import Told
from ivr.charters.model import Standard
from ivr.charters.terms import Exemption

Value = str | int | tuple[str, ...]
"""What a reason is filled with; a tuple holds names of parts, which the file of reasons words."""


class Finding(StrEnum):
    """What is said of one standard and one call or offer; only met and missed count towards the target."""

    MET = "met"
    MISSED = "missed"
    EXEMPT = "exempt"
    INDETERMINATE = "indeterminate"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Reason:
    """An id of the file of reasons, and the values of its fields."""

    id: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Judgement:
    """`evidence` names facts by key, offers and other calls by id; `measured` is in milliseconds.

    `until` is the moment at which time alone will change an undecided finding.
    """

    finding: Finding
    reason: Reason
    evidence: tuple[str, ...] = ()
    measured: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What has been gathered when it is time to say what follows from it."""

    evidence: tuple[str, ...] = ()
    measured: int | None = None

    def met(self, reason: str, /, **values: Value) -> Judgement:
        """The promise was kept."""
        return self._judgement(Finding.MET, reason, values)

    def missed(self, reason: str, /, **values: Value) -> Judgement:
        """The promise was not kept."""
        return self._judgement(Finding.MISSED, reason, values)

    def unknown(self, reason: str, /, **values: Value) -> Judgement:
        """The record cannot tell."""
        return self._judgement(Finding.INDETERMINATE, reason, values)

    def open(self, until: datetime | None, reason: str, /, **values: Value) -> Judgement:
        """Not decided yet: it may still be kept, or found missed at `until`."""
        return replace(self.unknown(reason, **values), until=until)

    def moot(self, reason: str, /, **values: Value) -> Judgement:
        """The promise is not about this call or offer, or nothing is recorded that could ever tell."""
        return self._judgement(Finding.NOT_APPLICABLE, reason, values)

    def excused(self, standard: Standard, exemption: Exemption, /, *, otherwise: str) -> Judgement:
        """Exempt where the charter names this exemption; else undecided for the reason `otherwise`."""
        if exemption in standard.exemptions:
            return self._judgement(Finding.EXEMPT, "exempt", {"exemption": exemption})
        return self.unknown(otherwise)

    def _judgement(self, finding: Finding, reason: str, values: Mapping[str, Value]) -> Judgement:
        return Judgement(finding, Reason(reason, values), self.evidence, self.measured)


def keys(*facts: Told | None) -> tuple[str, ...]:
    """The keys of the facts that there are, each once, as evidence."""
    return tuple(dict.fromkeys(fact.key for fact in facts if fact is not None))


def found(*evidence: str, facts: Iterable[Told | None] = ()) -> Found:
    """Evidence made of ids, and of the facts that there are."""
    return Found((*evidence, *keys(*facts)))
