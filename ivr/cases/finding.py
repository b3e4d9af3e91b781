"""Finding cases of one line page by page along an index, and everything there is to read about one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, func, select, tuple_
from sqlalchemy.orm import Session

from ivr.calls.facts import Told, facts_of
from ivr.calls.rows import Call, Fact
from ivr.cases.rating import points_of
from ivr.cases.repeats import flags_of
from ivr.cases.rows import Case, CaseState
from ivr.cases.telling import tellings_owed
from ivr.charters.rows import Verdict
from ivr.charters.verdicts import verdicts_of
from ivr.directory.sight import Sight
from ivr.messages.rows import Message

SOON = timedelta(hours=24)
PAGE = 50
NOBODY = "-"
UNANSWERED = and_(Case.answered_at.is_(None), Case.closed_at.is_(None))
# What was to be told longer ago is looked up in the story of its case.
TO_TELL_WITHIN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Sought:
    """Which cases of a line: the open ones, or all of them by their arrival; what is None does not matter.

    `officer` is an officer's id, or NOBODY. `firm` is the client firm in whose call the case was taken.
    """

    line: str
    is_open: bool = True
    kind: str | None = None
    state: CaseState | None = None
    officer: str | None = None
    handler: str | None = None
    receipt: str | None = None
    sight: Sight | None = None
    firm: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many cases are open, of these overdue, due within a day, and with nobody."""

    open: int
    late: int
    soon: int
    free: int


@dataclass(frozen=True, slots=True)
class Marks:
    """What a list shows beside each case: notices that an officer owes the customer, and repeated complaints."""

    owed: Mapping[str, tuple[str, ...]]
    repeated: frozenset[str]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that happened to one case, what is still to be told, its rating, and objections to its result."""

    facts: Sequence[Told]
    messages: Sequence[Message]
    verdicts: Sequence[Verdict]
    owed: tuple[str, ...]
    points: int | None
    objections: Sequence[Case]


def find_cases(
    session: Session, sought: Sought, *, after: tuple[datetime, str] | None = None, limit: int = PAGE
) -> Sequence[Case]:
    """Open cases, those due first before others, or all, the newest first; `after` is exclusive."""
    query = select(Case).where(*_conditions(sought))
    if sought.is_open:
        query = query.where(UNANSWERED).order_by(Case.due_at, Case.id)
        query = query if after is None else query.where(tuple_(Case.due_at, Case.id) > after)
    else:
        query = query.order_by(Case.received_at.desc(), Case.id.desc())
        query = query if after is None else query.where(tuple_(Case.received_at, Case.id) < after)
    return session.scalars(query.limit(limit)).all()


def cases_owing(session: Session, sought: Sought, *, at: datetime, limit: int = PAGE) -> Sequence[Case]:
    """Cases whose customers an officer still has to tell something, those due first before others."""
    owing = exists().where(Fact.subject == Case.id, Fact.kind == "telling-owed")
    query: Select[Case] = select(Case).where(*_conditions(sought), owing, Case.state != CaseState.WITHDRAWN)
    query = query.where(Case.received_at >= at - TO_TELL_WITHIN).order_by(Case.due_at, Case.id)
    found: list[Case] = []
    for some in session.scalars(query).partitions(10 * PAGE):
        owed = tellings_owed(session, [case.id for case in some])
        found += [case for case in some if case.id in owed]
        if len(found) >= limit:
            break
    return found[:limit]


def marks_of(session: Session, cases: Sequence[Case]) -> Marks:
    """What stands beside these cases in a list."""
    ids = [case.id for case in cases]
    return Marks(tellings_owed(session, ids), flags_of(session, ids)) if ids else Marks({}, frozenset())


def standing_of(session: Session, line: str, *, sight: Sight | None, at: datetime) -> Standing:
    """Count the open cases of a line; trials are left out."""
    counts = (
        func.count(),
        func.count().filter(Case.due_at <= at),
        func.count().filter(Case.due_at > at, Case.due_at <= at + SOON),
        func.count().filter(Case.officer_id.is_(None)),
    )
    query = select(*counts).where(Case.line == line, UNANSWERED, Case.is_test.is_(False))
    return Standing(*session.execute(query if sight is None else query.where(sight.of(Case))).one())


def story_of(session: Session, case: Case) -> Story:
    """Everything there is to read about one case."""
    messages = select(Message).where(Message.subject == f"case:{case.id}")
    objections = select(Case).where(Case.objects_to == case.id).order_by(Case.received_at)
    return Story(
        facts=facts_of(session, case.id),
        messages=session.scalars(messages.order_by(Message.written_at, Message.id)).all(),
        verdicts=verdicts_of(session, case.id),
        owed=tellings_owed(session, [case.id]).get(case.id, ()),
        points=points_of(session, case),
        objections=session.scalars(objections).all(),
    )


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Case.line == sought.line]
    if sought.sight is not None:
        conditions.append(sought.sight.of(Case))
    if sought.firm is not None:
        conditions.append(exists().where(Call.id == Case.call_id, Call.line == sought.line, Call.firm == sought.firm))
    if sought.officer == NOBODY:
        conditions.append(Case.officer_id.is_(None))
    elif sought.officer is not None:
        conditions.append(Case.officer_id == sought.officer)
    given = {Case.kind: sought.kind, Case.state: sought.state, Case.handler: sought.handler}
    given[Case.receipt_number] = sought.receipt
    return conditions + [column == value for column, value in given.items() if value is not None]
