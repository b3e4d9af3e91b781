"""What becomes of a message that did not arrive: it is read out, written again for another provider, or left."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from ivr.messages.providers import Blame
from ivr.messages.rows import LONGEST_ID, Message
from ivr.messages.states import MISSED, RANK, MessageState
from ivr.messages.texts import Template, Texts
from ivr.messages.writing import promise_reading, promise_sending

MOST_REPETITIONS = 2
# A telephone that is switched off is not on again a second later.
PAUSE, NO_PAUSE = timedelta(minutes=2), timedelta()
MARK = "~"
# For a message whose template has left the file since.
WORTH_ELSE = timedelta(hours=1)
# The error of a message of which its provider never said whether it has it.
UNANSWERED = "no provider said what became of it"


class NotProven(Exception):
    """The message may have arrived, or still may: it is not written again."""


def follow_up(session: Session, texts: Texts, message: Message, *, blame: Blame, at: datetime) -> None:
    """After it proved not delivered: by telephone where the template allows, or again while it is worth it."""
    template = template_of(texts, message)
    if blame is Blame.RECIPIENT and template is not None and template.voice:
        promise_reading(session, message, at)
    elif blame is Blame.PASSING and at < message.worth_until and repetitions(message) < MOST_REPETITIONS:
        pause = PAUSE * (repetitions(message) + 1)
        write_again(session, message, at=at, worth_until=message.worth_until, pause=pause)


def retry(session: Session, texts: Texts, message: Message, *, at: datetime) -> Message:
    """Write a message anew because somebody asks for it; raises `NotProven` where it may have arrived."""
    template = template_of(texts, message)
    return write_again(session, message, at=at, worth_until=at + (template.worth if template else WORTH_ELSE))


def template_of(texts: Texts, message: Message) -> Template | None:
    """The template of a message; None where it has left the file since."""
    return texts.of(message.line).templates.get(message.template.partition("/")[0])


def repetitions(message: Message) -> int:
    """How many messages were written before this one, for the same thing."""
    _, mark, number = message.id.rpartition(MARK)
    return int(number) - 1 if mark and number.isdigit() else 0


def write_again(
    session: Session, message: Message, *, at: datetime, worth_until: datetime, pause: timedelta = NO_PAUSE
) -> Message:
    """Write the same text anew, once, to be sent after `pause`.

    Raises `NotProven` unless it is sure that nobody has it or will get it.
    """
    if message.state not in MISSED:
        raise NotProven(f"message {message.id} is {message.state}: only what did not arrive is written again")
    if message.error == UNANSWERED:
        raise NotProven(f"message {message.id} may have arrived, {UNANSWERED}: ask its recipient, or the provider")
    first = message.again_of or message.id
    ending = f"{MARK}{repetitions(message) + 2}"
    id = first[: LONGEST_ID - len(ending)] + ending
    known = session.get(Message, id)
    if known is not None:
        return known
    again = Message(
        id=id,
        call_id=message.call_id,
        subject=message.subject,
        line=message.line,
        template=message.template,
        recipient=message.recipient,
        recipient_index=message.recipient_index,
        body=message.body,
        mended=message.mended,
        state=MessageState.WRITTEN,
        rank=RANK[MessageState.WRITTEN],
        attempts=0,
        again_of=first,
        written_at=at,
        worth_until=worth_until,
    )
    session.add(again)
    session.flush()
    promise_sending(session, again, at + pause)
    return again
