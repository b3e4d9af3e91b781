"""What became of a message: asked where a provider does not report, and followed up where it did not arrive."""

from datetime import timedelta

import structlog

from ivr.charters.owing import judge_text
from ivr.messages.delivery import advance
from ivr.messages.missing import follow_up
from ivr.messages.providers import Blame
from ivr.messages.rows import Message
from ivr.messages.states import FINAL, MISSED, STATE_OF_STATUS
from ivr.orders import AskText, Found, Order, Receipt
from workers.job import Job, Later, back_off

# A provider knows within hours; what it does not know by then it never says.
ASKED_FOR = timedelta(days=1)

log = structlog.get_logger(__name__)


def ask(job: Job) -> Order | None:
    """Ask the provider how far a message is."""
    message = job.session.get_one(Message, job.text("message"))
    if message.state in FINAL or message.sid is None or message.provider is None:
        return None
    return AskText(message.sid, message.written_at, message.provider, message.id)


def told(job: Job, receipt: Receipt) -> Later | None:
    """Keep the answer, and ask again later while the message is on its way."""
    message = job.session.get_one(Message, job.text("message"))
    if isinstance(receipt, Found) and receipt.state in STATE_OF_STATUS:
        state = STATE_OF_STATUS[receipt.state]
        at = receipt.ended_at or job.at
        job.session.execute(advance(message.id, state, receipt.error, at=at))
        job.session.refresh(message)
    if message.state in FINAL:
        come_to_end(job, message)
        return None
    age = job.at - message.written_at
    return Later(job.at + max(back_off(job), age / 2)) if age < ASKED_FOR else None


def over(job: Job) -> None:
    """A report said that a message did not arrive, or that one arrived on which a verdict waits."""
    come_to_end(job, job.session.get_one(Message, job.text("message")))


def come_to_end(job: Job, message: Message) -> None:
    """Read out or write again what did not arrive, by whom its code blames; have what it told judged."""
    judge_text(job.session, message.subject, at=job.at)
    if message.state not in MISSED:
        return
    terms = job.house.providers.providers.get(message.provider or "")
    blame = terms.blame(message.error or "") if terms is not None else Blame.PASSING
    if blame is Blame.SENDER:
        log.error("message not delivered", message=message.id, provider=message.provider, code=message.error)
    follow_up(job.session, job.house.texts, message, blame=blame, at=job.at)
