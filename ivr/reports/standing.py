"""How a charter stands in a month, quarter or year, read from the sums of days; and the verdicts behind a count."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from sqlalchemy import ColumnElement, and_, extract, false, func, literal_column, or_, select
from sqlalchemy.orm import Session

from ivr.charters.judges.judgement import Finding
from ivr.charters.model import Charter, Standard
from ivr.charters.periods import Span
from ivr.charters.reasons import Reasons
from ivr.charters.rows import FAULTY, Verdict
from ivr.charters.sums import VerdictSum
from ivr.reports.counts import Counts, counts_of
from ivr.reports.opening import Opened, opened
from ivr.reports.quarters import Month, Stretch
from ivr.reports.tallies import ReasonCount, in_force, newest_reasons, versions_in
from ivr.reports.words import Words

PAGE = 50
MONTHS_OF_TREND = 12
# A page tells why the newest ones were not kept; the report counts all.
MOST_FAULTS = 2000
FAULTS = (Finding.MISSED, Finding.INDETERMINATE)
# Without a type: as a boolean it is written with "= 1" for SQLite, and the index is not found.
_FAULTY: ColumnElement[bool] = literal_column(FAULTY.text)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of verdicts ended: its last one."""

    day: date
    subject: str

    @classmethod
    def written(cls, day: str, subject: str) -> Self:
        """From a day in ISO 8601; raises ValueError."""
        return cls(date.fromisoformat(day), subject)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose results are asked for, and of which time."""

    charter: Charter
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Behind:
    """One count to be opened: of a standard, the verdicts of one finding."""

    asked: Asked
    standard: Standard
    finding: Finding

    @property
    def condition(self) -> ColumnElement[bool]:
        """What holds of the verdicts."""
        own = and_(Verdict.standard_id == self.standard.id, Verdict.verdict == self.finding)
        return and_(in_force(self.asked.charter, self.asked.stretch), own)


def standards_in(charter: Charter, stretch: Stretch) -> list[Standard]:
    """Every standard of the versions in force in the time, in the order of the document."""
    versions = [version.version for version in versions_in(charter, stretch)]
    return [standard for standard in charter.all if any(standard.belongs_to(version) for version in versions)]


def counts_by_standard(session: Session, charter: Charter, stretch: Stretch) -> Mapping[str, Counts]:
    """By standard id, the verdicts of the time."""
    numbers = func.sum(VerdictSum.number)
    query = select(VerdictSum.standard_id, VerdictSum.verdict, numbers).where(summed(charter, stretch))
    found: defaultdict[str, Counter[Finding]] = defaultdict(Counter)
    for standard, finding, number in session.execute(query.group_by(VerdictSum.standard_id, VerdictSum.verdict)):
        found[standard][finding] += int(number)
    return {standard: counts_of(numbers) for standard, numbers in found.items()}


def counts_by_month(
    session: Session, charter: Charter, months: Sequence[Month], *, standard: str | None = None
) -> Mapping[str, Mapping[Month, Counts]]:
    """By standard id, the verdicts of each of these months in a row; of one standard only where it is named."""
    year, month = extract("year", VerdictSum.day), extract("month", VerdictSum.day)
    query = select(VerdictSum.standard_id, year, month, VerdictSum.verdict, func.sum(VerdictSum.number))
    query = query.where(summed(charter, Span(months[0].first, months[-1].last)))
    if standard is not None:
        query = query.where(VerdictSum.standard_id == standard)
    found: defaultdict[str, defaultdict[Month, Counter[Finding]]] = defaultdict(lambda: defaultdict(Counter))
    grouped = query.group_by(VerdictSum.standard_id, year, month, VerdictSum.verdict)
    for id, in_year, in_month, finding, number in session.execute(grouped):
        found[id][Month(int(in_year), int(in_month))][finding] += int(number)
    return {id: {one: counts_of(some.get(one, {})) for one in months} for id, some in found.items()}


def faults_of(session: Session, asked: Asked, *, standard: Standard, reasons: Reasons) -> tuple[ReasonCount, ...]:
    """Why the newest verdicts of a standard were missed or could not be decided, the most frequent reasons first."""
    own = and_(in_force(asked.charter, asked.stretch), Verdict.standard_id == standard.id, _FAULTY)
    found = (newest_reasons(session, own & (Verdict.verdict == one), reasons, most=MOST_FAULTS) for one in FAULTS)
    return tuple(reason for some in found for reason in some)


def find_verdicts(session: Session, behind: Behind, *, after: Place | None = None, limit: int = PAGE) -> list[Verdict]:
    """The verdicts behind a count, the newest day first: as many days are looked at as the page needs."""
    found: list[Verdict] = []
    for day in _days(session, behind, until=after.day if after else None):
        query = select(Verdict).where(behind.condition, Verdict.day == day).order_by(Verdict.subject)
        if after is not None and day == after.day:
            query = query.where(Verdict.subject > after.subject)
        found += session.scalars(query.limit(limit - len(found)))
        if len(found) == limit:
            break
    return found


def opened_in(session: Session, verdicts: Sequence[Verdict], behind: Behind, *, words: Words) -> list[Opened]:
    """The same verdicts with their matter, its moment and the records that prove each, in the same order."""
    one = counts_of({behind.finding: 1})
    days = {verdict.day: one for verdict in verdicts}
    condition = behind.condition & Verdict.subject.in_([verdict.subject for verdict in verdicts])
    found = {each.subject: each for each in opened(session, condition, days, finding=behind.finding, words=words)}
    return [found[verdict.subject] for verdict in verdicts]


def _days(session: Session, behind: Behind, *, until: date | None) -> Sequence[date]:
    """The days on which there is any, the last one first."""
    query = select(VerdictSum.day).where(
        summed(behind.asked.charter, behind.asked.stretch),
        VerdictSum.standard_id == behind.standard.id,
        VerdictSum.verdict == behind.finding,
        VerdictSum.number > 0,
    )
    query = query if until is None else query.where(VerdictSum.day <= until)
    return session.scalars(query.order_by(VerdictSum.day.desc())).all()


def summed(charter: Charter, stretch: Stretch) -> ColumnElement[bool]:
    """What holds of the sums that count: of the version that was in force on each day."""
    spans = [
        and_(
            VerdictSum.version == version.version,
            VerdictSum.day >= max(version.effective_from, stretch.first),
            VerdictSum.day <= min(version.effective_to or stretch.last, stretch.last),
        )
        for version in versions_in(charter, stretch)
    ]
    return and_(VerdictSum.institution == charter.institution, or_(false(), *spans))
