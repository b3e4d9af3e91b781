"""How many marked intakes were right (A2): of a period, by firm, by agent, and what was wrong with the others."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from ivr.calls.record import Outcome
from ivr.calls.rows import Call
from ivr.figures.rows import CallFigure
from ivr.intake.rows import IntakeMark, IntakeReview
from ivr.lines.hours import moment_of
from ivr.surveys.intervals import Interval, share_interval


@dataclass(frozen=True, slots=True)
class Tally:
    """Marked calls by their mark."""

    marks: Mapping[IntakeMark, int] = field(default_factory=dict)

    @property
    def marked(self) -> int:
        """How many calls have a mark."""
        return sum(self.marks.values())

    @property
    def right(self) -> int:
        """How many of them were taken in rightly."""
        return self.marks.get(IntakeMark.RIGHT, 0)

    @property
    def share(self) -> float | None:
        """The share of right ones, 0 to 1; None where nothing is marked."""
        return self.right / self.marked if self.marked else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's interval of the share, for all calls of which these were drawn."""
        return share_interval(self.right, self.marked)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The marks of a period, by the local days on which the calls came; `answered` calls are what could be marked."""

    answered: int
    total: Tally
    by_firm: Mapping[str, Tally]
    by_agent: Mapping[str, Tally]


def accuracy(session: Session, line_id: str, *, first: date, last: date, firm: str | None = None) -> Accuracy:
    """The accuracy of a line's intakes from one local day to another, both included, of one firm where it is given."""
    newer = aliased(IntakeReview)
    overtaken = exists().where(newer.call_id == IntakeReview.call_id, newer.id > IntakeReview.id)
    from_, to = moment_of(first, 0), moment_of(last + timedelta(days=1), 0)
    query = select(IntakeReview.firm, IntakeReview.agent_id, IntakeReview.mark, func.count())
    query = query.join(Call, Call.id == IntakeReview.call_id).where(IntakeReview.line == line_id, ~overtaken)
    query = query.where(Call.arrived_at >= from_, Call.arrived_at < to)
    if firm is not None:
        query = query.where(IntakeReview.firm == firm)
    total: Counter[IntakeMark] = Counter()
    by_firm: defaultdict[str, Counter[IntakeMark]] = defaultdict(Counter)
    by_agent: defaultdict[str, Counter[IntakeMark]] = defaultdict(Counter)
    for of_firm, agent, mark, count in session.execute(
        query.group_by(IntakeReview.firm, IntakeReview.agent_id, IntakeReview.mark)
    ):
        for tally in (total, by_firm[of_firm], by_agent[agent or ""]):
            tally[mark] += count
    return Accuracy(
        _answered(session, line_id, (first, last), firm), Tally(total), _tallies(by_firm), _tallies(by_agent)
    )


def _tallies(counted: Mapping[str, Mapping[IntakeMark, int]]) -> dict[str, Tally]:
    return {name: Tally(counted[name]) for name in sorted(counted)}


def _answered(session: Session, line_id: str, days: tuple[date, date], firm: str | None) -> int:
    query = select(func.count()).select_from(CallFigure)
    query = query.where(CallFigure.line == line_id, CallFigure.day.between(*days))
    query = query.where(CallFigure.outcome == Outcome.ANSWERED)
    return session.scalar(query if firm is None else query.where(CallFigure.firm == firm)) or 0
