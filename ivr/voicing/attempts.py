"""Readings of a message: which may begin, how one ended as told, and whether another follows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.calls.facts import Told, facts_of, tell
from ivr.calls.legs import LegState, read_leg
from ivr.charters.owing import judge_text
from ivr.dialling.engaged import is_attempted, is_calling, is_dialled
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.promises import Promise, insert_for, promise_all
from ivr.voicing.rows import Reading, ReadingOutcome

# Three that rang; what never rang costs nobody a chance, but does not go on for ever either.
MOST_RUNG, MOST_READINGS = 3, 6
PAUSE = timedelta(minutes=10)
OVER = "reading-over"
_BY_STATUS = {
    "busy": ReadingOutcome.BUSY,
    "no-answer": ReadingOutcome.NO_ANSWER,
    "canceled": ReadingOutcome.NO_ANSWER,
    "failed": ReadingOutcome.FAILED,
}


def readings_of(session: Session, message_id: str) -> Sequence[Reading]:
    """The readings of a message, in order."""
    query = select(Reading).where(Reading.message_id == message_id).order_by(Reading.ordinal)
    return session.scalars(query).all()


def are_enough(readings: Sequence[Reading]) -> bool:
    """Whether nobody is rung any more for this message."""
    rung = [reading for reading in readings if reading.outcome is not ReadingOutcome.FAILED]
    return len(rung) >= MOST_RUNG or len(readings) >= MOST_READINGS


def is_engaged(session: Session, number_index: str) -> bool:
    """Whether somebody is in a call to a line of ours, or is being rung by an agent's callback or by a campaign."""
    engaged = is_calling(number_index) | is_attempted(number_index) | is_dialled(number_index)
    return bool(session.scalar(select(engaged)))


def begin(session: Session, message: Message, ordinal: int, *, at: datetime) -> Reading | None:
    """Keep a reading that is about to ring; None while another one has the number's telephone."""
    row = insert_for(session.get_bind().dialect.name, Reading).values(
        message_id=message.id,
        ordinal=ordinal,
        line=message.line,
        number_index=message.recipient_index,
        made_at=at,
    )
    session.execute(row.on_conflict_do_nothing())
    return session.get(Reading, (message.id, ordinal))


def outcome_of(leg: str, facts: Sequence[Told]) -> ReadingOutcome | None:
    """How a reading ended, by what was told of its leg; None while that goes on."""
    told = {fact.kind for fact in facts if fact.leg == leg}
    ended = read_leg(leg, facts)
    if ended.state is not LegState.ENDED or ended.ended is None:
        return None
    if "reading-heard" in told:
        return ReadingOutcome.HEARD
    if "reading-wanted" in told:
        return ReadingOutcome.HUNG_UP
    if ended.went_unserved:
        return ReadingOutcome.FAILED
    status = str(ended.ended.detail.get("status", ""))
    return _BY_STATUS.get(status, ReadingOutcome.VOICEMAIL)


def follow(session: Session, reading: Reading, *, at: datetime) -> bool:
    """Close a reading whose leg has ended, and promise the next one where that helps; whether it is closed."""
    if reading.closed_at is None:
        outcome = outcome_of(reading.leg, facts_of(session, reading.message_id))
        if outcome is not None:
            close(session, reading, outcome, at=at)
    return reading.closed_at is not None


def close(session: Session, reading: Reading, outcome: ReadingOutcome, *, at: datetime) -> None:
    """A reading is over: another one follows after a pause, as long as the message is worth it."""
    reading.closed_at, reading.outcome = at, outcome
    message = session.get_one(Message, reading.message_id)
    if outcome is ReadingOutcome.HEARD or message.state in {MessageState.READ_OUT, MessageState.DELIVERED}:
        judge_text(session, message.subject, at=at)
        return
    if are_enough(readings_of(session, message.id)) or at + PAUSE >= message.worth_until:
        give_up(session, message, outcome.value, at=at)
        return
    key = f"read-out:{message.id}:{reading.ordinal + 1}"
    promise_all(session, [Promise("read-out", key, at + PAUSE, {"message": message.id})])


def give_up(session: Session, message: Message, why: str, *, at: datetime) -> None:
    """Nobody was reached who would hear it: kept as a fact, once."""
    fact = Told(message.id, OVER, OVER, "reading", at, detail={"why": why})
    tell(session.connection(), fact)
    judge_text(session, message.subject, at=at)
