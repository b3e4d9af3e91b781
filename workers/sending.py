"""Sending a message: one order to one provider at a time, looked up where it was not answered, never doubled."""

from datetime import timedelta

import structlog

from ivr.addresses import Address
from ivr.billing.noting import note_text
from ivr.charters.owing import judge_text
from ivr.lines.hours import SEOUL
from ivr.lines.senders import unfit
from ivr.messages.attempts import another_is_free, begin_attempt, body_for, close_attempt, open_attempt, sids_of_others
from ivr.messages.delivery import advance
from ivr.messages.missing import UNANSWERED, follow_up, template_of
from ivr.messages.providers import Blame
from ivr.messages.rows import Message, MessageAttempt
from ivr.messages.states import FINAL, STATE_OF_STATUS, AttemptOutcome, MessageState
from ivr.messages.writing import OPTED_OUT, promise_reading, refused
from ivr.orders import Accepted, FindText, Found, Order, Receipt, Rejected, SendText
from ivr.promises import Promise, promise_all
from workers.job import Job, Later, back_off

CLOCK_TOLERANCE = timedelta(minutes=5)
# Connecting and answering may take 10 s each, and a list may lag behind; only later is "not there" a proof.
PROVEN_AFTER = timedelta(seconds=30)
# A provider that does not even say for a day whether it has a message: nothing more is learnt.
LONGEST_DOUBT = timedelta(days=1)
LONGEST_VALIDITY = timedelta(hours=10)
FIRST_QUESTION = timedelta(seconds=2)
# A provider reports once; while we were down nobody heard it. Where nothing waits for it there is time.
REPORT_OVERDUE, REPORT_LOST = timedelta(minutes=2), timedelta(minutes=10)
TOO_LATE, NO_PROVIDER = "too late", "too long for every provider"

# Told with the address, so that reports on other texts need no further work.
JUDGED = frozenset({"callback", "document", "case"})

log = structlog.get_logger(__name__)


def send(job: Job) -> Order | Later | None:
    """Send a message, or, where an earlier order got no answer, first look whether it was sent."""
    message = job.session.get_one(Message, job.text("message"))
    doubtful = open_attempt(job.session, message)
    if message.state is not MessageState.WRITTEN:
        if doubtful is not None:  # its report came, though its answer did not
            close_attempt(doubtful, AttemptOutcome.ACCEPTED, at=job.at)
            note_text(job.session, message, line=job.line(message.line), at=job.at)
        return None
    if doubtful is not None:
        return _look(job, message, doubtful)
    hindered = _hindrance(job, message)
    attempt = None if hindered else begin_attempt(job.session, message, job.house.providers, at=job.at)
    if attempt is None:
        _stop(job, message, hindered or (MessageState.FAILED, NO_PROVIDER))
        return None
    return SendText(
        to=message.recipient.e164,
        sender=job.line(message.line).texts.sender,
        body=body_for(message, job.house.providers[attempt.provider]),
        status_url=job.house.url(Address.MESSAGE_STATUS, message=message.id, about=_judged(message)),
        seconds=int(min(message.worth_until - job.at, LONGEST_VALIDITY).total_seconds()) or 1,
        provider=attempt.provider,
        reference=message.id,
    )


def _judged(message: Message) -> str | None:
    """The kind of subject of which a verdict waits for the message's end; nothing for a call's receipt."""
    kind = message.subject.partition(":")[0]
    return kind if kind in JUDGED else None


def _look(job: Job, message: Message, doubtful: MessageAttempt) -> Order | Later | None:
    if job.at > doubtful.made_at + LONGEST_DOUBT:
        log.error("message in doubt", message=message.id, provider=doubtful.provider)
        _stop(job, message, (MessageState.FAILED, UNANSWERED))
        return None
    terms = job.house.providers.providers.get(doubtful.provider)
    if terms is None:
        return Later(job.at + back_off(job), in_doubt=True)
    since = doubtful.made_at - CLOCK_TOLERANCE
    return FindText(
        to=message.recipient.e164,
        body=body_for(message, terms),
        since=since,
        provider=doubtful.provider,
        reference=message.id,
        others=sids_of_others(job.session, message, since=since - LONGEST_DOUBT),
    )


def _hindrance(job: Job, message: Message) -> tuple[MessageState, str] | None:
    """Why a message that was worth writing is not sent now."""
    if job.at > message.worth_until:
        return MessageState.EXPIRED, TOO_LATE
    template = template_of(job.house.texts, message)
    if template is not None and refused(job.session, message, template):
        return MessageState.SUPPRESSED, OPTED_OUT
    line = job.line(message.line)
    why = unfit(line.texts.sender, line.texts.senders, today=job.at.astimezone(SEOUL).date())
    if why is None:
        return None
    log.error("message not sent", message=message.id, line=line.id, reason=why)
    return MessageState.FAILED, why


def _stop(job: Job, message: Message, hindered: tuple[MessageState, str]) -> None:
    """End a message that nobody has; one that is refused since is read out where its template allows."""
    state, why = hindered
    job.session.execute(advance(message.id, state, why))
    judge_text(job.session, message.subject, at=job.at)
    template = template_of(job.house.texts, message)
    if template is not None and template.voice and why == OPTED_OUT:
        promise_reading(job.session, message, job.at)


def sent(job: Job, receipt: Receipt) -> Later | None:
    """Keep what the provider said; only an order that proved not carried out is given again, here or elsewhere."""
    message = job.session.get_one(Message, job.text("message"))
    attempt = open_attempt(job.session, message)
    if attempt is None:
        _answered_late(job, message, receipt)
        return None
    match receipt:
        case Accepted(sid):
            _taken(job, message, attempt)
            job.session.execute(advance(message.id, MessageState.QUEUED, sid=sid))
        case Found():
            _taken(job, message, attempt)
            _found(job, message, receipt)
        case Rejected(code, reason, permanent=True) if not job.in_doubt:
            _refusal(job, message, attempt, (str(code), reason))
        case Rejected():
            return _put_off(job, message, attempt, receipt)
        case _:
            attempt.unanswered = True
            return Later(job.at + back_off(job), in_doubt=True)
    return None


def _answered_late(job: Job, message: Message, receipt: Receipt) -> None:
    """The answer to an order that somebody else has looked up since: its id is kept."""
    if isinstance(receipt, Accepted):
        job.session.execute(advance(message.id, MessageState.QUEUED, sid=receipt.sid))


def _found(job: Job, message: Message, found: Found) -> None:
    """It was sent unheard, and may have come to its end since."""
    state = STATE_OF_STATUS.get(found.state, MessageState.QUEUED)
    job.session.execute(advance(message.id, state, found.error, at=found.ended_at or job.at, sid=found.sid))
    if state in FINAL:
        over = Promise("text-over", f"text-over:{message.id}:found", job.at, {"message": message.id})
        promise_all(job.session, [over])


def _taken(job: Job, message: Message, attempt: MessageAttempt) -> None:
    """The provider has it. One that does not report is asked at once; one that does, when its report is overdue."""
    close_attempt(attempt, AttemptOutcome.ACCEPTED, at=job.at)
    note_text(job.session, message, line=job.line(message.line), at=job.at)
    if not job.house.providers[attempt.provider].reports:
        asked_at = job.at + FIRST_QUESTION
    else:
        asked_at = job.at + (REPORT_OVERDUE if _is_awaited(job, message) else REPORT_LOST)
    promise_all(job.session, [Promise("ask-text", f"ask-text:{message.id}", asked_at, {"message": message.id})])


def _is_awaited(job: Job, message: Message) -> bool:
    """Whether a verdict, or the reading by telephone, waits for the message's end."""
    template = template_of(job.house.texts, message)
    return _judged(message) is not None or (template is not None and template.voice)


def _refusal(job: Job, message: Message, attempt: MessageAttempt, told: tuple[str, str]) -> None:
    """Refused for good: the telephone takes no texts, or we did something wrong, which somebody must look at."""
    code, reason = told
    close_attempt(attempt, AttemptOutcome.REFUSED, at=job.at, error=code)
    job.session.execute(advance(message.id, MessageState.FAILED, code))
    judge_text(job.session, message.subject, at=job.at)
    if job.house.providers[attempt.provider].blame(code) is Blame.RECIPIENT:
        follow_up(job.session, job.house.texts, message, blame=Blame.RECIPIENT, at=job.at)
    else:
        log.error("message refused", message=message.id, provider=attempt.provider, code=code, reason=reason[:100])


def _put_off(job: Job, message: Message, attempt: MessageAttempt, receipt: Rejected) -> Later:
    """Busy or out of reach: another provider at once. A look-up proves something only by finding nothing, in time."""
    if not job.in_doubt:
        close_attempt(attempt, AttemptOutcome.BUSY, at=job.at, error=str(receipt.code or "unreachable"))
        free = another_is_free(job.session, message, job.house.providers, at=job.at)
        return Later(job.at if free else job.at + back_off(job))
    if not receipt.gone:
        return Later(job.at + back_off(job), in_doubt=True)
    proven_at = attempt.made_at + PROVEN_AFTER
    if job.at < proven_at:
        return Later(proven_at, in_doubt=True)
    attempt.unanswered = True
    close_attempt(attempt, AttemptOutcome.NOT_SENT, at=job.at)
    return Later(job.at)
