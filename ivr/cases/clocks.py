"""The clocks of a case: every date that the charter in force, or else the line's rule, gives it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from ivr.cases.institution import Institution
from ivr.cases.rows import Owed
from ivr.charters.limits import Limit
from ivr.charters.measures.cases import AnsweredOrDirectedWithin, AnsweredWithin
from ivr.charters.measures.shape import Measure
from ivr.charters.model import Standard
from ivr.charters.terms import Basis


@dataclass(frozen=True, slots=True)
class Sort:
    """What decides which standards are about a case."""

    kind: str
    channel: str
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """What is owed before `due_at`, and the standard that says so (None: the line's own rule, or a date told)."""

    owed: Owed
    due_at: datetime
    standard_id: str | None = None


def concerns(standard: Standard, sort: Sort) -> bool:
    """Is the standard about cases of this sort? What it leaves empty does not narrow."""
    applies = standard.applies
    return (
        standard.scope == "case"
        and (not applies.kinds or sort.kind in applies.kinds)
        and (not applies.channels or sort.channel in applies.channels)
        and (not applies.topics or sort.topic in applies.topics)
    )


def clocks_of(institution: Institution, sort: Sort, received_at: datetime) -> tuple[Clock, ...]:
    """The clocks of the answer, the strictest first; the line's own rule where no standard has one."""
    working = institution.working
    found = [
        Clock(owed, working.due(received_at, limit, basis), standard.id)
        for standard, owed, limit, basis in _answering(institution, sort, received_at)
    ]
    if not found:
        rule = institution.line.cases
        return (Clock(Owed.ANSWER, working.due(received_at, rule.within, rule.basis)),)
    return tuple(sorted(found, key=lambda clock: clock.due_at))


def remaining(clocks: Collection[Clock], given: Collection[Owed]) -> tuple[Clock, ...]:
    """The clocks that still run once a first answer or a direction was given, the strictest first."""
    kept = {Owed.FIRST_ANSWER: {Owed.FIRST_ANSWER}, Owed.ANSWER_OR_DIRECTION: {Owed.ANSWER_OR_DIRECTION}}
    done = {owed for one in given for owed in kept.get(one, set(Owed))}
    return tuple(sorted((clock for clock in clocks if clock.owed not in done), key=lambda clock: clock.due_at))


def watch_due(institution: Institution, sort: Sort, since: datetime, *, measure: type[Measure]) -> datetime | None:
    """By when something besides the answer is owed, counted from `since`, where a standard has such a limit.

    The receipt (K8), the beginning of a review (K19, K21), the apology (K18), the telling of a result (K19).
    """
    dues = [
        institution.working.due(since, standard.measure.limit, standard.basis)
        for standard in institution.standards(since)
        if isinstance(standard.measure, measure)
        and concerns(standard, sort)
        and standard.measure.limit is not None
        and standard.basis is not None
    ]
    return min(dues, default=None)


def _answering(institution: Institution, sort: Sort, at: datetime) -> Iterator[tuple[Standard, Owed, Limit, Basis]]:
    for standard in institution.standards(at):
        if standard.basis is None or not concerns(standard, sort):
            continue
        match standard.measure:
            case AnsweredWithin(within=within, answer=answer):
                yield standard, Owed.FIRST_ANSWER if answer == "first" else Owed.ANSWER, within, standard.basis
            case AnsweredOrDirectedWithin(within=within):
                yield standard, Owed.ANSWER_OR_DIRECTION, within, standard.basis
            case _:
                continue
