"""Promises about cases: reminders, the notice before a date slips, what became of the date, closing, recounting."""

from datetime import datetime, timedelta

from ivr.cases.acting import close
from ivr.cases.assigning import escalate, remind
from ivr.cases.institution import Institution, Work, locked_case
from ivr.cases.lateness import notice_slip, pass_due
from ivr.cases.moves import OPEN
from ivr.cases.reading import has_open_cases
from ivr.cases.recounting import recount
from ivr.cases.rows import Case, CaseState
from ivr.cases.taking import promise_recount
from ivr.cases.telling import note
from ivr.cases.watching import OVER, is_missing
from ivr.messages.rows import Message
from ivr.messages.states import FINAL, MISSED
from ivr.messages.writing import SPOKEN_INSTEAD
from workers.job import Job, Later
from workers.verdicts import installed_rules

# An overdue case is brought before the supervisor every day until it is answered.
ESCALATE_AGAIN = timedelta(days=1)
ASK_AGAIN = timedelta(hours=1)


def remind_officer(job: Job) -> None:
    """Remind the officer of a due date that still holds."""
    work, case = at_work(job)
    if case.state in OPEN and case.due_at == _due(job):
        remind(work, case, job.text("step"))


def give_notice(job: Job) -> None:
    """Tell the customer before the date slips, if nobody answered or did so."""
    work, case = at_work(job)
    notice_slip(work, case, _due(job))


def note_due(job: Job) -> Later | None:
    """Keep what became of a due date; while the case is overdue, again every day."""
    work, case = at_work(job)
    return Later(job.at + ESCALATE_AGAIN) if pass_due(work, case, _due(job)) else None


def watch(job: Job) -> None:
    """Remind of something owed besides the answer, the review or the apology, until it was done."""
    work, case = at_work(job)
    if not is_missing(work, case, job.text("what")):
        return
    if job.text("step") == OVER:
        escalate(work, case, job.text("what"))
    else:
        remind(work, case, job.text("what"))


def close_answered(job: Job) -> None:
    """Nobody objected to the answer in the time for that."""
    work, case = at_work(job)
    if case.state is CaseState.ANSWERED:
        close(work, case)


def recount_line(job: Job) -> None:
    """Count the dates of a line again, and tomorrow once more while there are open cases."""
    work = Work(job.session, institution_of(job, job.text("line")), job.at)
    recount(work)
    if has_open_cases(job.session, job.text("line")):
        promise_recount(work)


def at_work(job: Job) -> tuple[Work, Case]:
    """The case of a promise, locked, and the system's work on it."""
    case = locked_case(job.session, job.text("case"))
    return Work(job.session, institution_of(job, case.line), job.at), case


def institution_of(job: Job, line_id: str) -> Institution:
    """What a case needs to know of the institution of a line."""
    return Institution(job.line(line_id), job.house.calendar, installed_rules().charters, job.house.keyring)


def arrival(job: Job) -> Later | None:
    """A text that did not arrive is no telling: the officer owes it by another way, and the supervisor hears of it."""
    work, case = at_work(job)
    message = job.session.get_one(Message, job.text("message"))
    is_read_out = message.state in MISSED and message.error in SPOKEN_INSTEAD
    if (message.state not in FINAL or is_read_out) and job.at < message.worth_until:
        return Later(job.at + ASK_AGAIN)
    if message.state in MISSED and case.state is not CaseState.WITHDRAWN:
        note(
            work, case, "telling-owed", detail={"notice": job.text("notice"), "by": "phone", "why": message.state.value}
        )
        escalate(work, case, "not-told")
    return None


def _due(job: Job) -> datetime:
    return datetime.fromisoformat(job.text("due"))
