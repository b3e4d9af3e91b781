"""What officers do about a case: begin its review, say which direction it takes and until when, answer, apologise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.base import Refused
from ivr.cases.clocks import Clock, Sort, clocks_of, remaining
from ivr.cases.institution import Work, locked_case
from ivr.cases.ladder import ladder
from ivr.cases.moves import OPEN, CaseEvent, move_case
from ivr.cases.repeats import flag_repeats
from ivr.cases.rows import Case, CaseState, Owed, ReplyBy
from ivr.cases.taking import cleaned
from ivr.cases.telling import Detail, Notice, note, story_of, tell_customer, told
from ivr.cases.watching import watch
from ivr.promises import Promise, promise_all

LONGEST_DIRECTION, LONGEST_RESULT = 300, 700
# What a customer is told with a date in it.
DATED = frozenset({Notice.DIRECTED, Notice.FIRST_ANSWER, Notice.LATE, Notice.MOVED})
# What was given of the answer, by the fact that says so; each promises the whole answer until a date.
GIVEN = {"direction-decided": Owed.ANSWER_OR_DIRECTION, "first-decided": Owed.FIRST_ANSWER}


@dataclass(frozen=True, slots=True)
class Telling:
    """How the customer has been told, where no text of ours does it: by which way, and when (None: now)."""

    by: ReplyBy
    on: datetime | None = None


def sort_of(case: Case) -> Sort:
    """What decides which standards are about a case."""
    return Sort(case.kind, case.channel, case.topic)


def begin_review(work: Work, case: Case) -> None:
    """The handler takes the matter up (K19, K21); once."""
    _refuse_over(case)
    if not any(fact.kind == "review-started" for fact in story_of(work, case)):
        note(work, case, "review-started", detail={"who": work.by})


def direct(work: Work, case: Case, direction: str, *, until: datetime, telling: Telling | None = None) -> None:
    """Say which direction the matter takes and until when it is answered (T12): a second clock begins."""
    _refuse_past(work, until)
    move_case(case, CaseEvent.DIRECT)
    case.direction = cleaned(direction, longest=LONGEST_DIRECTION, what="direction")
    begin_review(work, case)
    note(work, case, "direction-decided", detail={"until": until.isoformat(), "who": work.by})
    _tell(work, case, Notice.DIRECTED, telling=telling, detail={"due": until.isoformat()})
    _run_on(work, case, until)


def answer_first(work: Work, case: Case, answer: str, *, until: datetime, telling: Telling | None = None) -> None:
    """Give a first answer (T4 to T6), and say until when the whole one comes."""
    _refuse_past(work, until)
    _refuse_over(case)
    case.result = cleaned(answer, longest=LONGEST_RESULT, what="first answer")
    begin_review(work, case)
    note(work, case, "first-decided", detail={"until": until.isoformat(), "who": work.by})
    _tell(work, case, Notice.FIRST_ANSWER, telling=telling, detail={"due": until.isoformat()})
    _run_on(work, case, until)


def answer(work: Work, case: Case, result: str, *, telling: Telling | None = None) -> None:
    """Answer the matter: the result stands, the customer is told it and asked to rate it."""
    begin_review(work, case)
    move_case(case, CaseEvent.ANSWER)
    case.result = cleaned(result, longest=LONGEST_RESULT, what="result")
    case.answered_at = work.at
    note(work, case, "decided", detail={"who": work.by})
    _tell(work, case, Notice.RESULT, telling=telling)
    watch(work, case, "result", since=work.at)
    close_at = work.at + timedelta(days=work.institution.line.cases.close_after)
    promise_all(work.session, [Promise("case-close", f"case-close:{case.id}", close_at, {"case": case.id})])
    if case.objects_to is not None:
        _settle(work, locked_case(work.session, case.objects_to))


def confirm_fault(work: Work, case: Case) -> None:
    """The complaint is found to be right: the customer gets the prepared apology at once (K18, D15)."""
    _refuse_over(case)
    if case.kind != "complaint":
        raise Refused(f"{case.id} is no complaint but {case.kind}: there is nothing to apologise for")
    if any(fact.kind == "fault-confirmed" for fact in story_of(work, case)):
        raise Refused(f"the fault of {case.id} has been confirmed already")
    note(work, case, "fault-confirmed", detail={"who": work.by, "officer": case.about_officer_id})
    tell_customer(work, case, Notice.APOLOGY, detail={"automatic": 1})
    watch(work, case, "apology", since=work.at)
    flag_repeats(work, case)


def enter_told(work: Work, case: Case, notice: Notice, *, telling: Telling, detail: Detail | None = None) -> None:
    """An officer told the customer by letter or in person; raises `Refused` for what is not there to be told."""
    on = telling.on or work.at
    if on > work.at:
        raise Refused(f"{on:%Y-%m-%d %H:%M %Z} is yet to come: enter what has been done")
    if notice in {Notice.RESULT, Notice.RATING} and case.answered_at is None:
        raise Refused(f"{case.id} has no result yet: answer it first")
    given = _said_of(work, case, notice) if detail is None else detail
    told(work, case, notice, said_at=on, detail={"by": telling.by.value, "who": work.by, **given})
    asked = {"rating-invited", "rated"}
    if notice is Notice.RESULT and not any(fact.kind in asked for fact in story_of(work, case)):
        # Only our text with the result asks for the rating as well.
        note(work, case, "telling-owed", detail={"notice": Notice.RATING.value, "by": telling.by.value})


def ask_customer(work: Work, case: Case, what: str) -> None:
    """Something is asked of the customer: until it comes the charter's clock is excused."""
    move_case(case, CaseEvent.ASK)
    note(work, case, "awaiting", detail={"what": cleaned(what, longest=LONGEST_DIRECTION, what="request")})


def customer_replied(work: Work, case: Case) -> None:
    """What was asked of the customer has come."""
    move_case(case, CaseEvent.REPLY)
    note(work, case, "resumed")


def choose_later(work: Work, case: Case, until: datetime) -> None:
    """The customer asked for a later date, before the present one: it takes its place."""
    _refuse_over(case)
    _refuse_past(work, until)
    if until <= case.due_at:
        raise Refused(f"that is no later date: {case.id} is due on {case.due_at:%Y-%m-%d %H:%M} (UTC)")
    note(work, case, "later-chosen", detail={"until": until.isoformat(), "who": work.by})
    move_due(work, case, until)


def withdraw(work: Work, case: Case) -> None:
    """The customer takes the matter back."""
    move_case(case, CaseEvent.WITHDRAW)
    case.closed_at = work.at
    note(work, case, "withdrawn", detail={"who": work.by})
    if case.objects_to is not None:
        _settle(work, locked_case(work.session, case.objects_to))


def close(work: Work, case: Case) -> None:
    """Nobody objected to the answer, or the objection was answered."""
    move_case(case, CaseEvent.CLOSE)
    case.closed_at = work.at
    note(work, case, "closed")


def move_due(work: Work, case: Case, until: datetime) -> None:
    """Another date holds from now on, with a ladder of its own."""
    case.due_at = until
    promise_all(work.session, list(ladder(work.institution, case, since=work.at)))


def _run_on(work: Work, case: Case, until: datetime) -> None:
    """What was given stops the clocks that asked for it; the others run on, and until the date that was told."""
    given = {GIVEN[fact.kind] for fact in story_of(work, case) if fact.kind in GIVEN}
    clocks = clocks_of(work.institution, sort_of(case), case.received_at)
    # The whole answer is now owed by the date that was told, not by that of the line's own rule.
    # A date that slipped, or that the customer let go, is not counted again.
    latest = max(_told_dates(work, case))
    kept = [clock for clock in remaining(clocks, given) if clock.standard_id is not None and clock.due_at > latest]
    strictest = min([*kept, Clock(Owed.ANSWER, until)], key=lambda clock: clock.due_at)
    case.owed = strictest.owed
    move_due(work, case, strictest.due_at)


def _told_dates(work: Work, case: Case) -> list[datetime]:
    """Now, and every date that took the place of the charter's."""
    names = {"later-chosen": "until", "late-decided": "due"}
    dates = [fact.detail[names[fact.kind]] for fact in story_of(work, case) if fact.kind in names]
    return [work.at, *(datetime.fromisoformat(date) for date in dates)]


def _tell(
    work: Work, case: Case, notice: Notice, *, telling: Telling | None = None, detail: Detail | None = None
) -> None:
    if telling is None:
        tell_customer(work, case, notice, detail=detail)
    else:
        enter_told(work, case, notice, telling=telling, detail=detail)


def _said_of(work: Work, case: Case, notice: Notice) -> Detail:
    """What the customer was to be told: the date, the reason; raises `Refused` where nothing like that was decided."""
    if notice not in DATED:
        return {}
    owed = [fact.detail for fact in story_of(work, case) if fact.kind == "telling-owed"]
    dated = [detail for detail in owed if detail["notice"] == notice.value and "due" in detail]
    if not dated:
        raise Refused(f"no new date of {case.id} is to be told: decide it with `late` or `direct`, and say --told-by")
    return {name: dated[-1][name] for name in ("due", "reason", "before") if name in dated[-1]}


def _settle(work: Work, first: Case) -> None:
    if first.state is CaseState.REOPENED:
        close(work, first)


def _refuse_over(case: Case) -> None:
    if case.state not in OPEN:
        raise Refused(f"{case.id} is {case.state.value}: nothing is open any more, or reopen it")


def _refuse_past(work: Work, until: datetime) -> None:
    if until <= work.at:
        raise Refused(f"{until:%Y-%m-%d %H:%M %Z} has passed: give a date that is yet to come")
