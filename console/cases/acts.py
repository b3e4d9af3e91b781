"""What can be done about a case: for each act its form, when it is offered, and what of the core it calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from console.cases.forms import (
    Answered,
    Asked,
    Directed,
    Entered,
    FirstAnswered,
    Given,
    Late,
    Later,
    Objected,
    Rated,
    Told,
)
from console.forms import Faults, Versioned, faults_in
from console.visitor import wording
from ivr.accounts.rows import Role
from ivr.cases import acting
from ivr.cases.acting import Telling
from ivr.cases.assigning import give_by_duty, give_to
from ivr.cases.institution import Work
from ivr.cases.lateness import Slip
from ivr.cases.lateness import late as tell_late
from ivr.cases.moves import CASE_MOVES, OPEN, CaseEvent
from ivr.cases.objecting import object_to
from ivr.cases.rating import RATEABLE, Rating, rate
from ivr.cases.rows import Case, CaseState, Owed, ReplyBy
from ivr.lines.hours import SEOUL

WAYS: Final = tuple(way for way in ReplyBy if way not in {ReplyBy.SMS, ReplyBy.NONE})
COMPLAINT: Final = "complaint"


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its form, whether it is offered for a case, and how it is done."""

    form: type[Versioned]
    offered: Callable[[Case], bool]
    # Any: the form of this act.
    do: Callable[[Work, Case, Any], object]
    roles: tuple[Role, ...] = (Role.AGENT, Role.SUPERVISOR)


def end_of(day: date) -> datetime:
    """The end of a local day."""
    return datetime(day.year, day.month, day.day, tzinfo=SEOUL) + timedelta(days=1)


def faults_of(case: Case, form: Versioned, at: datetime) -> Faults | None:
    """What only the case shows to be wrong with a form: a day that has passed, or is no later than the present one."""
    until = getattr(form, "until", None)
    if until is None:
        return _nobody(form)
    if end_of(until) <= at:
        return faults_in(form, {"until": wording().say("cases.until_past")})
    if isinstance(form, Late | Later) and end_of(until) <= case.due_at:
        return faults_in(form, {"until": wording().say("cases.until_not_later")})
    return None


def _nobody(form: Versioned) -> Faults | None:
    if isinstance(form, Given) and bool(form.officer) == bool(form.duty):
        return faults_in(form, {"officer": wording().say("cases.either")})
    return None


def _can(event: CaseEvent) -> Callable[[Case], bool]:
    return lambda case: (case.state, event) in CASE_MOVES


def _is_open(case: Case) -> bool:
    return case.state in OPEN


def _by(form: Told) -> Telling | None:
    return Telling(form.told_by) if form.told_by else None


def _give(work: Work, case: Case, form: Given) -> None:
    if form.officer:
        give_to(work, case, form.officer)
    else:
        give_by_duty(work, case, form.duty)


def _direct(work: Work, case: Case, form: Directed) -> None:
    acting.direct(work, case, form.direction, until=end_of(form.until), telling=_by(form))


def _first(work: Work, case: Case, form: FirstAnswered) -> None:
    acting.answer_first(work, case, form.result, until=end_of(form.until), telling=_by(form))


def _late(work: Work, case: Case, form: Late) -> None:
    tell_late(work, case, Slip(form.reason, end_of(form.until)), telling=_by(form))


def _entered(work: Work, case: Case, form: Entered) -> None:
    on = form.on.replace(tzinfo=SEOUL) if form.on else None
    acting.enter_told(work, case, form.what, telling=Telling(form.way, on))


def _owes_first(case: Case) -> bool:
    return case.state in OPEN and case.first_owed is Owed.FIRST_ANSWER and case.owed is Owed.FIRST_ANSWER


def _may_object(case: Case) -> bool:
    return case.kind != "objection" and (case.state, CaseEvent.OBJECT) in CASE_MOVES


def _answer(work: Work, case: Case, form: Answered) -> None:
    acting.answer(work, case, form.result, telling=_by(form))


def _ask(work: Work, case: Case, form: Asked) -> None:
    acting.ask_customer(work, case, form.what)


def _wait(work: Work, case: Case, form: Later) -> None:
    acting.choose_later(work, case, end_of(form.until))


def _rate(work: Work, case: Case, form: Rated) -> None:
    rate(work, case, Rating(form.points, form.way.value, form.why))


def _reopen(work: Work, case: Case, form: Objected) -> None:
    object_to(work, case, form.content, channel=form.channel)


def _plain(do: Callable[[Work, Case], None]) -> Callable[[Work, Case, Versioned], None]:
    """An act that needs nothing but the case."""
    return lambda work, case, _form: do(work, case)


ACTS: Final[Mapping[str, Act]] = {
    "answer": Act(Answered, _can(CaseEvent.ANSWER), _answer),
    "direct": Act(Directed, _can(CaseEvent.DIRECT), _direct),
    "first": Act(FirstAnswered, _owes_first, _first),
    "late": Act(Late, _is_open, _late),
    "assign": Act(Given, _can(CaseEvent.ASSIGN), _give, (Role.SUPERVISOR,)),
    "review": Act(Versioned, _is_open, _plain(acting.begin_review)),
    "ask": Act(Asked, _can(CaseEvent.ASK), _ask),
    "came": Act(Versioned, _can(CaseEvent.REPLY), _plain(acting.customer_replied)),
    "wait": Act(Later, _is_open, _wait),
    "fault": Act(Versioned, lambda case: _is_open(case) and case.kind == COMPLAINT, _plain(acting.confirm_fault)),
    "told": Act(Entered, lambda case: case.state is not CaseState.WITHDRAWN, _entered),
    "rate": Act(Rated, lambda case: case.state in RATEABLE, _rate),
    "reopen": Act(Objected, _may_object, _reopen),
    "withdraw": Act(Versioned, _can(CaseEvent.WITHDRAW), _plain(acting.withdraw)),
}
