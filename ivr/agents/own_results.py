"""What the charter says of one agent's own work: verdicts by promise, and what is behind each number."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ivr.callbacks.rows import Callback
from ivr.charters.judges.judgement import Finding
from ivr.charters.rows import Verdict
from ivr.figures.asking import Period
from ivr.figures.rows import OfferFigure
from ivr.lines.hours import SEOUL

OFFER, CALL, CALLBACK = "offer", "call", "callback"


@dataclass(frozen=True, slots=True)
class Who:
    """Whose work: an agent of a line, and the officer whom callbacks are assigned to (None: no callbacks)."""

    line: str
    agent: str
    officer: str | None


@dataclass(frozen=True, slots=True)
class OwnResult:
    """How often each verdict was found of one standard; what was exempt or not applicable stands beside."""

    standard_id: str
    counts: Mapping[Finding, int] = field(default_factory=dict)

    @property
    def met(self) -> int:
        """How often it was kept."""
        return self.counts.get(Finding.MET, 0)

    @property
    def missed(self) -> int:
        """How often it was not."""
        return self.counts.get(Finding.MISSED, 0)

    @property
    def share(self) -> float | None:
        """The part that was kept of what could be judged; None where nothing could."""
        judged = self.met + self.missed
        return self.met / judged if judged else None


def own_results(session: Session, who: Who, period: Period) -> list[OwnResult]:
    """The results of each standard that was judged of this agent's calls or callbacks in the period."""
    found: defaultdict[str, Counter[Finding]] = defaultdict(Counter)
    for own in _own(who, period):
        query = select(Verdict.standard_id, Verdict.verdict, func.count()).where(own)
        for standard, finding, count in session.execute(query.group_by(Verdict.standard_id, Verdict.verdict)):
            found[standard][finding] += count
    return [OwnResult(standard, found[standard]) for standard in sorted(found)]


def verdicts_behind(session: Session, who: Who, period: Period, *, standard_id: str, limit: int) -> list[Verdict]:
    """The verdicts of one standard that are counted, the newest days first."""
    found: list[Verdict] = []
    for own in _own(who, period):
        query = select(Verdict).where(own, Verdict.standard_id == standard_id)
        found += session.scalars(query.order_by(Verdict.day.desc(), Verdict.subject.desc()).limit(limit))
    return found[:limit]


def _own(who: Who, period: Period) -> Iterator[ColumnElement[bool]]:
    """Verdicts of telephones that rang at this agent, of calls that were talked, of callbacks that were assigned.

    One condition for each, so that each is found by an index.
    """
    mine = (OfferFigure.line == who.line) & (OfferFigure.agent == who.agent)
    rung = mine & _within(OfferFigure.arrived_at, period)
    yield (Verdict.scope == OFFER) & Verdict.subject.in_(select(OfferFigure.offer_id).where(rung))
    yield (Verdict.scope == CALL) & Verdict.call_id.in_(select(OfferFigure.call_id).where(rung, OfferFigure.is_talk))
    if who.officer is not None:
        owed = (Callback.line == who.line) & (Callback.officer_id == who.officer)
        asked = select(Callback.id).where(owed, _within(Callback.asked_at, period))
        yield (Verdict.scope == CALLBACK) & Verdict.subject.in_(asked)


def _within(column: InstrumentedAttribute[datetime], period: Period) -> ColumnElement[bool]:
    first = datetime.combine(period.first, time(), tzinfo=SEOUL)
    end = datetime.combine(period.last + timedelta(days=1), time(), tzinfo=SEOUL)
    return (column >= first) & (column < end)
