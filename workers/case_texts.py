"""Texts about cases: to the customer, which is then a fact, and to the officers who handle and watch them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from ivr.cases.acting import DATED
from ivr.cases.institution import Work
from ivr.cases.moves import OPEN
from ivr.cases.rating import invite
from ivr.cases.rows import Case, CaseState
from ivr.cases.telling import Notice, note, told, until_words
from ivr.directory.rows import Officer
from ivr.messages.writing import Outgoing, write_message
from ivr.promises import Promise, promise_all
from workers.cases import at_work
from workers.job import Job

PRAISE, THANKS = "praise", "case-thanks"
RATING_PAGE = "/r/"
# By then a text has arrived, or has been read out by telephone.
TIME_TO_ARRIVE = timedelta(hours=1)
Values: TypeAlias = dict[str, str]


def tell_customer(job: Job) -> None:
    """Write to the customer what happened to the case; no date of one that was answered, nothing of one withdrawn."""
    work, case = at_work(job)
    notice = Notice(job.text("notice"))
    if case.state is CaseState.WITHDRAWN or case.number is None or (notice in DATED and case.state not in OPEN):
        return
    values = {"institution": job.line(case.line).institution, "receipt": case.receipt_number}
    values |= _VALUES[notice](job, case)
    template = THANKS if notice is Notice.RESULT and case.kind == PRAISE else f"case-{notice.value}"
    message_id = f"{case.id}-{job.text('number')}"
    outgoing = Outgoing(message_id, job.line(case.line), case.number, template, f"case:{case.id}", values)
    write_message(job.session, job.house.texts, outgoing, at=job.at)
    _keep(work, case, notice, job=job, message_id=message_id)
    args = {"case": case.id, "message": message_id, "notice": notice.value}
    promise_all(job.session, [Promise("case-arrival", f"case-arrival:{message_id}", job.at + TIME_TO_ARRIVE, args)])


def tell_officer(job: Job) -> None:
    """Write to an officer about a case that is still open."""
    _, case = at_work(job)
    officer = job.session.get(Officer, job.text("officer"))
    if officer is None or officer.reminder_number is None or case.state not in OPEN:
        return
    line, template = job.line(case.line), job.text("template")
    values = {
        "institution": line.institution,
        "receipt": case.receipt_number,
        "kind": _kind(job, case),
        "until": until_words(datetime.fromisoformat(job.text("due"))),
    }
    # The moment tells reminders of one day apart.
    message_id = f"{case.id}-{template[0]}{int(job.at.timestamp())}-{officer.id}"[:60]
    outgoing = Outgoing(message_id, line, officer.reminder_number, f"case-{template}", f"case:{case.id}", values)
    write_message(job.session, job.house.texts, outgoing, at=job.at)


def _keep(work: Work, case: Case, notice: Notice, *, job: Job, message_id: str) -> None:
    kept: dict[str, str | int | bool | None] = {
        name: job.args[name] for name in ("due", "reason", "before") if name in job.args
    }
    if notice is Notice.APOLOGY:
        kept["automatic"] = True
    detail = {"by": "sms", "message": message_id, **kept}
    told(work, case, notice, detail=detail)
    if notice is Notice.RESULT and case.number is not None and case.number.takes_texts:
        told(work, case, Notice.RATING, detail={"by": "sms", "message": message_id})
    elif notice is Notice.RESULT:
        # A link cannot be read out: somebody has to ask.
        note(work, case, "telling-owed", detail={"notice": Notice.RATING.value, "by": "phone"})


def _received(job: Job, case: Case) -> Values:
    values = {
        "kind": _kind(job, case),
        "until": until_words(case.first_due_at),
        "promise": job.house.texts.of(case.line).say(f"case.owed.{case.owed.value}").text,
        "department": case.handler or case.owner,
    }
    officer = job.session.get(Officer, case.officer_id) if case.officer_id else None
    return values if officer is None else {**values, "name": officer.name, "title": officer.title}


def _directed(job: Job, case: Case) -> Values:
    return {"direction": case.direction or "", **_until(job, case)}


def _first_answer(job: Job, case: Case) -> Values:
    return {"result": case.result or "", **_until(job, case)}


def _late(job: Job, case: Case) -> Values:
    reason = job.house.texts.of(case.line).say(f"case.reason.{job.text('reason')}").text
    return {"reason": reason, **_until(job, case)}


def _moved(job: Job, case: Case) -> Values:
    return {"reason": job.house.texts.of(case.line).say("case.reason.holiday").text, **_until(job, case)}


def _nothing(_job: Job, _case: Case) -> Values:
    return {}


def _result(job: Job, case: Case) -> Values:
    return {"result": case.result or "", "link": job.house.public_base_url + RATING_PAGE + invite(case)}


def _until(job: Job, case: Case) -> Values:
    due = datetime.fromisoformat(str(job.args["due"])) if "due" in job.args else case.due_at
    return {"until": until_words(due.astimezone(UTC))}


def _kind(job: Job, case: Case) -> str:
    return job.house.texts.of(case.line).say(f"case.kind.{case.kind}").text


_VALUES: Mapping[Notice, Callable[[Job, Case], Values]] = {
    Notice.RECEIVED: _received,
    Notice.DIRECTED: _directed,
    Notice.FIRST_ANSWER: _first_answer,
    Notice.LATE: _late,
    Notice.MOVED: _moved,
    Notice.APOLOGY: _nothing,
    Notice.RESULT: _result,
}
