"""Promises about text messages: write them from templates, send them once, find out what became of them."""

from datetime import timedelta

from ivr.addresses import Address
from ivr.agents.rows import Agent
from ivr.calls.known import load
from ivr.calls.record import talked
from ivr.calls.rows import Call, CallbackWish
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line
from ivr.messages.delivery import advance
from ivr.messages.rows import STATE_OF_STATUS, Message, MessageState
from ivr.messages.texts import Template
from ivr.numbers import PhoneNumber
from ivr.orders import Accepted, FindText, Found, Order, Receipt, Rejected, SendText
from ivr.promises import Promise, promise_all
from workers.job import Job, Later, back_off

# A receipt that comes hours late confuses more than it helps.
WORTH_SENDING = timedelta(hours=1)
CLOCK_TOLERANCE = timedelta(minutes=5)


def receipt(job: Job) -> None:
    """After an answered call: institution, receipt number, the agent's affiliation and name, the number."""
    call = job.session.get_one(Call, job.text("call"))
    known = load(job.session, call.id)
    met = talked(known.offers, known.facts)
    if not met or call.caller is None or not call.caller.takes_texts:
        return
    agent = job.session.get_one(Agent, met[-1].agent_id)
    line = job.line(call.line)
    template = job.house.texts.template(line.texts.receipt)
    body = template.fill(
        institution=line.institution,
        receipt=call.receipt_number,
        department=agent.department,
        name=agent.name,
        title=agent.title,
        number=_public_number(line),
        date=f"{call.arrived_at.astimezone(SEOUL):%Y-%m-%d %H:%M}",
    )
    write_text(job, f"{call.id}-receipt", call.caller, written=(template, body))


def inform(job: Job) -> None:
    """Information that the caller asked for by key."""
    call = job.session.get_one(Call, job.text("call"))
    line = job.line(call.line)
    template = job.house.texts.template(job.text("template"))
    if call.caller is not None and call.caller.takes_texts:
        body = template.fill(institution=line.institution, number=_public_number(line))
        write_text(job, f"{call.id}-{template.id}", call.caller, written=(template, body))


def confirm_wish(job: Job) -> None:
    """A wish to be called back is confirmed in writing to the number that will be called."""
    call = job.session.get_one(Call, job.text("call"))
    wish = job.session.get_one(CallbackWish, call.id)
    line = job.line(call.line)
    if not wish.number.takes_texts:
        return
    template = job.house.texts.template(line.texts.callback)
    body = template.fill(
        institution=line.institution,
        receipt=call.receipt_number,
        masked=wish.number.masked,
        number=_public_number(line),
    )
    write_text(job, f"{call.id}-wish", wish.number, written=(template, body))


def _public_number(line: Line) -> str:
    return PhoneNumber.parse(line.number).national


def write_text(job: Job, message_id: str, recipient: PhoneNumber, *, written: tuple[Template, str]) -> None:
    """Keep the message as it will be sent, and promise to send it; the same id is the same message."""
    if job.session.get(Message, message_id) is not None:
        return
    template, body = written
    call = job.session.get_one(Call, job.text("call"))
    job.session.add(
        Message(
            id=message_id,
            call_id=call.id,
            line=call.line,
            template=f"{template.id}/{template.version}",
            recipient=recipient,
            recipient_index=job.house.keyring.index(recipient),
            body=body,
            written_at=job.at,
        )
    )
    promise_all(job.session, [Promise("text", f"text:{message_id}", job.at, {"message": message_id})])


def send(job: Job) -> Order | None:
    """Send a message, or, where an earlier order got no answer, first look whether it was sent."""
    message = job.session.get_one(Message, job.text("message"))
    if message.state is not MessageState.WRITTEN:
        return None
    if job.at > message.written_at + WORTH_SENDING and not job.in_doubt:
        job.session.execute(advance(message.id, MessageState.FAILED, "too late"))
        return None
    if job.in_doubt:
        return FindText(message.recipient.e164, message.body, message.written_at - CLOCK_TOLERANCE)
    return SendText(
        to=message.recipient.e164,
        sender=job.line(message.line).texts.sender,
        body=message.body,
        status_url=job.house.url(Address.MESSAGE_STATUS, message=message.id),
        seconds=int(WORTH_SENDING.total_seconds()),
    )


def sent(job: Job, receipt: Receipt) -> Later | None:
    """Keep the carrier's id; a refusal ends it, an unanswered order is looked up before it is repeated."""
    message = job.session.get_one(Message, job.text("message"))
    match receipt:
        case Accepted(sid):
            message.sid = message.sid or sid
            job.session.execute(advance(message.id, MessageState.QUEUED))
        case Found(sid, state, _):
            message.sid = message.sid or sid
            job.session.execute(advance(message.id, STATE_OF_STATUS.get(state, MessageState.QUEUED)))
        case Rejected(code, _, permanent=True) if not job.in_doubt:
            job.session.execute(advance(message.id, MessageState.FAILED, str(code)))
        case Rejected():
            # Only a look-up that found nothing clears the doubt; one that failed leaves it standing.
            return Later(job.at + back_off(job), in_doubt=job.in_doubt and not receipt.gone)
        case _:
            return Later(job.at + back_off(job), in_doubt=True)
    return None
