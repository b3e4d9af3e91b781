"""Promises about consents: taken in calls, told of in texts, worked through by day, asked again before they end."""

from datetime import datetime, timedelta

from ivr.calls.rows import Call
from ivr.consents.forgetting import forget_owed
from ivr.consents.notices import Writer, tell_expiring, tell_recorded
from ivr.consents.recording import Grant, grant
from ivr.consents.rows import Means, NoticeKind, Purpose
from ivr.consents.working_through import next_piece, promise_next_day, promise_piece
from ivr.keeping.erasing import next_night
from ivr.lines.daytime import daytime
from ivr.numbers import PhoneNumber
from ivr.people.finding import known_person, locked_person
from ivr.people.rows import Person
from workers.job import Job, Later

# A piece follows the one before after a breath, so that other texts are not held up by a million of these.
BREATH = timedelta(seconds=2)
CALLER = "caller"
COLLECTED = "consent.source.call"


def take(job: Job) -> None:
    """Enter the consent that somebody gave by a key; the time is that of the key, the evidence call and step."""
    call = job.session.get(Call, job.text("call"))
    if call is None or not isinstance(call.caller, PhoneNumber):
        return
    person = known_person(job.session, call.line, call.caller, at=job.at)
    given = Grant(
        purpose=Purpose(job.text("purpose")),
        how=Means.KEY,
        wording=job.text("wording"),
        evidence=f"call:{call.id}:consent-answered:{job.text('step')}",
        source=job.house.texts.of(call.line).say(COLLECTED).text,
        given_at=datetime.fromisoformat(job.text("given_at")),
        by=CALLER,
    )
    grant(job.session, person.id, given, at=job.at)


def tell(job: Job) -> Later | None:
    """Tell somebody what was recorded of her, by day; nobody is told who was forgotten meanwhile."""
    if daytime(job.at) > job.at:
        return Later(daytime(job.at))
    person = locked_person(job.session, int(job.args["person"]))
    if person is not None:
        tell_recorded(_writer(job, person), person)
    return None


def forget(job: Job) -> Later | None:
    """Forget somebody on whom a legal hold stood when she asked for it; while it stands, look again each night."""
    if forget_owed(job.session, int(job.args["person"]), by=job.text("by"), at=job.at):
        return None
    return Later(next_night(job.at))


def work_through(job: Job) -> Later | None:
    """Tell the next people whom an import brought or whose consent ends soon, and promise the piece after it."""
    if daytime(job.at) > job.at:
        return Later(daytime(job.at))
    kind, after = NoticeKind(job.text("kind")), int(job.args["after"])
    piece = next_piece(job.session, kind, after=after, at=job.at)
    for person_id in sorted(piece.person_ids):
        person = locked_person(job.session, person_id)
        if person is not None:
            (tell_recorded if kind is NoticeKind.GIVEN else tell_expiring)(_writer(job, person), person)
    if piece.after is not None:
        promise_piece(job.session, kind, day=job.at, after=piece.after, at=job.at + BREATH)
    elif kind is NoticeKind.GIVEN:
        promise_piece(job.session, NoticeKind.EXPIRING, day=job.at, after=0, at=job.at + BREATH)
    else:
        promise_next_day(job.session, at=job.at)
    return None


def _writer(job: Job, person: Person) -> Writer:
    house, texts = job.house, job.house.texts.of(person.line)
    return Writer(job.session, texts, house.keyring, house.public_base_url, job.line(person.line), job.at)
