"""Writing a message: kept in the transaction of its cause, with the promise to send it or why it is not sent."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from ivr.lines.model import Line
from ivr.messages.rows import Message
from ivr.messages.signs import Mended, mend
from ivr.messages.size import measure
from ivr.messages.states import RANK, MessageState
from ivr.messages.texts import Template, Texts, framed
from ivr.numbers import PhoneNumber
from ivr.optouts.asking import OPT_OUT_DONE, opted_out
from ivr.promises import Promise, promise_all
from ivr.sealing import index_of

NO_TEXTS, TOO_LONG, OPTED_OUT, NO_REFUSAL = "no-texts", "too-long", "opted-out", "no-refusal-number"
# What is wrong with the text or the telephone, not with the wish to be told: the telephone can still be rung.
SPOKEN_INSTEAD = frozenset({NO_TEXTS, TOO_LONG, OPTED_OUT})
CALL = "call:"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be written: the same `id` is the same message. `subject` is `KIND:ID`, like `callback:...`."""

    id: str
    line: Line
    to: PhoneNumber
    template: str
    subject: str
    values: Mapping[str, str] = field(default_factory=dict)


def write_message(session: Session, texts: Texts, outgoing: Outgoing, *, at: datetime) -> Message:
    """Keep the message and promise to send it, or say on its row why it is not sent; never twice for one id.

    A recipient who takes no texts or refused them is no error: see `Message.state` and `error`. Where the
    template allows it, the text is read out by telephone instead. Raises `BadText` for a value that is missing.
    """
    known = session.get(Message, outgoing.id)
    if known is not None:
        return known
    template = texts.of(outgoing.line.id).template(outgoing.template)
    body = worded(template, outgoing)
    message = Message(
        id=outgoing.id,
        call_id=outgoing.subject.removeprefix(CALL) if outgoing.subject.startswith(CALL) else None,
        subject=outgoing.subject,
        line=outgoing.line.id,
        template=f"{template.id}/{template.version}",
        recipient=outgoing.to,
        recipient_index=index_of(session, outgoing.to),
        body=body.text,
        mended=body.note,
        state=MessageState.WRITTEN,
        rank=RANK[MessageState.WRITTEN],
        attempts=0,
        written_at=at,
        worth_until=at + template.worth,
    )
    _decide(session, message, template, outgoing.line)
    session.add(message)
    session.flush()
    if message.state is MessageState.WRITTEN:
        promise_sending(session, message, at)
    elif template.voice and message.error in SPOKEN_INSTEAD:
        promise_reading(session, message, at)
    return message


def promise_sending(session: Session, message: Message, at: datetime) -> None:
    """Promise to send a message that is written."""
    promise_all(session, [Promise("text", f"text:{message.id}", at, {"message": message.id})])


def promise_reading(session: Session, message: Message, at: datetime) -> None:
    """Promise to read a message out by telephone, once."""
    promise_all(session, [Promise("read-out", f"read-out:{message.id}", at, {"message": message.id})])


def refused(session: Session, message: Message, template: Template) -> bool:
    """Whether the recipient refuses such messages at this moment; what confirms a refusal is told in spite of it."""
    if template.id == OPT_OUT_DONE:
        return False
    return opted_out(session, message.recipient_index, message.line, kind=template.kind)


def worded(template: Template, outgoing: Outgoing) -> Mended:
    """The text as it would be sent; raises `BadText` for a value that is missing."""
    line = outgoing.line
    own = {"institution": line.institution, "number": PhoneNumber.parse(line.number).national}
    values = {name: value for name, value in own.items() if name in template.fields} | dict(outgoing.values)
    # A value of several lines must not look like lines of ours.
    body = template.fill(**{name: " ".join(value.split()) for name, value in values.items()})
    return mend(framed(template, body, sender=f"{line.institution} {own['number']}", refusal=line.texts.refusal_number))


def _decide(session: Session, message: Message, template: Template, line: Line) -> None:
    """Leave it written, or say on its row why it is not sent."""
    state, why = MessageState.FAILED, hindrance(message.recipient, message.body, template, line=line)
    if why is None and refused(session, message, template):
        state, why = MessageState.SUPPRESSED, OPTED_OUT
    if why is not None:
        message.state, message.rank, message.error = state, RANK[state], why


def hindrance(to: PhoneNumber, body: str, template: Template, *, line: Line) -> str | None:
    """Why a text cannot be sent to this number, whatever its owner wishes; None where it can."""
    if not to.takes_texts:
        return NO_TEXTS
    if measure(body).kind == "too long":
        return TOO_LONG
    if template.kind == "advertisement" and line.texts.refusal_number is None:
        return NO_REFUSAL
    return None
