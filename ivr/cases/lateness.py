"""Lateness: the customer is told before a date slips, by an officer or else by itself; what passed is kept (K20)."""

from dataclasses import dataclass
from datetime import datetime

from ivr.base import Refused
from ivr.calls.facts import Told
from ivr.cases.acting import Telling, enter_told, move_due
from ivr.cases.assigning import escalate
from ivr.cases.institution import Work
from ivr.cases.moves import OPEN
from ivr.cases.rows import Case, CaseState, ReplyBy
from ivr.cases.telling import Notice, note, story_of, tell_customer
from ivr.directory.asking import absence_of

REASONS = (
    *("investigation", "other_department", "awaiting_customer", "unassigned", "officer_absent"),
    *("workload", "late_intake", "holiday"),
)
"""Why an answer is late, as customers are told; worded in `case.reason` of the speeches."""
TOLD_AUTOMATICALLY = frozenset({ReplyBy.SMS, ReplyBy.PHONE})


@dataclass(frozen=True, slots=True)
class Slip:
    """Why an answer is late, and the new date (aware)."""

    reason: str
    until: datetime


def late(work: Work, case: Case, slip: Slip, *, telling: Telling | None = None) -> None:
    """Tell the customer why the answer is late and when it comes; the date moves. Raises `Refused`."""
    if case.state not in OPEN:
        raise Refused(f"{case.id} is {case.state.value}: its answer is not owed any more")
    if slip.reason not in REASONS:
        raise Refused(f"{slip.reason!r} is no reason: known are {', '.join(REASONS)}")
    if slip.until <= max(case.due_at, work.at):
        raise Refused("the new date must be later than the present one, and yet to come")
    before = case.due_at
    case.slips += 1
    detail = {"reason": slip.reason, "due": slip.until.isoformat(), "before": before.isoformat()}
    note(work, case, "late-decided", detail={**detail, "who": work.by})
    if telling is None:
        tell_customer(work, case, Notice.LATE, detail=detail)
    else:
        enter_told(work, case, Notice.LATE, telling=telling, detail=detail)
    move_due(work, case, slip.until)


def notice_slip(work: Work, case: Case, due: datetime) -> None:
    """Nobody answered so far: tell the customer by itself before `due`, or have the supervisor see to it."""
    if case.state not in OPEN or case.due_at != due:
        return
    if case.reply_by in TOLD_AUTOMATICALLY:
        late(work, case, Slip(_reason(work, case), _extended(work, case)))
        escalate(work, case, "slipping")
    else:
        tell_customer(work, case, Notice.LATE, detail={"reason": _reason(work, case)})
        escalate(work, case, "customer-to-be-told")


def pass_due(work: Work, case: Case, due: datetime) -> bool:
    """Keep what became of a date that has come; tells whether the case is overdue and nobody moved the date."""
    if case.state not in OPEN:
        return False
    overdue = case.due_at == due
    _keep_slip(work, case, due)
    if overdue:
        escalate(work, case, "overdue")
    return overdue


def _keep_slip(work: Work, case: Case, due: datetime) -> None:
    """Keep, once, that a date slipped, and whether the customer had been told; who was not is the supervisor's."""
    story = story_of(work, case)
    moved = any(fact.kind == "late-decided" and fact.detail.get("before") == due.isoformat() for fact in story)
    kept = any(fact.kind == "slipped" and fact.detail.get("due") == due.isoformat() for fact in story)
    if kept or not (moved or case.due_at == due):
        return
    told = any(_told_before(fact, due) for fact in story)
    note(work, case, "slipped", detail={"due": due.isoformat(), "told": told})
    if moved and not told:
        escalate(work, case, "customer-not-told")


def _told_before(fact: Told, due: datetime) -> bool:
    """Whether the customer was told, before that date was over, that it slips."""
    is_about = fact.kind == "late-told" and fact.detail.get("before") == due.isoformat()
    return is_about and (fact.said_at or fact.received_at) < due


def _reason(work: Work, case: Case) -> str:
    if case.due_at <= work.at:
        return "late_intake"
    if case.state is CaseState.AWAITING:
        return "awaiting_customer"
    if case.officer_id is None:
        return "unassigned"
    absent = absence_of(work.session, case.officer_id, at=work.at)
    return "officer_absent" if absent else "investigation"


def _extended(work: Work, case: Case) -> datetime:
    extend = work.institution.line.cases.extend_by
    return work.institution.working.due(max(case.due_at, work.at), extend, "working_hours_8")
