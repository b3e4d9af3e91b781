"""Promises to read a text out by telephone: ring, never twice for one reading, and find out how it went."""

from datetime import timedelta

from ivr.addresses import Address
from ivr.calls.facts import facts_of
from ivr.calls.legs import read_leg
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.orders import Accepted, AskCall, Found, Order, PlaceCall, Receipt, Rejected
from ivr.promises import Promise, promise_all
from ivr.voicing.attempts import are_enough, begin, close, follow, give_up, is_engaged, readings_of
from ivr.voicing.hours import reading_from
from ivr.voicing.rows import Reading, ReadingOutcome
from workers.checks import end_told
from workers.job import Job, Later, back_off

RING_SECONDS = 28
CHECK_EVERY = timedelta(seconds=45)
# Where nothing was ever told of an order without an answer, its telephone rings no more by then.
NOTHING_TOLD = timedelta(minutes=2)
ENGAGED = timedelta(seconds=30)


def read_out(job: Job) -> Order | Later | None:
    """Ring the recipient, if it is the hour for it, nobody else of ours does, and it is still worth it."""
    message = job.session.get_one(Message, job.text("message"))
    readings = readings_of(job.session, message.id)
    if message.state in {MessageState.READ_OUT, MessageState.DELIVERED} or are_enough(readings):
        return None
    if readings and readings[-1].closed_at is None:
        # An earlier order may have rung: it is found out how that went, and nobody is rung again for it.
        _promise_following(job, readings[-1], "doubt", NOTHING_TOLD)
        return None
    starts = reading_from(job.working_time(message.line), job.at) if message.recipient.may_be_called else None
    if starts is None or starts >= message.worth_until:
        give_up(job.session, message, "too-late" if message.recipient.may_be_called else "no-telephone", at=job.at)
        return None
    if starts > job.at:
        return Later(starts)
    if is_engaged(job.session, message.recipient_index):
        return Later(job.at + ENGAGED)
    reading = begin(job.session, message, len(readings) + 1, at=job.at)
    return _ring(job, message, reading) if reading is not None else Later(job.at + ENGAGED)


def _ring(job: Job, message: Message, reading: Reading) -> PlaceCall:
    ids = {"call": message.id, "line": message.line, "leg": reading.leg}
    return PlaceCall(
        to=message.recipient.e164,
        shown=job.line(message.line).numbers[0],
        answer_url=job.house.url(Address.READING, **ids, step=1),
        status_url=job.house.url(Address.READING_STATUS, **ids),
        seconds=RING_SECONDS,
    )


def rung(job: Job, receipt: Receipt) -> Later | None:
    """It rings; or it was refused; or nobody knows, and what is told of it decides."""
    reading = readings_of(job.session, job.text("message"))[-1]
    match receipt:
        case Accepted(sid):
            reading.leg_sid = sid
            _promise_following(job, reading, "rung", CHECK_EVERY)
        case Rejected(permanent=False):
            # Not processed, so that this reading never was; the number is free for others meanwhile.
            job.session.delete(reading)
            return Later(job.at + back_off(job))
        case Rejected(code):
            reading.closed_at, reading.outcome = job.at, ReadingOutcome.FAILED
            give_up(job.session, job.session.get_one(Message, reading.message_id), str(code), at=job.at)
        case _:
            _promise_following(job, reading, "unknown", NOTHING_TOLD)
    return None


def follow_reading(job: Job) -> Order | Later | None:
    """Close a reading whose end was told; ask the carrier about one whose end was not."""
    reading = _reading(job)
    if follow(job.session, reading, at=job.at):
        return None
    sid = reading.leg_sid or read_leg(reading.leg, facts_of(job.session, reading.message_id)).sid
    if sid is not None:
        return AskCall(sid)
    if job.at < reading.made_at + NOTHING_TOLD:
        return Later(reading.made_at + NOTHING_TOLD)
    close(job.session, reading, ReadingOutcome.FAILED, at=job.at)
    return None


def followed(job: Job, receipt: Receipt) -> Later | None:
    """An end that was lost is told now; a leg still there is asked about again."""
    reading = _reading(job)
    if end_told(job, receipt, subject=reading.message_id, leg=reading.leg) is not None:
        follow(job.session, reading, at=job.at)
        return None
    return Later(job.at + (CHECK_EVERY if isinstance(receipt, Found) else min(back_off(job), CHECK_EVERY)))


def _reading(job: Job) -> Reading:
    readings = readings_of(job.session, job.text("message"))
    return next(reading for reading in readings if reading.leg == job.text("leg"))


def _promise_following(job: Job, reading: Reading, why: str, after: timedelta) -> None:
    key = f"follow-reading:{reading.message_id}:{reading.leg}:{why}"
    args = {"message": reading.message_id, "leg": reading.leg}
    promise_all(job.session, [Promise("follow-reading", key, job.at + after, args)])
