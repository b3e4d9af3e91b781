"""Who handles a case: designated by the list of duties and told at once (S2, S4), and again by the ladder."""

from datetime import datetime

from ivr.base import Refused
from ivr.cases.institution import Work
from ivr.cases.moves import CaseEvent, move_case
from ivr.cases.rows import Case
from ivr.cases.telling import note, story_of
from ivr.directory.asking import absence_of, deputy_of, in_charge, search, supervisor_of
from ivr.directory.rows import Officer
from ivr.lines.daytime import daytime
from ivr.lines.model import Team
from ivr.promises import Promise, promise_all

ASSIGNED, REMINDED, ESCALATED = "assigned", "reminded", "escalated"


def give(work: Work, case: Case, *, team: Team) -> None:
    """Give a case to a team: its officer in charge, or that one's deputy, gets it."""
    officer = in_charge(work.session, work.institution.line, team=team.id, at=work.at)
    _designate(work, case, department=team.department, officer=officer)
    case.team = team.id


def give_to(work: Work, case: Case, officer_id: str) -> None:
    """Give a case to one officer of the line; raises `Refused` for an unknown or absent one."""
    officer = work.session.get(Officer, officer_id)
    if officer is None or officer.line != case.line:
        raise Refused(f"{case.line} has no officer {officer_id!r}: `charterline directory list` names them")
    if absence_of(work.session, officer.id, at=work.at) is not None:
        deputy = deputy_of(work.session, officer, at=work.at)
        instead = f": {deputy.id} is the deputy" if deputy else ""
        raise Refused(f"{officer.id} is absent now{instead}")
    _designate(work, case, department=officer.department, officer=officer)


def give_by_duty(work: Work, case: Case, duty: str) -> None:
    """Give a case to whose duties hold these words, of several to the first who is there; raises `Refused`."""
    found = search(work.session, duty, line=case.line)
    there = [officer for officer in found if absence_of(work.session, officer.id, at=work.at) is None]
    if not there:
        raise Refused(
            f"nobody of {case.line} with the duty {duty!r} is there: look with `charterline directory search`"
        )
    _designate(work, case, department=there[0].department, officer=there[0])


def remind(work: Work, case: Case, step: str) -> None:
    """Remind the officer that the case is due, or the deputy of one who is absent; once for each step of a date."""
    step_of_date = {"step": step, "due": case.due_at.isoformat()}
    if any(fact.kind == REMINDED and step_of_date.items() <= fact.detail.items() for fact in story_of(work, case)):
        return
    officer = _officer_now(work, case)
    by = _tell_officer(work, case, officer, REMINDED)
    note(work, case, REMINDED, detail={**step_of_date, "officer": officer.id if officer else None, "by": by})


def escalate(work: Work, case: Case, why: str) -> None:
    """Tell the supervisor of the owner, who watches cases."""
    supervisor = supervisor_of(work.session, work.institution.line, at=work.at)
    by = _tell_officer(work, case, supervisor, ESCALATED)
    detail = {"why": why, "officer": supervisor.id if supervisor else None, "by": by}
    note(work, case, "escalated", detail=detail)


def _designate(work: Work, case: Case, *, department: str, officer: Officer | None) -> None:
    move_case(case, CaseEvent.ASSIGN)
    case.handler = department
    case.officer_id = officer.id if officer else None
    detail = {"department": department, "officer": case.officer_id}
    note(work, case, "assigned", detail={**detail, "who": work.by})
    by = _tell_officer(work, case, officer, ASSIGNED)
    note(work, case, "handler-notified", detail={**detail, "by": by})


def _officer_now(work: Work, case: Case) -> Officer | None:
    officer = work.session.get(Officer, case.officer_id) if case.officer_id else None
    if officer is None or absence_of(work.session, officer.id, at=work.at) is None:
        return officer
    return deputy_of(work.session, officer, at=work.at) or officer


def _tell_officer(work: Work, case: Case, officer: Officer | None, template: str) -> str:
    """By a text where the officer has a number for that, not by night; the list of cases shows it in any case."""
    if officer is None or officer.reminder_number is None:
        return "list"
    args = {"case": case.id, "officer": officer.id, "template": template, "due": case.due_at.isoformat()}
    key = _key(case, officer, template, work.at)
    promise_all(work.session, [Promise("case-tell-officer", key, daytime(work.at), args)])
    return "sms"


def _key(case: Case, officer: Officer, template: str, at: datetime) -> str:
    return f"case-tell-officer:{case.id}:{officer.id}:{template}:{at.isoformat()}"
