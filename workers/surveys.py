"""Promises about interviews: the ledger after a refusal, the link, the call back, and tasks after low scores."""

from datetime import datetime, timedelta

from sqlalchemy import select

from ivr.callbacks.asking import Wish, ask_callback
from ivr.callbacks.rows import Origin
from ivr.calls.facts import Told, facts_of
from ivr.calls.rows import Call
from ivr.campaigns.rows import Campaign
from ivr.consents.recording import Revocation, withdraw
from ivr.consents.rows import Means
from ivr.directory.asking import in_charge, supervisor_of
from ivr.identifiers import callback_id
from ivr.lines.hours import SEOUL
from ivr.messages.writing import Outgoing, write_message
from ivr.people.finding import person_with
from ivr.people.rows import Person
from ivr.surveys.connecting import CALL_LATER
from ivr.surveys.copies import questionnaire_of
from ivr.surveys.following_up import open_follow_ups
from ivr.surveys.interviews import REFUSED, as_checked, ended
from ivr.surveys.links import LINKS_LAST, form_path
from ivr.surveys.model import Questionnaire
from ivr.surveys.rows import FollowUp, Interview, InterviewOrigin
from workers.job import Job, Later

CALLER_HERSELF = "caller"
# A caller who asked for a person while rating may still wait, or talk.
LOOK_AGAIN = timedelta(minutes=10)


def refuse(job: Job) -> None:
    """Somebody pressed the key, or the button of the form: everything agreed to is taken back in the ledger."""
    interview = job.session.get_one(Interview, job.text("interview"))
    person = _asked(job, interview)
    if person is None or person.erased_at is not None:
        return
    told = next(fact for fact in _facts(job, interview) if fact.kind == REFUSED)
    means = Means.WEB if told.detail.get("web") else Means.KEY
    revoked = Revocation(means, f"{interview.origin.value}:{told.subject}:{told.key}", CALLER_HERSELF)
    withdraw(job.session, person.id, revoked, at=told.received_at)


def send_link(job: Job) -> None:
    """Write the text with the link to the form of this interview."""
    interview = job.session.get_one(Interview, job.text("interview"))
    person = _asked(job, interview)
    if person is None or person.number is None:
        return
    asked = questionnaire_of(job.session, interview.questionnaire, interview.version, installed=job.house.surveys)
    values = {
        "survey": asked.title,
        "link": job.house.public_base_url + form_path(job.house.keyring, interview.id),
        "until": f"{(interview.began_at + LINKS_LAST).astimezone(SEOUL):%Y-%m-%d %H:%M}",
    }
    outgoing = Outgoing(
        id=f"survey-link-{interview.id}",
        line=job.line(interview.line),
        to=person.number,
        template=_template(job, interview, asked),
        subject=f"interview:{interview.id}",
        values=values,
    )
    write_message(job.session, job.house.texts, outgoing, at=job.at)


def _template(job: Job, interview: Interview, asked: Questionnaire) -> str:
    """An advertisement says so in the text as well, with the number at which it is refused free of charge."""
    terms = job.session.scalar(select(Campaign.terms).where(Campaign.id == interview.campaign_id))
    kind = as_checked(job.house.surveys.kind_of(asked), terms)
    return "survey-link-advertisement" if kind.needs_ad_label else "survey-link"


def call_back(job: Job) -> None:
    """Nobody was there to talk to: promise the call by the time that was told."""
    interview = job.session.get_one(Interview, job.text("interview"))
    person = _asked(job, interview)
    if person is None or person.number is None:
        return
    told = next(fact for fact in _facts(job, interview) if fact.kind == CALL_LATER)
    wish = Wish(
        id=callback_id(f"interview:{interview.id}"),
        line=job.line(interview.line),
        team=job.text("team"),
        origin=Origin.MENU,
        number=person.number,
        due_at=datetime.fromisoformat(told.detail["due"]),
    )
    ask_callback(job.session, wish, calendar=job.house.calendar, at=told.received_at)


def close_interview(job: Job) -> Later | None:
    """Open a task for each low score, and write to whoever watches over the line, once."""
    interview = job.session.get(Interview, job.text("interview"))
    if interview is None:
        return None
    asked = questionnaire_of(job.session, interview.questionnaire, interview.version, installed=job.house.surveys)
    goes_on = interview.origin is InterviewOrigin.CALL and interview.ended_at is None
    if goes_on:
        # The caller may have hung up while rating.
        gone = job.session.scalar(select(Call.ended_at).where(Call.id == interview.call_id))
        if gone is not None:
            job.session.execute(ended(interview.id, gone))
            goes_on = False
    tasks = open_follow_ups(job.session, interview, asked, at=job.at)
    if tasks:
        _tell_officer(job, interview, tasks[0])
    return Later(job.at + LOOK_AGAIN) if goes_on else None


def _tell_officer(job: Job, interview: Interview, task: FollowUp) -> None:
    line = job.line(interview.line)
    officer = supervisor_of(job.session, line, at=job.at)
    if officer is None or officer.reminder_number is None:
        team = line.surveys.agent_team or line.team
        officer = in_charge(job.session, line, team=team, at=job.at)
    if officer is None or officer.reminder_number is None:
        return
    outgoing = Outgoing(
        id=f"survey-low-{interview.id}",
        line=line,
        to=officer.reminder_number,
        template="survey-low-score",
        subject=f"interview:{interview.id}",
        values={"score": str(task.score), "receipt": interview.id},
    )
    write_message(job.session, job.house.texts, outgoing, at=job.at)


def _asked(job: Job, interview: Interview) -> Person | None:
    """Who is asked: the person of the campaign, or whoever of that institution has the caller's number."""
    if interview.person_id is not None:
        return job.session.get(Person, interview.person_id)
    caller = job.session.scalar(select(Call.caller).where(Call.id == interview.call_id))
    return person_with(job.session, interview.line, caller) if caller is not None else None


def _facts(job: Job, interview: Interview) -> list[Told]:
    subject = interview.id if interview.origin is InterviewOrigin.CAMPAIGN else str(interview.call_id)
    return facts_of(job.session, subject)
