"""From the database to counts: the verdicts of a quarter by standard and day, and why they were found so."""

import re
import string
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from ivr.calls.rows import Call
from ivr.charters.judges.judgement import Finding
from ivr.charters.model import Charter, Version
from ivr.charters.reasons import Reasons
from ivr.charters.rows import Verdict
from ivr.lines.hours import SEOUL
from ivr.reports.counts import Counts, counts_of
from ivr.reports.quarters import Stretch

VOLATILE = frozenset({"seconds", "uncertainty", "done", "due", "first", "told", "until", "used", "held"})
"""Fields of reasons that differ from one to the next; reasons are counted together without them."""

LEFT_OUT = "…"
ROWS_AT_A_TIME = 1000
Days = Mapping[date, Counts]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which calls of a quarter there are: ended ones, those without any verdict yet, and their first and last day."""

    calls: int
    unjudged: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How often a reason was given for a finding; `reason` without what differs from one to the next."""

    finding: Finding
    reason: str
    number: int


def versions_in(charter: Charter, quarter: Stretch) -> tuple[Version, ...]:
    """The versions that were in force on at least one day of the quarter, oldest first."""
    return tuple(
        version
        for version in charter.versions
        if version.effective_from <= quarter.last
        and (version.effective_to is None or version.effective_to >= quarter.first)
    )


def in_force(charter: Charter, quarter: Stretch) -> ColumnElement[bool]:
    """What holds of the verdicts that a report counts: by the version that was in force on the day of the call.

    Others stand beside them after `charterline judge --version`.
    """
    spans = [
        and_(
            Verdict.version == version.version,
            Verdict.day >= max(version.effective_from, quarter.first),
            Verdict.day <= min(version.effective_to or quarter.last, quarter.last),
        )
        for version in versions_in(charter, quarter)
    ]
    return and_(Verdict.institution == charter.institution, or_(false(), *spans))


def days_of(session: Session, condition: ColumnElement[bool]) -> Mapping[str, Days]:
    """By standard id, the counts of every day that has verdicts under a condition."""
    found: defaultdict[str, defaultdict[date, Counter[Finding]]] = defaultdict(lambda: defaultdict(Counter))
    rows = session.execute(
        select(Verdict.standard_id, Verdict.day, Verdict.verdict, func.count())
        .where(condition)
        .group_by(Verdict.standard_id, Verdict.day, Verdict.verdict)
    )
    for standard, day, finding, number in rows:
        found[standard][day][finding] += number
    return {
        standard: {day: counts_of(numbers) for day, numbers in sorted(days.items())} for standard, days in found.items()
    }


def reasons_of(
    session: Session, condition: ColumnElement[bool], reasons: Reasons
) -> Mapping[str, tuple[ReasonCount, ...]]:
    """By standard id, why verdicts were anything but met, the most frequent reasons first."""
    shortened = _shortener(reasons)
    found: defaultdict[str, Counter[tuple[Finding, str]]] = defaultdict(Counter)
    rows = session.execute(
        select(Verdict.standard_id, Verdict.verdict, Verdict.reason, func.count())
        .where(condition, Verdict.verdict != Finding.MET)
        .group_by(Verdict.standard_id, Verdict.verdict, Verdict.reason)
        .execution_options(yield_per=ROWS_AT_A_TIME)
    )
    for standard, finding, reason, number in rows:
        found[standard][finding, shortened(reason)] += number
    return {standard: _in_order(counter) for standard, counter in found.items()}


def newest_reasons(
    session: Session, condition: ColumnElement[bool], reasons: Reasons, *, most: int
) -> tuple[ReasonCount, ...]:
    """The same of one finding of one standard, from its newest verdicts only: at most so many are looked at."""
    shortened = _shortener(reasons)
    newest = (
        select(Verdict.verdict, Verdict.reason).where(condition).order_by(Verdict.day.desc()).limit(most).subquery()
    )
    found: Counter[tuple[Finding, str]] = Counter()
    rows = session.execute(select(newest.c.verdict, newest.c.reason, func.count()).group_by(*newest.c))
    for finding, reason, number in rows:
        found[finding, shortened(reason)] += number
    return _in_order(found)


def coverage_of(session: Session, charter: Charter, quarter: Stretch) -> Coverage:
    """The calls of the institution's line that ended and arrived in the quarter."""
    midnight = datetime.combine(quarter.first, time(), tzinfo=SEOUL)
    after = datetime.combine(quarter.last + timedelta(days=1), time(), tzinfo=SEOUL)
    ended = and_(
        Call.line == charter.institution,
        Call.ended_at.is_not(None),
        Call.arrived_at >= midnight,
        Call.arrived_at < after,
    )
    calls, first, last = session.execute(
        select(func.count(), func.min(Call.arrived_at), func.max(Call.arrived_at)).where(ended)
    ).one()
    unjudged = session.scalar(select(func.count()).where(ended, ~exists().where(Verdict.call_id == Call.id)))
    return Coverage(calls, unjudged or 0, _local(first), _local(last))


def _local(moment: datetime | None) -> date | None:
    return moment.astimezone(SEOUL).date() if moment else None


def _in_order(counter: Counter[tuple[Finding, str]]) -> tuple[ReasonCount, ...]:
    places = list(Finding)
    counted = [ReasonCount(finding, reason, number) for (finding, reason), number in counter.items()]
    return tuple(sorted(counted, key=lambda one: (places.index(one.finding), -one.number, one.reason)))


class _Shortened:
    """Leaves volatile numbers and times out of a reason, by the texts that judges fill."""

    def __init__(self, patterns: Iterable[tuple[re.Pattern[str], str]]) -> None:
        self._patterns = tuple(patterns)

    def __call__(self, reason: str) -> str:
        for pattern, short in self._patterns:
            found = pattern.fullmatch(reason)
            if found:
                return short.format(**found.groupdict())
        return reason


def _shortener(reasons: Reasons) -> _Shortened:
    volatile = (text for text in reasons.words.values() if any(f"{{{name}}}" in text for name in VOLATILE))
    return _Shortened((re.compile(_pattern(text)), _short(text)) for text in sorted(volatile))


def _pattern(text: str) -> str:
    return "".join(
        re.escape(before) + (f"(?P<{name}>.+?)" if name else "")
        for before, name, _, _ in string.Formatter().parse(text)
    )


def _short(text: str) -> str:
    return "".join(
        before + (LEFT_OUT if name in VOLATILE else f"{{{name}}}" if name else "")
        for before, name, _, _ in string.Formatter().parse(text)
    )
