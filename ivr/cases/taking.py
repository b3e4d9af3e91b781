"""Taking a case in: what is refused with a reason, whose it is, by when it is due, and all that follows from it."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ivr.base import Refused
from ivr.cases.assigning import give
from ivr.cases.clocks import Clock, Sort, clocks_of
from ivr.cases.institution import SYSTEM, Institution, Work
from ivr.cases.ladder import ladder
from ivr.cases.repeats import flag_repeats
from ivr.cases.rows import Case, CaseState, ReplyBy
from ivr.cases.telling import Notice, note, tell_customer
from ivr.cases.watching import watch
from ivr.charters.terms import OpinionKind, RequestKind
from ivr.directory.rows import Officer
from ivr.identifiers import case_id, receipt_number
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.numbers import PhoneNumber
from ivr.promises import Promise, promise_all

KINDS: tuple[str, ...] = (*get_args(OpinionKind), *get_args(RequestKind))
CHANNELS = ("phone", "web", "post", "visit", "fax", "email")
LONGEST_CONTENT, LONGEST_NAME, LONGEST_ADDRESS = 10_000, 60, 200
# A clock of another house may be a little ahead of ours.
CLOCK_TOLERANCE = timedelta(minutes=1)
BY_LETTER = frozenset({ReplyBy.POST, ReplyBy.EMAIL, ReplyBy.FAX})
RECOUNT_HOUR = 6 * 60


@dataclass(frozen=True, slots=True)
class Customer:
    """Who the case is from, and how that person is told things; `reply_by` None: by text where there is a number."""

    name: str | None = None
    number: PhoneNumber | None = None
    address: str | None = None
    reply_by: ReplyBy | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """What comes in. The same `reference` (of the sender's system) is the same case; times are aware.

    `overdue_because` lets a matter in whose due date has passed already: it was entered late, and says why.
    """

    reference: str
    sort: Sort
    content: str
    customer: Customer
    received_at: datetime
    call_id: str | None = None
    objects_to: str | None = None
    about_officer_id: str | None = None
    overdue_because: str = ""
    by: str = SYSTEM
    is_test: bool = False


def take_case(session: Session, matter: Matter, *, institution: Institution, at: datetime) -> Case:
    """Take a matter in, once: the row, its handler, its clocks, and the receipt to the customer; raises `Refused`."""
    line = institution.line
    known = session.get(Case, case_id(f"{line.id}:{matter.reference}"))
    if known is not None:
        return known
    _refuse_bad(matter, institution, at)
    _refuse_stranger(session, matter, line)
    clock = _first_clock(matter, institution, at)
    case = _row(matter, institution, clock=clock, at=at)
    if not _is_written(session, case):
        return session.get_one(Case, case.id)
    work = Work(session, institution, at, matter.by)
    sort = matter.sort
    received = {"kind": sort.kind, "channel": sort.channel, "topic": sort.topic, "who": matter.by}
    late = {"overdue": matter.overdue_because or None}
    note(work, case, "received", said_at=matter.received_at, detail=received | late)
    give(work, case, team=institution.answering(sort.topic))
    tell_customer(work, case, Notice.RECEIVED)
    promise_all(session, list(ladder(institution, case, since=at)))
    for what in ("receipt", "review"):
        watch(work, case, what, since=matter.received_at)
    promise_recount(work)
    flag_repeats(work, case)
    return case


def promise_recount(work: Work) -> None:
    """Have the dates of this line counted again tomorrow morning, in case a holiday was announced."""
    tomorrow = work.at.astimezone(SEOUL).date() + timedelta(days=1)
    line = work.institution.line.id
    key = f"case-recount:{line}:{tomorrow}"
    at = _moment(tomorrow.isoformat()) + timedelta(minutes=RECOUNT_HOUR)
    promise_all(work.session, [Promise("case-recount", key, at, {"line": line})])


def cleaned(text: str, *, longest: int, what: str) -> str:
    """A text in composed letters without signs that cannot be read; raises `Refused` for none or a long one."""
    kept = unicodedata.normalize("NFC", text)
    kept = "".join(sign for sign in kept if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs", "Cn"})
    if not kept.strip():
        raise Refused(f"the {what} is empty: write it")
    if len(kept) > longest:
        raise Refused(f"the {what} has {len(kept)} characters: at most {longest} are kept, attach the rest as papers")
    return kept.strip()


def _is_written(session: Session, case: Case) -> bool:
    """Whether the row is this transaction's: of two that bring the same matter at once, one takes it in."""
    try:
        with session.begin_nested():
            session.add(case)
    except IntegrityError:
        return False
    return True


def _row(matter: Matter, institution: Institution, *, clock: Clock, at: datetime) -> Case:
    line, person, sort = institution.line, matter.customer, matter.sort
    id = case_id(f"{line.id}:{matter.reference}")
    return Case(
        id=id,
        line=line.id,
        receipt_number=receipt_number(id, f"{matter.received_at.astimezone(SEOUL):%m%d}"),
        kind=sort.kind,
        topic=sort.topic,
        channel=sort.channel,
        owner=institution.owner.department,
        about_officer_id=matter.about_officer_id,
        customer=cleaned(person.name, longest=LONGEST_NAME, what="customer's name") if person.name else None,
        number=person.number,
        number_index=institution.keyring.index(person.number) if person.number else None,
        address=cleaned(person.address, longest=LONGEST_ADDRESS, what="address") if person.address else None,
        reply_by=_reply_by(person),
        content=cleaned(matter.content, longest=LONGEST_CONTENT, what="content"),
        call_id=matter.call_id,
        objects_to=matter.objects_to,
        received_at=matter.received_at,
        taken_at=at,
        due_at=clock.due_at,
        first_due_at=clock.due_at,
        standard_id=clock.standard_id,
        owed=clock.owed,
        first_owed=clock.owed,
        state=CaseState.RECEIVED,
        is_test=matter.is_test,
        slips=0,
        tellings=0,
    )


def _reply_by(person: Customer) -> ReplyBy:
    wished = person.reply_by
    if wished is None:
        wished = ReplyBy.SMS if person.number else ReplyBy.EMAIL if "@" in (person.address or "") else None
    if wished is None:
        return ReplyBy.POST if person.address else ReplyBy.NONE
    if wished in {ReplyBy.SMS, ReplyBy.PHONE} and person.number is None:
        raise Refused(f"a reply by {wished.value} needs the customer's number: give it, or another way")
    if wished in BY_LETTER and not person.address:
        raise Refused(f"a reply by {wished.value} needs an address: give it, or another way")
    return wished


def _refuse_bad(matter: Matter, institution: Institution, at: datetime) -> None:
    sort, rule = matter.sort, institution.line.cases
    if sort.kind not in KINDS:
        raise Refused(f"{sort.kind!r} is no kind of case: known are {', '.join(KINDS)}")
    if sort.channel not in CHANNELS:
        raise Refused(f"{sort.channel!r} is no channel of cases: known are {', '.join(CHANNELS)}")
    if sort.topic is not None and sort.topic not in rule.topics:
        known = ", ".join(sorted(rule.topics)) or "none"
        raise Refused(f"{institution.line.id} has no topic {sort.topic!r}: known are {known}")
    if matter.received_at > at + CLOCK_TOLERANCE:
        raise Refused(f"it would have arrived at {_told(matter.received_at)}, which is yet to come: correct the time")
    if matter.received_at < at - timedelta(days=rule.oldest_days):
        raise Refused(f"it arrived more than {rule.oldest_days} days ago: correct the time, or ask the supervisor")


def _refuse_stranger(session: Session, matter: Matter, line: Line) -> None:
    about = session.get(Officer, matter.about_officer_id) if matter.about_officer_id else None
    if matter.about_officer_id and (about is None or about.line != line.id):
        raise Refused(
            f"{line.id} has no officer {matter.about_officer_id!r} to complain about:"
            " `charterline directory list` names them"
        )


def _first_clock(matter: Matter, institution: Institution, at: datetime) -> Clock:
    """The strictest clock; one that is over already lets the matter in only with the reason for its late entry."""
    clock = clocks_of(institution, matter.sort, matter.received_at)[0]
    if clock.due_at <= at and not matter.overdue_because.strip():
        by = clock.standard_id or "the line's own rule"
        raise Refused(
            f"it was due on {_told(clock.due_at)} by {by}: give the reason why it is entered late, or correct the time"
        )
    return clock


def _told(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def _moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=SEOUL)
