"""Reading cases: lists, due ones first, and the statistics that are shared with departments (S8)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from ivr.calls.rows import Fact
from ivr.cases.institution import UnknownCase
from ivr.cases.moves import OPEN
from ivr.cases.repeats import flags_of
from ivr.cases.rows import Case, CaseState, Holder, Owed, RatingEntry
from ivr.cases.telling import tellings_owed

# Open cases first, those that are due first before others.
_BY_DUE = (Case.state.not_in(OPEN), Case.due_at, Case.id)
AT_ONCE = 500
# What an officer entered later was told at the moment that was given.
_TOLD_AT = func.coalesce(Fact.said_at, Fact.received_at)

By = Literal["line", "department", "kind", "channel", "topic", "officer"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which cases: of these lines (None: all), open or all, of one officer or in one state."""

    lines: Collection[str] | None = None
    state: CaseState | None = None
    officer: str | None = None
    kind: str | None = None
    with_closed: bool = False


@dataclass(slots=True)
class Figures:
    """Counts of one group of cases; `cases` has every id.

    Kept and missed are about the first due date, or the date told with a direction or first answer before it.
    """

    group: str
    received: int = 0
    answered: int = 0
    kept: int = 0
    missed: int = 0
    missed_untold: int = 0
    running: int = 0
    overdue: int = 0
    withdrawn: int = 0
    hours: float = 0.0
    ratings: int = 0
    rating_points: int = 0
    flagged: int = 0
    cases: list[str] = field(default_factory=list)

    @property
    def mean_hours(self) -> float | None:
        """Hours by the clock from arrival to answer."""
        return round(self.hours / self.answered, 1) if self.answered else None

    @property
    def mean_rating(self) -> float | None:
        """Points from 1 to 5."""
        return round(self.rating_points / self.ratings, 2) if self.ratings else None


def cases_of(session: Session, wanted: Wanted, *, limit: int) -> Sequence[Case]:
    """The cases that are wanted, those that are due first before others."""
    query = _narrowed(select(Case), wanted)
    if wanted.state is None and not wanted.with_closed:
        query = query.where(Case.state.in_(OPEN))
    return session.scalars(query.order_by(*_BY_DUE).limit(limit)).all()


def cases_to_tell(session: Session, wanted: Wanted, *, limit: int) -> Sequence[Case]:
    """Cases whose customers an officer still has to tell something: open, answered or closed."""
    owing = exists().where(Fact.subject == Case.id, Fact.kind == "telling-owed")
    query = _narrowed(select(Case).where(owing, Case.state != CaseState.WITHDRAWN), wanted)
    found: list[Case] = []
    for some in session.scalars(query.order_by(*_BY_DUE)).partitions(AT_ONCE):
        owed = tellings_owed(session, [case.id for case in some])
        found += [case for case in some if case.id in owed]
        if len(found) >= limit:
            break
    return found[:limit]


def find_case(session: Session, name: str) -> Case:
    """The case with this id or receipt number; raises `UnknownCase`, also where several have that number."""
    query = select(Case).where(or_(Case.id == name, Case.receipt_number == name)).order_by(Case.id)
    found = session.scalars(query).all()
    if not found:
        raise UnknownCase(f"there is no case {name}: `charterline cases list --all` shows them")
    if len(found) > 1:
        raise UnknownCase(f"{name} is the number of several cases: give one of {', '.join(one.id for one in found)}")
    return found[0]


def has_open_cases(session: Session, line: str) -> bool:
    """Whether somebody of a line still waits for an answer."""
    return session.scalar(select(exists().where(Case.line == line, Case.state.in_(OPEN)))) is True


def figures(
    session: Session, lines: Collection[str], *, span: tuple[datetime, datetime], by: By, at: datetime
) -> Sequence[Figures]:
    """Figures of the cases that arrived in `span` (from, before), grouped, marked tests left out."""
    since, until = span
    query = select(Case).where(Case.line.in_(lines), Case.received_at >= since, Case.received_at < until)
    query = query.where(Case.is_test.is_(False)).order_by(Case.received_at, Case.id)
    groups: dict[str, Figures] = {}
    for some in session.scalars(query).partitions(AT_ONCE):
        _add(session, groups, some, by=by, at=at)
    return [groups[name] for name in sorted(groups)]


def _add(session: Session, groups: dict[str, Figures], cases: Sequence[Case], *, by: By, at: datetime) -> None:
    ids = [case.id for case in cases]
    told, given = set(_told(session, ids)), set(_given(session, ids))
    flagged, points = flags_of(session, ids), _points(session, ids)
    for case in cases:
        group = _group(case, by)
        counted = groups.setdefault(group, Figures(group))
        late = _is_late(case, case.id in given, at)
        _count(counted, case, late=late, untold=late and case.id not in told)
        counted.overdue += case.state in OPEN and case.due_at <= at
        counted.flagged += case.id in flagged
        counted.ratings += case.id in points
        counted.rating_points += points.get(case.id, 0)


def _narrowed(query: Select[Case], wanted: Wanted) -> Select[Case]:
    if wanted.lines is not None:
        query = query.where(Case.line.in_(wanted.lines))
    if wanted.state is not None:
        query = query.where(Case.state == wanted.state)
    if wanted.officer is not None:
        query = query.where(Case.officer_id == wanted.officer)
    return query if wanted.kind is None else query.where(Case.kind == wanted.kind)


def _group(case: Case, by: By) -> str:
    names: Mapping[By, str | None] = {
        "line": case.line,
        "department": case.handler or case.owner,
        "kind": case.kind,
        "channel": case.channel,
        "topic": case.topic,
        "officer": case.officer_id,
    }
    return names[by] or "-"


def _count(counted: Figures, case: Case, *, late: bool, untold: bool) -> None:
    withdrawn = case.state is CaseState.WITHDRAWN
    counted.cases.append(case.id)
    counted.received += 1
    counted.withdrawn += withdrawn
    counted.running += case.state in OPEN
    if case.answered_at is not None:
        counted.answered += 1
        counted.hours += (case.answered_at - case.received_at).total_seconds() / 3600
    counted.kept += case.answered_at is not None and not late
    counted.missed += late and not withdrawn
    counted.missed_untold += untold and not withdrawn


def _is_late(case: Case, given: bool, at: datetime) -> bool:
    """Whether the first due date passed without what was owed; after a direction or first answer, the date told."""
    moment = case.answered_at or at
    return case.slips > 0 or moment >= case.due_at if given else moment >= case.first_due_at


def _given(session: Session, ids: Sequence[str]) -> Iterable[str]:
    """Cases whose customers had the direction, or the first answer, that was owed before the first due date."""
    owed = {"directed": Owed.ANSWER_OR_DIRECTION, "answered": Owed.FIRST_ANSWER}
    kept = or_(*((Fact.kind == kind) & (Case.first_owed == what) for kind, what in owed.items()))
    query = select(Fact.subject).join(Case, Case.id == Fact.subject).where(Fact.subject.in_(ids), kept)
    return session.scalars(query.where(Case.first_due_at > _TOLD_AT))


def _told(session: Session, ids: Sequence[str]) -> Iterable[str]:
    """Cases whose customers were told of the slip, or of another date, before the date passed."""
    kinds = ("late-told", "moved-told", "later-chosen", "directed")
    query = select(Fact.subject).join(Case, Case.id == Fact.subject)
    query = query.where(Fact.subject.in_(ids), Fact.kind.in_(kinds))
    return session.scalars(query.where(Case.first_due_at > _TOLD_AT))


def _points(session: Session, ids: Sequence[str]) -> Mapping[str, int]:
    points: defaultdict[str, int] = defaultdict(int)
    query = select(RatingEntry.case_id, RatingEntry.points).where(RatingEntry.case_id.in_(ids))
    for id, given in session.execute(query.where(RatingEntry.holder == Holder.DEPARTMENT)):
        points[id] += given
    return points
