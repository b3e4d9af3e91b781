"""Promises about a campaign's dials: their end is followed, silence asked after, and a withdrawal ends them."""

from datetime import timedelta

from ivr.calls.facts import facts_of
from ivr.calls.legs import LegState, read_leg
from ivr.campaigns.following import follow
from ivr.campaigns.reconciling import SURELY_LISTED, UNSETTLED, absent, give_up, known_sids, open_dials_of, stopped
from ivr.campaigns.retrying import PERSON
from ivr.campaigns.rows import Dial
from ivr.orders import AskCall, EndCall, FindCall, Found, Order, Receipt, Rejected
from ivr.people.rows import Person
from workers.checks import end_told
from workers.job import Job, Later, back_off
from workers.verdicts import promise_survey

CHECK_EVERY = timedelta(seconds=45)
# Of a dial that is just being ordered there is nothing to end yet.
NOT_YET = timedelta(seconds=1)
LOOKS = 3
# Who refused by a key hears a goodbye, and the talk ends by itself.
REFUSED = "survey-refused"


def follow_dial(job: Job) -> None:
    """Close a dial whose end was told, or bring a closed one up to what was answered since."""
    _is_closed(job)


def check_dial(job: Job) -> Order | Later | None:
    """Ask the carrier about a dial: by its id there, or by the two numbers where its order had no answer."""
    if _is_closed(job):
        return None
    dial = job.session.get_one(Dial, job.text("dial"))
    if dial.call_sid is not None:
        return AskCall(dial.call_sid)
    if job.at < dial.dialled_at + SURELY_LISTED:
        return Later(dial.dialled_at + SURELY_LISTED)
    number = job.session.get_one(Person, dial.person_id).number
    if number is None:
        # Erased meanwhile: nobody can be rung by it, and what was rung is told.
        return None if _given_up(job) else Later(job.at + CHECK_EVERY)
    return FindCall(
        to=number.e164,
        shown=job.line(dial.line).numbers[0],
        since=dial.dialled_at,
        until=dial.dialled_at + UNSETTLED,
        others=known_sids(job.session, dial.number_index, dial.dialled_at),
    )


def dial_checked(job: Job, receipt: Receipt) -> Later | None:
    """An end that was lost is told now; a call that surely never was gives the turn back; else it is asked again."""
    dial_id = job.text("dial")
    if _is_closed(job):
        return None
    dial = job.session.get_one(Dial, dial_id)
    if isinstance(receipt, Rejected) and receipt.gone and dial.call_sid is None:
        return None if absent(job.session, dial_id, at=job.at) else Later(job.at + CHECK_EVERY)
    if isinstance(receipt, Found):
        dial.call_sid = receipt.sid
        job.session.flush()
    if end_told(job, receipt, subject=dial_id, leg=PERSON) is not None and _is_closed(job):
        return None
    if not isinstance(receipt, Found) and _given_up(job):
        return None
    return Later(job.at + (CHECK_EVERY if isinstance(receipt, Found) else min(back_off(job), CHECK_EVERY)))


def stop_dials(job: Job) -> Order | Later | None:
    """Somebody withdrew: no turn is left where that forbids it, and a leg that rings or talks for it is ended."""
    person = int(job.args["person"])
    refused = stopped(job.session, person, at=job.at)
    dials = [dial for dial in open_dials_of(job.session, person) if dial.campaign_id in refused]
    for dial in dials:
        facts = facts_of(job.session, dial.id)
        sid = dial.call_sid or read_leg(PERSON, facts).sid
        if any(fact.kind == REFUSED for fact in facts) or read_leg(PERSON, facts).state is LegState.ENDED:
            continue
        # One that is being ordered at this moment, or without an answer, is looked at again.
        return EndCall(sid) if sid else Later(job.at + back_off(job))
    # A dial that was begun in the same moment may be written a little later.
    return Later(job.at + NOT_YET) if job.attempts < LOOKS else None


def dials_stopped(job: Job, _receipt: Receipt) -> Later | None:
    """Whether the leg ended is told by it; look once more, for another one."""
    return Later(job.at + back_off(job))


def _is_closed(job: Job) -> bool:
    is_closed = follow(job.session, job.text("dial"), calendar=job.house.calendar, at=job.at)
    if is_closed:
        promise_survey(job, job.text("dial"))
    return is_closed


def _given_up(job: Job) -> bool:
    has_ended = give_up(job.session, job.text("dial"), at=job.at)
    if has_ended:
        promise_survey(job, job.text("dial"))
    return has_ended
