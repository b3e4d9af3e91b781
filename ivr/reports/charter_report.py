"""What the report on a charter says of a quarter, put together as data; rendering it is the console's matter."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

from ivr.calls.rings import RingLimits, ring_limits
from ivr.charters.judges.judgement import Finding
from ivr.charters.measures.calls import RingToAnswer
from ivr.charters.model import Charter, Standard, Version
from ivr.charters.periods import judge_period
from ivr.charters.reading_periods import last_day_on_record, period_view
from ivr.charters.reasons import Reasons
from ivr.lines.model import Line
from ivr.reports.counts import Counts
from ivr.reports.measured import exempt_when, how_measured
from ivr.reports.quarters import Month, Quarter, month_of
from ivr.reports.tallies import Coverage, Days, ReasonCount, coverage_of, days_of, in_force, reasons_of, versions_in
from ivr.reports.words import Words


class Audience(StrEnum):
    """Who reads a report: only `inside` are the calls behind the numbers listed."""

    INSIDE = "inside"
    PUBLIC = "public"


class Standing(StrEnum):
    """What a quarter can say of a standard."""

    JUDGED = "judged"
    NO_RECORD = "no_record"
    UNMEASURED = "unmeasured"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose verdicts are counted: of a charter and a quarter, and where `narrowed`, of those only some."""

    charter: Charter
    quarter: Quarter
    narrowed: ColumnElement[bool] | None = None

    @property
    def condition(self) -> ColumnElement[bool]:
        """What holds of the verdicts."""
        holds = in_force(self.charter, self.quarter)
        return holds if self.narrowed is None else and_(holds, self.narrowed)


@dataclass(frozen=True, slots=True)
class PeriodResult:
    """What was found of a promise about a whole period; it is judged for the report and stored nowhere.

    `evidence` names rounds of surveys, or a figure with its first and last day.
    """

    finding: Finding
    reason: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StandardResult:
    """One standard in one quarter. `how` and `exempt_when` are in words; `days` has every day with verdicts.

    `period` is there for promises about periods only, and never among the counts.
    """

    standard: Standard
    how: str
    exempt_when: tuple[str, ...]
    days: Days
    reasons: tuple[ReasonCount, ...]
    period: PeriodResult | None = None

    @property
    def counts(self) -> Counts:
        """All verdicts of the quarter."""
        return sum(self.days.values(), Counts())

    @property
    def standing(self) -> Standing:
        """Was it judged, was there nothing to judge, or can it not be measured?"""
        if not self.standard.measurable:
            return Standing.UNMEASURED
        counts = self.counts
        return Standing.JUDGED if counts.all > counts.not_applicable else Standing.NO_RECORD

    @property
    def anchor(self) -> str:
        """A name for links within a page: `K4`, `D6-memo`, `K4-v2`."""
        later = f"-v{self.standard.from_version}" if self.standard.from_version > 1 else ""
        return self.standard.key.replace(".", "-") + later

    def by_month(self, quarter: Quarter) -> tuple[tuple[Month, Counts], ...]:
        """The counts of each month of the quarter."""
        found = dict.fromkeys(quarter.months, Counts())
        for day, counts in self.days.items():
            found[month_of(day)] += counts
        return tuple(found.items())


@dataclass(frozen=True, slots=True)
class RingUse:
    """How "before so many rings" is read on a line, with all three readings' limits in milliseconds."""

    reading: str
    rings: int
    tone_ms: int
    pause_ms: int
    limits: RingLimits

    @property
    def limit_ms(self) -> int:
        """The limit of the reading that is used."""
        return int(getattr(self.limits, self.reading))

    @property
    def others(self) -> tuple[tuple[str, int], ...]:
        """The readings that are not used, with their limits in milliseconds."""
        names = ("strict", "literal", "customary")
        return tuple((name, int(getattr(self.limits, name))) for name in names if name != self.reading)


@dataclass(frozen=True, slots=True)
class CharterReport:
    """The whole report: every standard of every version in force, in the order of the document."""

    charter: Charter
    line: Line | None
    quarter: Quarter
    versions: tuple[Version, ...]
    coverage: Coverage
    ring: RingUse | None
    results: tuple[StandardResult, ...] = field(repr=False)

    def of(self, standing: Standing) -> tuple[StandardResult, ...]:
        """The standards of which the quarter can say this."""
        return tuple(result for result in self.results if result.standing is standing)


def charter_report(
    session: Session, asked: Asked, *, line: Line | None, words: Words, reasons: Reasons
) -> CharterReport:
    """Put the report on one institution's quarter together; `line` is None where its file has been removed."""
    charter, quarter = asked.charter, asked.quarter
    versions = versions_in(charter, quarter)
    days = days_of(session, asked.condition)
    why = reasons_of(session, asked.condition, reasons)
    standards = [
        standard for standard in charter.all if any(standard.belongs_to(version.version) for version in versions)
    ]
    results = tuple(_result(standard, charter, words, (days, why)) for standard in standards)
    if asked.narrowed is None:
        results = _with_periods(session, asked, results, reasons=reasons)
    return CharterReport(
        charter=charter,
        line=line,
        quarter=quarter,
        versions=versions,
        coverage=coverage_of(session, charter, quarter),
        ring=_ring_use(line, standards),
        results=results,
    )


def _result(
    standard: Standard,
    charter: Charter,
    words: Words,
    found: tuple[Mapping[str, Days], Mapping[str, tuple[ReasonCount, ...]]],
) -> StandardResult:
    days, why = found
    return StandardResult(
        standard=standard,
        how=how_measured(standard, words),
        exempt_when=exempt_when(standard, dict(charter.heading.exemptions)),
        days=days.get(standard.id, {}),
        reasons=why.get(standard.id, ()),
    )


def _with_periods(
    session: Session, asked: Asked, results: tuple[StandardResult, ...], *, reasons: Reasons
) -> tuple[StandardResult, ...]:
    """The same results, those about periods with what was found of them."""
    charter, quarter = asked.charter, asked.quarter
    view = period_view(
        session,
        charter.institution,
        first_day=quarter.first,
        last_day=quarter.last,
        today=last_day_on_record(session, charter.institution),
    )

    def found(result: StandardResult) -> StandardResult:
        if result.standard.scope != "period":
            return result
        judgement = judge_period(result.standard, view)
        sentence = reasons.say(judgement.reason, charter.heading.exemptions)
        return replace(result, period=PeriodResult(judgement.finding, sentence, judgement.evidence))

    return tuple(found(result) for result in results)


def _ring_use(line: Line | None, standards: list[Standard]) -> RingUse | None:
    """None where the line is gone, or where no standard counts rings."""
    rings = [standard.measure.rings for standard in standards if isinstance(standard.measure, RingToAnswer)]
    if line is None or not rings:
        return None
    rule = line.ring
    limits = ring_limits(rings=rings[-1], tone_ms=rule.tone_ms, pause_ms=rule.pause_ms)
    return RingUse(rule.reading, rings[-1], rule.tone_ms, rule.pause_ms, limits)
